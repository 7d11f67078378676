package io.j8s.node.cri;

import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.j8s.node.cri.containerd.Envelope;
import io.j8s.node.cri.containerd.GetTaskRequest;
import io.j8s.node.cri.containerd.GetTaskResponse;
import io.j8s.node.cri.containerd.SubscribeRequest;
import io.j8s.node.cri.v1.AttachRequest;
import io.j8s.node.cri.v1.AttachResponse;
import io.j8s.node.cri.v1.ContainerStatusRequest;
import io.j8s.node.cri.v1.ContainerStatusResponse;
import io.j8s.node.cri.v1.CreateContainerRequest;
import io.j8s.node.cri.v1.CreateContainerResponse;
import io.j8s.node.cri.v1.ExecRequest;
import io.j8s.node.cri.v1.ExecResponse;
import io.j8s.node.cri.v1.ExecSyncRequest;
import io.j8s.node.cri.v1.ExecSyncResponse;
import io.j8s.node.cri.v1.ImageFsInfoRequest;
import io.j8s.node.cri.v1.ImageFsInfoResponse;
import io.j8s.node.cri.v1.ImageStatusRequest;
import io.j8s.node.cri.v1.ImageStatusResponse;
import io.j8s.node.cri.v1.ListContainerStatsRequest;
import io.j8s.node.cri.v1.ListContainerStatsResponse;
import io.j8s.node.cri.v1.ListContainersRequest;
import io.j8s.node.cri.v1.ListContainersResponse;
import io.j8s.node.cri.v1.ListImagesRequest;
import io.j8s.node.cri.v1.ListImagesResponse;
import io.j8s.node.cri.v1.ListPodSandboxRequest;
import io.j8s.node.cri.v1.ListPodSandboxResponse;
import io.j8s.node.cri.v1.PodSandboxStatusRequest;
import io.j8s.node.cri.v1.PodSandboxStatusResponse;
import io.j8s.node.cri.v1.PortForwardRequest;
import io.j8s.node.cri.v1.PortForwardResponse;
import io.j8s.node.cri.v1.PullImageRequest;
import io.j8s.node.cri.v1.PullImageResponse;
import io.j8s.node.cri.v1.RemoveContainerRequest;
import io.j8s.node.cri.v1.RemoveContainerResponse;
import io.j8s.node.cri.v1.RemoveImageRequest;
import io.j8s.node.cri.v1.RemoveImageResponse;
import io.j8s.node.cri.v1.RemovePodSandboxRequest;
import io.j8s.node.cri.v1.RemovePodSandboxResponse;
import io.j8s.node.cri.v1.ReopenContainerLogRequest;
import io.j8s.node.cri.v1.ReopenContainerLogResponse;
import io.j8s.node.cri.v1.RunPodSandboxRequest;
import io.j8s.node.cri.v1.RunPodSandboxResponse;
import io.j8s.node.cri.v1.StartContainerRequest;
import io.j8s.node.cri.v1.StartContainerResponse;
import io.j8s.node.cri.v1.StatusRequest;
import io.j8s.node.cri.v1.StatusResponse;
import io.j8s.node.cri.v1.StopContainerRequest;
import io.j8s.node.cri.v1.StopContainerResponse;
import io.j8s.node.cri.v1.StopPodSandboxRequest;
import io.j8s.node.cri.v1.StopPodSandboxResponse;
import io.j8s.node.cri.v1.UpdateContainerResourcesRequest;
import io.j8s.node.cri.v1.UpdateContainerResourcesResponse;
import io.j8s.node.cri.v1.VersionRequest;
import io.j8s.node.cri.v1.VersionResponse;
import java.io.IOException;
import java.io.InputStream;

/// The gRPC methods in use, by their public names. Written by hand: they are few, and it saves the generated stubs.
final class Methods {
    private static final String RUNTIME = "runtime.v1.RuntimeService";
    private static final String IMAGES = "runtime.v1.ImageService";
    private static final String TASKS = "containerd.services.tasks.v1.Tasks";

    static final MethodDescriptor<VersionRequest, VersionResponse> VERSION = unary(RUNTIME, "Version", VersionRequest.parser(), VersionResponse.parser());
    static final MethodDescriptor<StatusRequest, StatusResponse> STATUS = unary(RUNTIME, "Status", StatusRequest.parser(), StatusResponse.parser());
    static final MethodDescriptor<RunPodSandboxRequest, RunPodSandboxResponse> RUN_SANDBOX = unary(RUNTIME, "RunPodSandbox", RunPodSandboxRequest.parser(), RunPodSandboxResponse.parser());
    static final MethodDescriptor<StopPodSandboxRequest, StopPodSandboxResponse> STOP_SANDBOX = unary(RUNTIME, "StopPodSandbox", StopPodSandboxRequest.parser(), StopPodSandboxResponse.parser());
    static final MethodDescriptor<RemovePodSandboxRequest, RemovePodSandboxResponse> REMOVE_SANDBOX = unary(RUNTIME, "RemovePodSandbox", RemovePodSandboxRequest.parser(), RemovePodSandboxResponse.parser());
    static final MethodDescriptor<PodSandboxStatusRequest, PodSandboxStatusResponse> SANDBOX_STATUS = unary(RUNTIME, "PodSandboxStatus", PodSandboxStatusRequest.parser(), PodSandboxStatusResponse.parser());
    static final MethodDescriptor<ListPodSandboxRequest, ListPodSandboxResponse> LIST_SANDBOXES = unary(RUNTIME, "ListPodSandbox", ListPodSandboxRequest.parser(), ListPodSandboxResponse.parser());
    static final MethodDescriptor<CreateContainerRequest, CreateContainerResponse> CREATE_CONTAINER = unary(RUNTIME, "CreateContainer", CreateContainerRequest.parser(), CreateContainerResponse.parser());
    static final MethodDescriptor<StartContainerRequest, StartContainerResponse> START_CONTAINER = unary(RUNTIME, "StartContainer", StartContainerRequest.parser(), StartContainerResponse.parser());
    static final MethodDescriptor<StopContainerRequest, StopContainerResponse> STOP_CONTAINER = unary(RUNTIME, "StopContainer", StopContainerRequest.parser(), StopContainerResponse.parser());
    static final MethodDescriptor<RemoveContainerRequest, RemoveContainerResponse> REMOVE_CONTAINER = unary(RUNTIME, "RemoveContainer", RemoveContainerRequest.parser(), RemoveContainerResponse.parser());
    static final MethodDescriptor<ListContainersRequest, ListContainersResponse> LIST_CONTAINERS = unary(RUNTIME, "ListContainers", ListContainersRequest.parser(), ListContainersResponse.parser());
    static final MethodDescriptor<ContainerStatusRequest, ContainerStatusResponse> CONTAINER_STATUS = unary(RUNTIME, "ContainerStatus", ContainerStatusRequest.parser(), ContainerStatusResponse.parser());
    static final MethodDescriptor<UpdateContainerResourcesRequest, UpdateContainerResourcesResponse> UPDATE_RESOURCES = unary(RUNTIME, "UpdateContainerResources", UpdateContainerResourcesRequest.parser(), UpdateContainerResourcesResponse.parser());
    static final MethodDescriptor<ReopenContainerLogRequest, ReopenContainerLogResponse> REOPEN_LOG = unary(RUNTIME, "ReopenContainerLog", ReopenContainerLogRequest.parser(), ReopenContainerLogResponse.parser());
    static final MethodDescriptor<ExecSyncRequest, ExecSyncResponse> EXEC_SYNC = unary(RUNTIME, "ExecSync", ExecSyncRequest.parser(), ExecSyncResponse.parser());
    static final MethodDescriptor<AttachRequest, AttachResponse> ATTACH = unary(RUNTIME, "Attach", AttachRequest.parser(), AttachResponse.parser());
    static final MethodDescriptor<ExecRequest, ExecResponse> EXEC = unary(RUNTIME, "Exec", ExecRequest.parser(), ExecResponse.parser());
    static final MethodDescriptor<PortForwardRequest, PortForwardResponse> PORT_FORWARD = unary(RUNTIME, "PortForward", PortForwardRequest.parser(), PortForwardResponse.parser());
    static final MethodDescriptor<ListContainerStatsRequest, ListContainerStatsResponse> LIST_STATS = unary(RUNTIME, "ListContainerStats", ListContainerStatsRequest.parser(), ListContainerStatsResponse.parser());
    static final MethodDescriptor<ListImagesRequest, ListImagesResponse> LIST_IMAGES = unary(IMAGES, "ListImages", ListImagesRequest.parser(), ListImagesResponse.parser());
    static final MethodDescriptor<ImageStatusRequest, ImageStatusResponse> IMAGE_STATUS = unary(IMAGES, "ImageStatus", ImageStatusRequest.parser(), ImageStatusResponse.parser());
    static final MethodDescriptor<PullImageRequest, PullImageResponse> PULL_IMAGE = unary(IMAGES, "PullImage", PullImageRequest.parser(), PullImageResponse.parser());
    static final MethodDescriptor<RemoveImageRequest, RemoveImageResponse> REMOVE_IMAGE = unary(IMAGES, "RemoveImage", RemoveImageRequest.parser(), RemoveImageResponse.parser());
    static final MethodDescriptor<ImageFsInfoRequest, ImageFsInfoResponse> IMAGE_FS = unary(IMAGES, "ImageFsInfo", ImageFsInfoRequest.parser(), ImageFsInfoResponse.parser());
    static final MethodDescriptor<GetTaskRequest, GetTaskResponse> GET_TASK = unary(TASKS, "Get", GetTaskRequest.parser(), GetTaskResponse.parser());
    static final MethodDescriptor<SubscribeRequest, Envelope> SUBSCRIBE = method(MethodDescriptor.MethodType.SERVER_STREAMING,
            "containerd.services.events.v1.Events", "Subscribe", SubscribeRequest.parser(), Envelope.parser());

    private Methods() {}

    private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> unary(String service, String name, Parser<Q> request, Parser<A> answer) {
        return method(MethodDescriptor.MethodType.UNARY, service, name, request, answer);
    }

    private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> method(
            MethodDescriptor.MethodType type, String service, String name, Parser<Q> request, Parser<A> answer) {
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setRequestMarshaller(new Messages<>(request))
                .setResponseMarshaller(new Messages<>(answer))
                .build();
    }

    private record Messages<T extends MessageLite>(Parser<T> parser) implements MethodDescriptor.Marshaller<T> {
        @Override
        public InputStream stream(T value) {
            return value.toByteString().newInput();
        }

        @Override
        public T parse(InputStream stream) {
            try (stream) {
                return parser.parseFrom(stream, ExtensionRegistryLite.getEmptyRegistry());
            } catch (InvalidProtocolBufferException e) {
                throw Status.INTERNAL.withDescription("the runtime's answer is not a valid message").withCause(e).asRuntimeException();
            } catch (IOException e) {
                throw Status.UNAVAILABLE.withDescription("the runtime's answer broke off").withCause(e).asRuntimeException();
            }
        }
    }
}
