package io.j8s.node;

import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.http.EventLoops;
import io.j8s.http.TlsIdentity;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.node.cgroups.PodCgroups;
import io.j8s.node.containerd.Containerd;
import io.j8s.node.cri.Cri;
import io.j8s.node.host.Leftovers;
import io.j8s.node.host.Linux;
import io.j8s.node.images.ImageCollection;
import io.j8s.node.images.ImagePuller;
import io.j8s.node.images.PauseImage;
import io.j8s.node.logs.LogRotation;
import io.j8s.node.pods.NodeContext;
import io.j8s.node.pods.PodServices;
import io.j8s.node.pods.PodWorkers;
import io.j8s.node.pods.StaticPods;
import io.j8s.node.probes.Prober;
import io.j8s.node.registration.HostFacts;
import io.j8s.node.server.KubeletServer;
import io.j8s.node.stats.NodeFigures;
import io.j8s.node.volumes.PodVolumes;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The node agent: brings the pods that are bound to its node to run, and tells the API how they are. This class puts it together, in start order.
///
/// A close leaves containers running; the next start takes them over. [#down] ends the runtime as well (containers go on under their shims),
/// [#erase] ends everything and removes what is on disk.
public final class Kubelet implements AutoCloseable {
    private static final long LOG_BYTES = 10L << 20;
    private static final int LOG_FILES = 5;

    private final KubeletConfig config;
    private final Containerd containerd;
    private final EventRecorder events;
    private final Informer<Service> services;
    private final Informer<Pod> pods;
    private final PodWorkers workers;
    private final NodeReporter reporter;
    private final EventLoops loops;
    private @Nullable KubeletServer server;
    private final Client client;
    private final Timeline timeline;
    private final List<Task> tasks = new ArrayList<>();

    private Kubelet(KubeletConfig config, Client client, EventLoops loops, Timeline timeline) throws IOException, InterruptedException {
        this.config = config;
        this.client = client;
        this.loops = loops;
        this.timeline = timeline;
        Files.createDirectories(config.dirs().root());
        share(config.dirs().root());
        containerd = Containerd.start(config.containerd(), timeline);
        Cri cri = containerd.cri();
        loadPauseImage();
        events = new EventRecorder(client, timeline, "kubelet", config.nodeName());
        services = new Informer<>(client, timeline, Service.RESOURCE);
        pods = new Informer<>(client, timeline, Pod.RESOURCE, "", ListOptions.fields("spec.nodeName=" + config.nodeName()));
        reporter = new NodeReporter(config, client, cri, timeline);
        NodeContext node = new NodeContext(config.nodeName(), HostFacts.hostName(), config.addresses(), config.clusterDns(), config.clusterDomain(), config.resolvConf(),
                reporter.allocatable(), HostFacts.memoryBytes());
        workers = new PodWorkers(new PodServices(client, timeline, cri, events, node, config.dirs(), new PodVolumes(client, config.dirs(), timeline),
                new PodCgroups(config.cgroupRoot(), config.podPidsLimit()), new ImagePuller(cri, client, timeline, events), new Prober(cri), services.lister()));
    }

    /// Starts the agent; answers when the node is registered and the pods that are there are known. Containers of an earlier run go on.
    public static Kubelet start(KubeletConfig config, Client client, EventLoops loops, Timeline timeline) throws IOException, InterruptedException {
        Kubelet kubelet = new Kubelet(config, client, loops, timeline);
        try {
            kubelet.begin();
            return kubelet;
        } catch (IOException | InterruptedException | RuntimeException e) {
            kubelet.close();
            throw e;
        }
    }

    private void begin() throws IOException, InterruptedException {
        Supplier<TlsIdentity> serving = config.serving();
        if (serving != null) {
            Cri cri = containerd.cri();
            server = new KubeletServer(new KubeletServer.Parts(config.nodeName(), client, timeline, loops, cri, workers, config.dirs(),
                    new NodeFigures(config.nodeName(), cri, workers, timeline, config.dirs().root(), configuration(config)), serving, config.clientAuthorities()),
                    config.bindAddress(), config.port());
        }
        services.start();
        reporter.start(port());
        services.awaitSynced();
        workers.start();
        pods.addHandler(new PodHandler());
        pods.start();
        pods.awaitSynced();
        if (config.manifests() != null) {
            StaticPods manifests = new StaticPods(config.manifests(), config.nodeName(), client, timeline, workers);
            Files.createDirectories(config.manifests());
            manifests.look();
            tasks.add(timeline.start("static pods", manifests::run));
        }
        workers.removeOrphans();
        tasks.add(timeline.start("log rotation", new LogRotation(containerd.cri(), timeline, config.dirs().podLogs(), LOG_BYTES, LOG_FILES)::run));
        tasks.add(timeline.start("image collection", new ImageCollection(containerd.cri(), timeline, config.dirs().root(), config.containerd().pauseImage())::run));
    }

    /// The runtime, for images and their archives.
    public Containerd containerd() {
        return containerd;
    }

    /// The port of the HTTPS API; 0 when there is none.
    public int port() {
        return server == null ? 0 : server.port();
    }

    /// The pods here, with their newest status.
    public List<Pod> pods() {
        return workers.pods();
    }

    @Override
    public void close() {
        end();
        containerd.close();
    }

    /// Ends everything but the runtime and what runs in it.
    private void end() {
        if (server != null) {
            server.close();
        }
        tasks.forEach(Task::close);
        pods.close();
        workers.close();
        reporter.close();
        services.close();
        events.close();
    }

    /// As [#close], and ends the runtime; containers go on.
    public void down() throws IOException {
        close();
        containerd.stop();
    }

    /// Ends all pods and the runtime, and removes everything that this agent kept on the host.
    public void erase() throws IOException {
        end();
        containerd.erase();
        new PodCgroups(config.cgroupRoot(), config.podPidsLimit()).removeAll();
        Leftovers.remove(config.dirs().root());
        Leftovers.remove(config.dirs().podLogs());
        Leftovers.remove(config.dirs().containerLogs());
    }

    /// The main fields of KubeletConfiguration.
    private static Map<String, Object> configuration(KubeletConfig config) {
        return Map.of("kind", "KubeletConfiguration", "apiVersion", "kubelet.config.k8s.io/v1beta1", "address", config.bindAddress(), "port", config.port(),
                "clusterDNS", config.clusterDns(), "clusterDomain", config.clusterDomain(), "maxPods", config.maxPods(), "cgroupDriver", "cgroupfs", "cgroupRoot", config.cgroupRoot());
    }

    /// Makes the directory a mount of its own whose mounts are seen by others, so that mount propagation into containers works wherever `/` is private.
    private static void share(Path root) throws IOException {
        boolean mount = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().anyMatch(line -> line.split(" ", 6)[4].equals(root.toString()));
        if (!mount) {
            Linux.mount(root.toString(), root, "", Linux.MS_BIND | Linux.MS_REC, "");
        }
        Linux.mount("", root, "", Linux.MS_SHARED | Linux.MS_REC, "");
    }

    private void loadPauseImage() throws IOException, InterruptedException {
        if (!config.containerd().pauseImage().equals(PauseImage.NAME) || containerd.cri().image(PauseImage.NAME) != null) {
            return;
        }
        Path archive = Files.createTempFile(config.dirs().root(), "pause", ".tar");
        try {
            try (OutputStream out = Files.newOutputStream(archive)) {
                PauseImage.write(System.getProperty("os.arch"), out);
            }
            containerd.load(archive);
        } finally {
            Files.delete(archive);
        }
    }

    /// Pods are told apart by uid: a new one of the same name is another pod.
    private final class PodHandler implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            if (!StaticPods.isMirror(pod)) {
                workers.desired(pod);
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            if (!before.metadata().uid().equals(after.metadata().uid())) {
                deleted(before);
            }
            added(after);
        }

        @Override
        public void deleted(Pod last) {
            workers.gone(last.metadata().uid());
        }
    }
}
