package io.j8s.cluster.command;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// Another process's gRPC service, whose messages are bytes: a KMS plugin, or a collector of traces.
final class GrpcPeer implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;

    /// @param methods answers by the method's name
    static GrpcPeer at(Path socket, String service, Map<String, UnaryOperator<byte[]>> methods) throws IOException {
        return new GrpcPeer(UnixDomainSocketAddress.of(socket), NioServerDomainSocketChannel.class, service, methods);
    }

    /// At any port of this host.
    static GrpcPeer here(String service, Map<String, UnaryOperator<byte[]>> methods) throws IOException {
        return new GrpcPeer(new InetSocketAddress("127.0.0.1", 0), NioServerSocketChannel.class, service, methods);
    }

    private GrpcPeer(SocketAddress address, Class<? extends ServerChannel> channel, String service, Map<String, UnaryOperator<byte[]>> methods) throws IOException {
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service);
        methods.forEach((name, answer) -> definition.addMethod(
                MethodDescriptor.<byte[], byte[]>newBuilder().setType(MethodDescriptor.MethodType.UNARY).setFullMethodName(service + "/" + name)
                        .setRequestMarshaller(new Bytes()).setResponseMarshaller(new Bytes()).build(),
                ServerCalls.asyncUnaryCall((request, observer) -> {
                    observer.onNext(answer.apply(request));
                    observer.onCompleted();
                })));
        server = NettyServerBuilder.forAddress(address).channelType(channel).bossEventLoopGroup(loops).workerEventLoopGroup(loops).directExecutor().addService(definition.build()).build().start();
    }

    int port() {
        return server.getPort();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
