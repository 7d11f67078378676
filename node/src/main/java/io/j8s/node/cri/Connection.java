package io.j8s.node.cri;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One gRPC connection to the runtime's socket: one event-loop thread, made when the first call needs it; it comes back by itself
/// after the runtime was restarted. Calls block the calling (virtual) thread. Any thread may call.
final class Connection implements AutoCloseable {
    /// containerd keeps what belongs to Kubernetes apart under this name.
    static final String NAMESPACE = "k8s.io";
    private static final int LARGEST_MESSAGE_BYTES = 16 << 20;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("cri", true), NioIoHandler.newFactory());
    private final ManagedChannel channel;
    private volatile Calls calls = Calls.NOBODY;

    Connection(Path socket) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER), NAMESPACE);
        channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(loop)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                .usePlaintext()
                .directExecutor()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .maxInboundMessageSize(LARGEST_MESSAGE_BYTES)
                .withOption(ChannelOption.SO_KEEPALIVE, none())
                .build();
    }

    /// Takes an option away that gRPC sets on its own: Unix sockets do not have it, and Netty would warn of it at each connection.
    @SuppressWarnings("NullAway")
    private static <T> T none() {
        return null;
    }

    /// Has each call told to this one.
    void tell(Calls listener) {
        calls = listener;
    }

    <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration atMost) {
        Calls listener = calls;
        long begun = listener.now();
        boolean failed = true;
        try {
            A answer = answer(method, request, atMost);
            failed = false;
            return answer;
        } finally {
            listener.made(operation(method), Duration.ofNanos(listener.now() - begun), failed);
        }
    }

    /// `RunPodSandbox` is `run_podsandbox`.
    private static String operation(MethodDescriptor<?, ?> method) {
        String name = String.valueOf(method.getBareMethodName()).replace("PodSandbox", "Podsandbox").replace("UpdateContainerResources", "UpdateContainer");
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private <Q, A> A answer(MethodDescriptor<Q, A> method, Q request, Duration atMost) {
        try {
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return ClientCalls.blockingUnaryCall(channel, method, options, request);
        } catch (StatusRuntimeException e) {
            throw new CriException(e.getStatus(), e);
        }
    }

    <Q, A> Stream<A> stream(MethodDescriptor<Q, A> method, Q request) {
        return new Stream<>(ClientCalls.blockingV2ServerStreamingCall(channel, method, CallOptions.DEFAULT, request));
    }

    /// Lets a connection attempt that is backing off be made now.
    void retryNow() {
        channel.resetConnectBackoff();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /// Answers that arrive one after another.
    static final class Stream<A> implements AutoCloseable {
        private final BlockingClientCall<?, A> call;

        private Stream(BlockingClientCall<?, A> call) {
            this.call = call;
        }

        /// The next one; null at the end.
        @Nullable A next() throws InterruptedException {
            try {
                return call.read();
            } catch (StatusException e) {
                if (e.getStatus().getCode() == Status.Code.CANCELLED) {
                    return null;
                }
                throw new CriException(e.getStatus(), e);
            }
        }

        @Override
        public void close() {
            call.cancel("no longer wanted", null);
        }
    }
}
