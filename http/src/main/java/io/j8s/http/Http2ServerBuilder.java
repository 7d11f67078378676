package io.j8s.http;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/// Puts the codec of a server's HTTP/2 connection together.
final class Http2ServerBuilder extends AbstractHttp2ConnectionHandlerBuilder<Http2ServerConnection, Http2ServerBuilder> {

    /// Clients cancel watches by resets; so many in 30 s are no attack. (Attacks are bounded by the count of running handlers.)
    private static final int MOST_RESETS_PER_30_S = 20_000;

    private final ServerCore core;
    private final ConnectionInfo info;

    Http2ServerBuilder(ServerCore core, ConnectionInfo info) {
        this.core = core;
        this.info = info;
    }

    static Http2ServerConnection connection(ServerCore core, ConnectionInfo info) {
        DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
        connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(core.limits().streamsPerConnection())
                .initialWindowSize(Http2ServerConnection.STREAM_WINDOW_BYTES)
                .maxHeaderListSize(core.limits().headerBytes());
        return new Http2ServerBuilder(core, info)
                .connection(connection)
                .initialSettings(settings)
                .gracefulShutdownTimeoutMillis(-1)
                .decoderEnforceMaxRstFramesPerWindow(MOST_RESETS_PER_30_S, 30)
                .encoderEnforceMaxRstFramesPerWindow(MOST_RESETS_PER_30_S, 30)
                .build();
    }

    @Override
    protected Http2ServerConnection build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        return new Http2ServerConnection(core, info, decoder, encoder, settings);
    }
}
