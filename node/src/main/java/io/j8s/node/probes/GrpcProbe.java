package io.j8s.node.probes;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// One call of the gRPC health checking protocol (grpc.health.v1.Health/Check), whose two messages have one field each.
final class GrpcProbe {
    private static final int SERVING = 1;
    private static final MethodDescriptor<String, Integer> CHECK = MethodDescriptor.<String, Integer>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("grpc.health.v1.Health/Check")
            .setRequestMarshaller(new Service())
            .setResponseMarshaller(new ServingStatus())
            .build();

    private GrpcProbe() {}

    static ProbeOutcome check(String host, int port, String service, Duration atMost) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().directExecutor().userAgent("kube-probe/1.36").build();
        try {
            int status = ClientCalls.blockingUnaryCall(channel, CHECK, CallOptions.DEFAULT.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS), service);
            return status == SERVING ? ProbeOutcome.HEALTHY : new ProbeOutcome.Unhealthy("service unhealthy (responded with \"NOT_SERVING\")");
        } catch (StatusRuntimeException e) {
            return new ProbeOutcome.Unhealthy(message(e.getStatus(), host + ":" + port, atMost));
        } finally {
            channel.shutdownNow();
        }
    }

    private static String message(Status status, String address, Duration atMost) {
        return switch (status.getCode()) {
            case UNIMPLEMENTED -> "this server does not implement the grpc health protocol (grpc.health.v1.Health): " + status.getDescription();
            case DEADLINE_EXCEEDED -> "timeout: health rpc did not complete within " + atMost.toSeconds() + "s";
            case UNAVAILABLE -> "failed to connect service \"" + address + "\": " + status.getDescription();
            default -> "error: health rpc probe failed: " + status.getDescription();
        };
    }

    private static final class Service implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                if (!service.isEmpty()) {
                    out.writeString(1, service);
                }
                out.flush();
                return new ByteArrayInputStream(bytes.toByteArray());
            } catch (IOException e) {
                throw new IllegalStateException("memory cannot fail", e);
            }
        }

        @Override
        public String parse(InputStream stream) {
            throw new IllegalStateException("requests are only sent here, never read");
        }
    }

    private static final class ServingStatus implements MethodDescriptor.Marshaller<Integer> {
        @Override
        public InputStream stream(Integer value) {
            throw new IllegalStateException("answers are only read here, never sent");
        }

        @Override
        public Integer parse(InputStream stream) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(stream);
                int status = 0;
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    if (tag == 8) {
                        status = in.readEnum();
                    } else {
                        in.skipField(tag);
                    }
                }
                return status;
            } catch (IOException e) {
                throw Status.INTERNAL.withDescription("the answer is not a valid message").withCause(e).asRuntimeException();
            }
        }
    }
}
