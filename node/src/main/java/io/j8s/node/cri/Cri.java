package io.j8s.node.cri;

import io.j8s.node.cri.containerd.GetTaskRequest;
import io.j8s.node.cri.containerd.SubscribeRequest;
import io.j8s.node.cri.v1.AttachRequest;
import io.j8s.node.cri.v1.AuthConfig;
import io.j8s.node.cri.v1.Container;
import io.j8s.node.cri.v1.ContainerConfig;
import io.j8s.node.cri.v1.ContainerFilter;
import io.j8s.node.cri.v1.ContainerStats;
import io.j8s.node.cri.v1.ContainerStatsFilter;
import io.j8s.node.cri.v1.ContainerStatus;
import io.j8s.node.cri.v1.ContainerStatusRequest;
import io.j8s.node.cri.v1.CreateContainerRequest;
import io.j8s.node.cri.v1.ExecRequest;
import io.j8s.node.cri.v1.ExecSyncRequest;
import io.j8s.node.cri.v1.ExecSyncResponse;
import io.j8s.node.cri.v1.FilesystemUsage;
import io.j8s.node.cri.v1.Image;
import io.j8s.node.cri.v1.ImageFsInfoRequest;
import io.j8s.node.cri.v1.ImageSpec;
import io.j8s.node.cri.v1.ImageStatusRequest;
import io.j8s.node.cri.v1.ImageStatusResponse;
import io.j8s.node.cri.v1.LinuxContainerResources;
import io.j8s.node.cri.v1.ListContainerStatsRequest;
import io.j8s.node.cri.v1.ListContainersRequest;
import io.j8s.node.cri.v1.ListImagesRequest;
import io.j8s.node.cri.v1.ListPodSandboxRequest;
import io.j8s.node.cri.v1.PodSandbox;
import io.j8s.node.cri.v1.PodSandboxConfig;
import io.j8s.node.cri.v1.PodSandboxFilter;
import io.j8s.node.cri.v1.PodSandboxStatus;
import io.j8s.node.cri.v1.PodSandboxStatusRequest;
import io.j8s.node.cri.v1.PortForwardRequest;
import io.j8s.node.cri.v1.PullImageRequest;
import io.j8s.node.cri.v1.RemoveContainerRequest;
import io.j8s.node.cri.v1.RemoveImageRequest;
import io.j8s.node.cri.v1.RemovePodSandboxRequest;
import io.j8s.node.cri.v1.ReopenContainerLogRequest;
import io.j8s.node.cri.v1.RunPodSandboxRequest;
import io.j8s.node.cri.v1.StartContainerRequest;
import io.j8s.node.cri.v1.StatusRequest;
import io.j8s.node.cri.v1.StatusResponse;
import io.j8s.node.cri.v1.StopContainerRequest;
import io.j8s.node.cri.v1.StopPodSandboxRequest;
import io.j8s.node.cri.v1.UpdateContainerResourcesRequest;
import io.j8s.node.cri.v1.VersionRequest;
import io.j8s.node.cri.v1.VersionResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container runtime behind CRI v1 (the API is documented in kubernetes/cri-api), one method for each call.
///
/// All methods block, may be called from any thread, and throw [CriException]. Times in messages are nanoseconds since 1970.
public final class Cri implements AutoCloseable {
    private static final Duration QUICK = Duration.ofMinutes(2);
    private static final Duration CREATION = Duration.ofMinutes(4);
    private static final Duration PULL = Duration.ofHours(2);

    private final Connection connection;

    public Cri(Path socket) {
        connection = new Connection(socket);
    }

    /// Has each call told to this one.
    public void tell(Calls listener) {
        connection.tell(listener);
    }

    public VersionResponse version() {
        return connection.call(Methods.VERSION, VersionRequest.newBuilder().setVersion("v1").build(), QUICK);
    }

    /// Whether runtime and network are ready.
    public StatusResponse status() {
        return connection.call(Methods.STATUS, StatusRequest.getDefaultInstance(), QUICK);
    }

    /// Answers the new sandbox's id.
    public String runSandbox(PodSandboxConfig config, String runtimeHandler) {
        return connection.call(Methods.RUN_SANDBOX, RunPodSandboxRequest.newBuilder().setConfig(config).setRuntimeHandler(runtimeHandler).build(), CREATION).getPodSandboxId();
    }

    /// Kills what still runs in the sandbox and takes its network away. Succeeds when it is gone already.
    public void stopSandbox(String id) {
        connection.call(Methods.STOP_SANDBOX, StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build(), CREATION);
    }

    public void removeSandbox(String id) {
        connection.call(Methods.REMOVE_SANDBOX, RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build(), QUICK);
    }

    /// Null when there is no such sandbox.
    public @Nullable PodSandboxStatus sandboxStatus(String id) {
        try {
            return connection.call(Methods.SANDBOX_STATUS, PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build(), QUICK).getStatus();
        } catch (CriException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    /// Those with all of these labels.
    public List<PodSandbox> sandboxes(Map<String, String> labels) {
        var filter = PodSandboxFilter.newBuilder().putAllLabelSelector(labels);
        return connection.call(Methods.LIST_SANDBOXES, ListPodSandboxRequest.newBuilder().setFilter(filter).build(), QUICK).getItemsList();
    }

    /// Answers the new container's id.
    public String createContainer(String sandboxId, ContainerConfig config, PodSandboxConfig sandbox) {
        var request = CreateContainerRequest.newBuilder().setPodSandboxId(sandboxId).setConfig(config).setSandboxConfig(sandbox).build();
        return connection.call(Methods.CREATE_CONTAINER, request, CREATION).getContainerId();
    }

    public void startContainer(String id) {
        connection.call(Methods.START_CONTAINER, StartContainerRequest.newBuilder().setContainerId(id).build(), CREATION);
    }

    /// Sends the stop signal, waits so long, then kills. Succeeds when it is not running any more.
    public void stopContainer(String id, Duration grace) {
        connection.call(Methods.STOP_CONTAINER, StopContainerRequest.newBuilder().setContainerId(id).setTimeout(grace.toSeconds()).build(), grace.plus(QUICK));
    }

    public void removeContainer(String id) {
        connection.call(Methods.REMOVE_CONTAINER, RemoveContainerRequest.newBuilder().setContainerId(id).build(), QUICK);
    }

    public List<Container> containers(Map<String, String> labels) {
        var filter = ContainerFilter.newBuilder().putAllLabelSelector(labels);
        return connection.call(Methods.LIST_CONTAINERS, ListContainersRequest.newBuilder().setFilter(filter).build(), QUICK).getContainersList();
    }

    /// Null when there is no such container.
    public @Nullable ContainerStatus containerStatus(String id) {
        try {
            return connection.call(Methods.CONTAINER_STATUS, ContainerStatusRequest.newBuilder().setContainerId(id).build(), QUICK).getStatus();
        } catch (CriException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    public void updateResources(String id, LinuxContainerResources resources) {
        connection.call(Methods.UPDATE_RESOURCES, UpdateContainerResourcesRequest.newBuilder().setContainerId(id).setLinux(resources).build(), QUICK);
    }

    /// After the log file was renamed: go on in a new one.
    public void reopenLog(String id) {
        connection.call(Methods.REOPEN_LOG, ReopenContainerLogRequest.newBuilder().setContainerId(id).build(), QUICK);
    }

    /// Runs a command in a container and waits for its end, at most so long ([CriException#isTimeout]).
    public ExecSyncResponse execSync(String id, List<String> command, Duration atMost) {
        var request = ExecSyncRequest.newBuilder().setContainerId(id).addAllCmd(command).setTimeout(Math.max(1, atMost.toSeconds())).build();
        return connection.call(Methods.EXEC_SYNC, request, atMost.plusSeconds(2));
    }

    /// Answers the address at which the container's own streams can be had (a WebSocket or SPDY upgrade).
    public String attach(String id, boolean stdin, boolean tty, boolean stdout, boolean stderr) {
        var request = AttachRequest.newBuilder().setContainerId(id).setStdin(stdin).setTty(tty).setStdout(stdout).setStderr(stderr).build();
        return connection.call(Methods.ATTACH, request, QUICK).getUrl();
    }

    /// Answers the address at which ports of a sandbox can be reached.
    public String portForward(String sandbox, List<Integer> ports) {
        return connection.call(Methods.PORT_FORWARD, PortForwardRequest.newBuilder().setPodSandboxId(sandbox).addAllPort(ports).build(), QUICK).getUrl();
    }

    /// Answers the address at which a command in a container can be run and its streams can be had.
    public String exec(String id, List<String> command, boolean stdin, boolean tty, boolean stdout, boolean stderr) {
        var request = ExecRequest.newBuilder().setContainerId(id).addAllCmd(command).setStdin(stdin).setTty(tty).setStdout(stdout).setStderr(stderr).build();
        return connection.call(Methods.EXEC, request, QUICK).getUrl();
    }

    public List<ContainerStats> stats() {
        var request = ListContainerStatsRequest.newBuilder().setFilter(ContainerStatsFilter.getDefaultInstance()).build();
        return connection.call(Methods.LIST_STATS, request, QUICK).getStatsList();
    }

    public List<Image> images() {
        return connection.call(Methods.LIST_IMAGES, ListImagesRequest.getDefaultInstance(), QUICK).getImagesList();
    }

    /// Null when the image is not present.
    public @Nullable Image image(String reference) {
        ImageStatusResponse answer = connection.call(Methods.IMAGE_STATUS, ImageStatusRequest.newBuilder().setImage(spec(reference)).build(), QUICK);
        return answer.hasImage() ? answer.getImage() : null;
    }

    /// Answers the reference by which the pulled image is known.
    public String pull(String reference, @Nullable AuthConfig credentials, PodSandboxConfig sandbox) {
        var request = PullImageRequest.newBuilder().setImage(spec(reference)).setSandboxConfig(sandbox);
        if (credentials != null) {
            request.setAuth(credentials);
        }
        return connection.call(Methods.PULL_IMAGE, request.build(), PULL).getImageRef();
    }

    public void removeImage(String reference) {
        connection.call(Methods.REMOVE_IMAGE, RemoveImageRequest.newBuilder().setImage(spec(reference)).build(), QUICK);
    }

    public List<FilesystemUsage> imageFilesystems() {
        return connection.call(Methods.IMAGE_FS, ImageFsInfoRequest.getDefaultInstance(), QUICK).getImageFilesystemsList();
    }

    /// containerd's task events from now on.
    public TaskEvents events() {
        var request = SubscribeRequest.newBuilder().addFilters("namespace==" + Connection.NAMESPACE + ",topic~=\"^/tasks/(start|exit|oom)$\"").build();
        return new TaskEvents(connection.stream(Methods.SUBSCRIBE, request));
    }

    /// The process id, on this host, of a container's or sandbox's main process.
    public int pid(String id) {
        return connection.call(Methods.GET_TASK, GetTaskRequest.newBuilder().setContainerId(id).build(), QUICK).getProcess().getPid();
    }

    /// Lets the next call try to connect at once, after the runtime was started again.
    public void retryNow() {
        connection.retryNow();
    }

    @Override
    public void close() {
        connection.close();
    }

    private static ImageSpec spec(String reference) {
        return ImageSpec.newBuilder().setImage(reference).build();
    }
}
