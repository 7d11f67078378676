package io.j8s.etcd;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.j8s.http.Pem;
import io.j8s.runtime.Timeline;
import io.j8s.store.StoreUnavailableException;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Calls to etcd: one connection for each endpoint, made when first needed; calls go to one of them until it cannot be reached, then to the next.
///
/// A call that may be repeated is tried at every endpoint. One that must not be is tried again only when it certainly never left.
final class Calls implements AutoCloseable {

    static final MethodDescriptor<byte[], byte[]> RANGE = unary("etcdserverpb.KV/Range");
    static final MethodDescriptor<byte[], byte[]> TXN = unary("etcdserverpb.KV/Txn");
    static final MethodDescriptor<byte[], byte[]> COMPACT = unary("etcdserverpb.KV/Compact");
    static final MethodDescriptor<byte[], byte[]> LEASE_GRANT = unary("etcdserverpb.Lease/LeaseGrant");
    static final MethodDescriptor<byte[], byte[]> LEASE_REVOKE = unary("etcdserverpb.Lease/LeaseRevoke");
    static final MethodDescriptor<byte[], byte[]> LEASE_TIME_TO_LIVE = unary("etcdserverpb.Lease/LeaseTimeToLive");
    static final MethodDescriptor<byte[], byte[]> LEASES = unary("etcdserverpb.Lease/LeaseLeases");
    static final MethodDescriptor<byte[], byte[]> STATUS = unary("etcdserverpb.Maintenance/Status");
    static final MethodDescriptor<byte[], byte[]> LEASE_KEEP_ALIVE = method("etcdserverpb.Lease/LeaseKeepAlive", MethodDescriptor.MethodType.BIDI_STREAMING);
    static final MethodDescriptor<byte[], byte[]> WATCH = method("etcdserverpb.Watch/Watch", MethodDescriptor.MethodType.BIDI_STREAMING);

    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(1);

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicInteger current = new AtomicInteger();
    private final String endpoints;
    private final Duration patience;
    private final Timeline timeline;

    Calls(EtcdOptions options, Timeline timeline) {
        this.patience = options.patience();
        this.timeline = timeline;
        endpoints = String.join(",", options.endpoints());
        for (String endpoint : options.endpoints()) {
            channels.add(channel(endpoint, options, timeline));
        }
    }

    private static ManagedChannel channel(String endpoint, EtcdOptions options, Timeline timeline) {
        URI uri = URI.create(endpoint.contains("://") ? endpoint : "http://" + endpoint);
        if (uri.getHost() == null || uri.getPort() < 0 || !List.of("http", "https").contains(uri.getScheme())) {
            throw new IllegalArgumentException("etcd endpoint " + endpoint + " is not of the form https://host:port or http://host:port");
        }
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort())
                .executor(work -> timeline.start("etcd-call", work::run))
                .offloadExecutor(work -> timeline.start("etcd-resolve", work::run))
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .disableRetry();
        if (uri.getScheme().equals("http")) {
            return builder.usePlaintext().build();
        }
        try {
            SslContextBuilder tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), io.netty.handler.ssl.SslProvider.JDK);
            if (options.authorities() != null) {
                tls.trustManager(options.authorities().toFile());
            }
            if (options.certificate() != null && options.privateKey() != null) {
                tls.keyManager(Pem.privateKey(Files.readString(options.privateKey())), Pem.certificates(Files.readString(options.certificate())));
            }
            return builder.sslContext(tls.build()).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the TLS files for etcd cannot be used: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the TLS files for etcd cannot be used: " + e.getMessage(), e);
        }
    }

    /// Calls, at any endpoint that answers, what changes nothing or may be done twice.
    byte[] repeatable(MethodDescriptor<byte[], byte[]> method, Message request) {
        return call(method, request, true);
    }

    /// Calls what must not be done twice. When the connection breaks, the outcome is unknown.
    byte[] once(MethodDescriptor<byte[], byte[]> method, Message request) {
        return call(method, request, false);
    }

    /// Calls, at any endpoint that answers within a time, what changes nothing; without patience for endpoints that cannot be reached.
    byte[] quickly(MethodDescriptor<byte[], byte[]> method, Message request, Duration atMost) {
        return round(method, request.toBytes(), true, atMost);
    }

    /// While no endpoint can be reached, the call waits for one: an etcd that is restarted is not noticed by those who ask.
    private byte[] call(MethodDescriptor<byte[], byte[]> method, Message request, boolean repeatable) {
        byte[] bytes = request.toBytes();
        long begun = timeline.nanoTime();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return round(method, bytes, repeatable, CALL);
            } catch (StoreUnavailableException e) {
                if (e.outcomeUnknown() || timeline.nanoTime() - begun + pause.toNanos() > patience.toNanos()) {
                    throw e;
                }
                rest(pause, e);
                pause = pause.compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
            }
        }
    }

    private void rest(Duration pause, StoreUnavailableException failure) {
        try {
            timeline.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    private byte[] round(MethodDescriptor<byte[], byte[]> method, byte[] bytes, boolean repeatable, Duration atMost) {
        StatusRuntimeException failure = null;
        for (int tried = 0; tried < channels.size(); tried++) {
            int chosen = current.get();
            try {
                return ClientCalls.blockingUnaryCall(channels.get(chosen), method, CallOptions.DEFAULT.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS), bytes);
            } catch (StatusRuntimeException e) {
                if (!isUnreachable(e)) {
                    throw e;
                }
                failure = e;
                leave(chosen);
                if (!repeatable && !neverSent(e)) {
                    break;
                }
            }
        }
        if (failure == null) {
            throw new IllegalStateException("there is no etcd endpoint");
        }
        throw unavailable(failure, !repeatable && !neverSent(failure));
    }

    /// Begins a stream at the endpoint in use.
    Stream stream(MethodDescriptor<byte[], byte[]> method, ClientCall.Listener<byte[]> listener) {
        int chosen = current.get();
        ClientCall<byte[], byte[]> call = channels.get(chosen).newCall(method, CallOptions.DEFAULT);
        call.start(listener, new Metadata());
        return new Stream(call, chosen);
    }

    record Stream(ClientCall<byte[], byte[]> call, int endpoint) {
        void send(Message request) {
            call.sendMessage(request.toBytes());
        }

        void cancel() {
            call.cancel("no longer needed", null);
        }
    }

    /// Turns to the next endpoint, unless somebody did already.
    void leave(int endpoint) {
        current.compareAndSet(endpoint, (endpoint + 1) % channels.size());
        channels.get(endpoint).resetConnectBackoff();
    }

    StoreUnavailableException unavailable(StatusRuntimeException cause, boolean outcomeUnknown) {
        return new StoreUnavailableException(
                "etcd (" + endpoints + ") does not answer: " + words(cause.getStatus()) + (outcomeUnknown ? "; whether the write happened is unknown" : ""), outcomeUnknown, cause);
    }

    private static boolean isUnreachable(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL -> true;
            default -> false;
        };
    }

    private static boolean neverSent(StatusRuntimeException e) {
        for (Throwable at = e.getCause(); at != null; at = at.getCause()) {
            if (at instanceof ConnectException) {
                return true;
            }
        }
        return false;
    }

    /// Whether a call was refused because of a revision that is gone.
    static boolean isCompacted(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.OUT_OF_RANGE && description(e).contains("compacted");
    }

    static boolean isFuture(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.OUT_OF_RANGE && description(e).contains("future");
    }

    static String description(StatusRuntimeException e) {
        String description = e.getStatus().getDescription();
        return description == null ? "" : description;
    }

    /// A status in a line, without its stack.
    static String words(Status status) {
        Throwable cause = status.getCause();
        return status.getCode() + " " + (status.getDescription() == null ? "" : status.getDescription()) + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        boolean interrupted = false;
        for (ManagedChannel channel : channels) {
            try {
                channel.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static MethodDescriptor<byte[], byte[]> unary(String name) {
        return method(name, MethodDescriptor.MethodType.UNARY);
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder().setType(type).setFullMethodName(name).setRequestMarshaller(Bytes.INSTANCE).setResponseMarshaller(Bytes.INSTANCE).build();
    }

    /// Messages are bytes here; [Requests] and [Responses] know what is in them.
    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        INSTANCE;

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
}
