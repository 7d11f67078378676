package io.j8s.etcd;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A collector of spans (OpenTelemetry protocol, `opentelemetry.proto.collector.trace.v1.TraceService` over gRPC). Calls block; any thread may call.
public final class TraceCollector implements AutoCloseable {

    private static final MethodDescriptor<byte[], byte[]> EXPORT = Calls.unary("opentelemetry.proto.collector.trace.v1.TraceService/Export");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int WITHIN = 1;
    private static final int SERVER = 2;
    private static final int ERROR = 2;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("traces", true), NioIoHandler.newFactory());
    private final ManagedChannel channel;

    public TraceCollector(String host, int port) {
        this.channel = NettyChannelBuilder.forAddress(host, port).eventLoopGroup(loop).channelType(NioSocketChannel.class).usePlaintext().directExecutor().build();
    }

    /// @param traceId 16 bytes; `spanId`, `parentId` 8 (or none)
    /// @param attributes texts and whole numbers
    /// @param linkedTraceId, linkedSpanId empty for no link
    public record Span(
            byte[] traceId, byte[] spanId, byte[] parentId, String name, boolean server, long startNanos, long endNanos, Map<String, Object> attributes, byte[] linkedTraceId, byte[] linkedSpanId,
            boolean failed) {

        private Message message() {
            Message message = new Message().bytes(1, traceId).bytes(2, spanId).bytes(4, parentId).bytes(5, utf8(name)).number(6, server ? SERVER : WITHIN)
                    .fixed(7, startNanos).fixed(8, endNanos);
            attributes.forEach((key, value) -> message.message(9, attribute(key, value)));
            if (linkedTraceId.length > 0) {
                message.message(13, new Message().bytes(1, linkedTraceId).bytes(2, linkedSpanId));
            }
            return failed ? message.message(15, new Message().number(3, ERROR)) : message;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Message attribute(String key, Object value) {
        Message any = value instanceof Long number ? new Message().always(3, number) : new Message().always(1, utf8(String.valueOf(value)));
        return new Message().bytes(1, utf8(key)).message(2, any);
    }

    /// @param resource what is said of the whole process
    /// @throws IOException when they did not arrive
    public void export(Map<String, Object> resource, String scope, List<Span> spans) throws IOException {
        Message about = new Message();
        resource.forEach((key, value) -> about.message(1, attribute(key, value)));
        Message of = new Message().message(1, new Message().bytes(1, utf8(scope)));
        spans.forEach(span -> of.message(2, span.message()));
        byte[] request = new Message().message(1, new Message().message(1, about).message(2, of)).toBytes();
        try {
            ClientCalls.blockingUnaryCall(channel, EXPORT, CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS), request);
        } catch (StatusRuntimeException e) {
            throw new IOException("the collector of traces does not answer: " + Calls.words(e.getStatus()), e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
