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
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A plugin that keeps keys for us (KMS v2, `v2.KeyManagementService` over a Unix socket). Calls block; any thread may call.
public final class KmsPlugin implements AutoCloseable {

    private static final MethodDescriptor<byte[], byte[]> STATUS = Calls.unary("v2.KeyManagementService/Status");
    private static final MethodDescriptor<byte[], byte[]> ENCRYPT = Calls.unary("v2.KeyManagementService/Encrypt");
    private static final MethodDescriptor<byte[], byte[]> DECRYPT = Calls.unary("v2.KeyManagementService/Decrypt");

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("kms", true), NioIoHandler.newFactory());
    private final ManagedChannel channel;
    private final Duration timeout;

    public KmsPlugin(Path socket, Duration timeout) {
        this.timeout = timeout;
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(loop)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                .usePlaintext()
                .directExecutor()
                .build();
    }

    /// @param version `v2` or `v2beta1`
    /// @param healthz `ok` when all is well
    /// @param keyId the key that new values are encrypted with
    public record Status(String version, String healthz, String keyId) {}

    /// @param ciphertext what opens again with the key of this id and these annotations
    public record Encrypted(byte[] ciphertext, String keyId, Map<String, byte[]> annotations) {}

    public Status status() throws IOException {
        Message.Reader in = new Message.Reader(call(STATUS, new Message()));
        String version = "";
        String healthz = "";
        String keyId = "";
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> version = in.text();
                case 2 -> healthz = in.text();
                case 3 -> keyId = in.text();
                default -> {}
            }
        }
        return new Status(version, healthz, keyId);
    }

    public Encrypted encrypt(byte[] plaintext, String uid) throws IOException {
        Message.Reader in = new Message.Reader(call(ENCRYPT, new Message().bytes(1, plaintext).bytes(2, uid.getBytes(StandardCharsets.UTF_8))));
        byte[] ciphertext = {};
        String keyId = "";
        Map<String, byte[]> annotations = new TreeMap<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> ciphertext = in.bytes();
                case 2 -> keyId = in.text();
                case 3 -> annotation(in.message(), annotations);
                default -> {}
            }
        }
        return new Encrypted(ciphertext, keyId, annotations);
    }

    public byte[] decrypt(Encrypted encrypted, String uid) throws IOException {
        Message request = new Message().bytes(1, encrypted.ciphertext).bytes(2, uid.getBytes(StandardCharsets.UTF_8)).bytes(3, encrypted.keyId.getBytes(StandardCharsets.UTF_8));
        annotations(request, 4, encrypted.annotations);
        Message.Reader in = new Message.Reader(call(DECRYPT, request));
        byte[] plaintext = {};
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                plaintext = in.bytes();
            }
        }
        return plaintext;
    }

    /// One value with what is needed to open it, as upstream stores it (EncryptedObject).
    ///
    /// @param data the value, encrypted by a key that is itself encrypted in `source`
    /// @param seed whether the source is a seed of keys (else: the key)
    public record Envelope(byte[] data, Encrypted source, boolean seed) {

        public byte[] toBytes() {
            Message message = new Message().bytes(1, data).bytes(2, source.keyId.getBytes(StandardCharsets.UTF_8)).bytes(3, source.ciphertext);
            annotations(message, 4, source.annotations);
            return message.number(5, seed ? 1 : 0).toBytes();
        }

        public static Envelope read(byte[] bytes) {
            Message.Reader in = new Message.Reader(bytes);
            byte[] data = {};
            byte[] source = {};
            String keyId = "";
            boolean seed = false;
            Map<String, byte[]> annotations = new TreeMap<>();
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 1 -> data = in.bytes();
                    case 2 -> keyId = in.text();
                    case 3 -> source = in.bytes();
                    case 4 -> annotation(in.message(), annotations);
                    case 5 -> seed = in.number() == 1;
                    default -> {}
                }
            }
            return new Envelope(data, new Encrypted(source, keyId, annotations), seed);
        }
    }

    private static void annotations(Message message, int field, Map<String, byte[]> annotations) {
        annotations.forEach((key, value) -> message.message(field, new Message().bytes(1, key.getBytes(StandardCharsets.UTF_8)).bytes(2, value)));
    }

    private static void annotation(Message.Reader in, Map<String, byte[]> annotations) {
        String key = "";
        byte[] value = {};
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> key = in.text();
                case 2 -> value = in.bytes();
                default -> {}
            }
        }
        annotations.put(key, value);
    }

    private byte[] call(MethodDescriptor<byte[], byte[]> method, Message request) throws IOException {
        try {
            return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS), request.toBytes());
        } catch (StatusRuntimeException e) {
            throw new IOException("the KMS plugin does not answer: " + Calls.words(e.getStatus()), e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
