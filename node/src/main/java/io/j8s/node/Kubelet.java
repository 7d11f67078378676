package io.j8s.node;

import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.http.EventLoops;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.Volume;
import io.j8s.node.cgroups.PodCgroups;
import io.j8s.node.containerd.Containerd;
import io.j8s.node.containerd.ContainerdConfig;
import io.j8s.node.containerd.ImageMounts;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.RuntimeFeatures;
import io.j8s.node.eviction.Evictions;
import io.j8s.node.eviction.Host;
import io.j8s.node.host.Leftovers;
import io.j8s.node.host.Linux;
import io.j8s.node.images.ImageCollection;
import io.j8s.node.images.ImagePuller;
import io.j8s.node.images.PauseImage;
import io.j8s.node.logs.LogRotation;
import io.j8s.node.metrics.AgentMetrics;
import io.j8s.node.pods.NodeContext;
import io.j8s.node.pods.PodServices;
import io.j8s.node.pods.PodWorkers;
import io.j8s.node.pods.StaticPods;
import io.j8s.node.probes.ProbeCounts;
import io.j8s.node.probes.Prober;
import io.j8s.node.registration.HostFacts;
import io.j8s.node.server.HealthServer;
import io.j8s.node.server.KubeletServer;
import io.j8s.node.settings.ApiSettings;
import io.j8s.node.settings.PodSettings;
import io.j8s.node.settings.RuntimeSettings;
import io.j8s.node.shutdown.GracefulShutdown;
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
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The node agent: brings the pods that are bound to its node to run, and tells the API how they are. This class puts it together, in start order.
///
/// A close leaves containers running; the next start takes them over. [#down] ends the runtime as well (containers go on under their shims),
/// [#erase] ends everything and removes what is on disk.
public final class Kubelet implements AutoCloseable {
    private final KubeletConfig config;
    private final @Nullable Containerd containerd;
    private final Cri cri;
    private final EventRecorder events;
    private final Informer<Service> services;
    private final Informer<Pod> pods;
    private final PodWorkers workers;
    private final AgentMetrics metrics;
    private final NodeEvents nodeEvents;
    private final Informer<Node> nodes;
    private final NodeReporter reporter;
    private final PodCgroups cgroups;
    private final ProbeCounts probes = new ProbeCounts();
    private final EventLoops loops;
    private @Nullable KubeletServer server;
    private @Nullable HealthServer health;
    private final @Nullable GracefulShutdown shutdown;
    private volatile @Nullable Evictions evictions;
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
        containerd = config.runtime() instanceof RuntimeSettings.Own(ContainerdConfig own) ? Containerd.start(own, timeline) : null;
        cri = cri();
        loadPauseImage();
        events = new EventRecorder(client, timeline, "kubelet", config.nodeName());
        services = new Informer<>(client, timeline, Service.RESOURCE);
        nodes = new Informer<>(client, timeline, Node.RESOURCE, "", ListOptions.fields("metadata.name=" + config.nodeName()));
        pods = new Informer<>(client, timeline, Pod.RESOURCE, "", ListOptions.fields("spec.nodeName=" + config.nodeName()));
        metrics = new AgentMetrics(timeline, PodCgroups.isUnified());
        cri.tell(metrics);
        nodeEvents = new NodeEvents(events, config.nodeName());
        reporter = new NodeReporter(config, client, cri, timeline, nodeEvents, this::pressure, this::shuttingDown);
        PodSettings settings = config.pods();
        cgroups = new PodCgroups(config.resources().cgroupRoot(), config.resources().podPidsLimit());
        NodeContext node = new NodeContext(config.nodeName(), HostFacts.hostName(), config.addresses(), settings, reporter.allocatable(), HostFacts.memoryBytes(), RuntimeFeatures.of(cri.status()));
        workers = new PodWorkers(new PodServices(client, timeline, cri, events, node, config.dirs(), new PodVolumes(client, config.dirs(), timeline),
                cgroups, new ImagePuller(cri, client, timeline, events, settings.parallelPulls()), new ImageMounts(socket()),
                new Prober(cri), probes, metrics, services.lister()), this::pressure, this::shuttingDown);
        shutdown = new GracefulShutdown(config.shutdown(), new EndingPods(workers, nodeEvents, reporter, timeline), timeline);
    }

    private boolean shuttingDown() {
        GracefulShutdown watching = shutdown;
        return watching != null && watching.shuttingDown();
    }

    /// The node's conditions that tell of a shortage.
    private List<String> pressure() {
        Evictions watching = evictions;
        return watching == null ? List.of() : watching.conditions();
    }

    private Cri cri() {
        return switch (config.runtime()) {
            case RuntimeSettings.Own _ -> containerd().cri();
            case RuntimeSettings.Existing(Path socket) -> new Cri(socket);
        };
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
        NodeFigures figures = new NodeFigures(config.nodeName(), cri, workers, cgroups, probes, metrics, timeline, config.dirs(), imageStorage(), config.document());
        server = KubeletServer.start(new KubeletServer.Parts(config.nodeName(), client, timeline, loops, cri, workers, config.dirs(), figures), config.api());
        ApiSettings.Address healthAddress = config.api().health();
        health = healthAddress == null ? null : new HealthServer(loops, timeline, healthAddress, this::live);
        ImageCollection collection = new ImageCollection(cri, timeline, config.dirs().root(), pauseImage(), config.housekeeping(), this::mountedImages);
        Evictions watching = new Evictions(config.eviction(), new Host(config.dirs().root(), imageStorage()), new EvictablePods(workers, figures, collection, config.dirs()), events,
                NodeEvents.reference(config.nodeName()), timeline);
        evictions = watching;
        watching.look();
        services.start();
        nodeEvents.starting(PodCgroups.isUnified());
        enforce();
        nodes.addHandler(new NodeHandler());
        nodes.start();
        reporter.start(port());
        services.awaitSynced();
        workers.start();
        pods.addHandler(new PodHandler());
        pods.start();
        pods.awaitSynced();
        Path manifestPath = config.pods().manifests();
        if (manifestPath != null) {
            StaticPods manifests = new StaticPods(manifestPath, config.pods().manifestPeriod(), config.nodeName(), client, timeline, workers);
            manifests.look();
            tasks.add(timeline.start("static pods", manifests::run));
        }
        workers.removeOrphans();
        tasks.add(timeline.start("log rotation", new LogRotation(cri, timeline, config.dirs().podLogs(), config.housekeeping())::run));
        tasks.add(timeline.start("image collection", collection::run));
        tasks.add(timeline.start("evictions", watching::run));
        if (shutdown != null && !config.shutdown().spans().isEmpty()) {
            tasks.add(timeline.start("host shutdown", shutdown::run));
        }
    }

    /// Holds all pods together to what the node has for them.
    private void enforce() {
        try {
            cgroups.enforce(reporter.enforced());
            nodeEvents.limitsEnforced();
        } catch (IOException e) {
            nodeEvents.limitsRefused(cgroups.root(), String.valueOf(e.getMessage()));
        }
    }

    /// Whether the agent works: its workers take part in what happens.
    private boolean live() {
        return !tasks.isEmpty() && tasks.stream().noneMatch(Task::done);
    }

    /// A directory on the file system that images are on, as the runtime says.
    private Path imageStorage() {
        return cri.imageFilesystems().stream().map(usage -> Path.of(usage.getFsId().getMountpoint())).filter(Files::isDirectory).findFirst().orElse(config.dirs().root());
    }

    private Set<String> mountedImages() {
        return workers.pods().stream().flatMap(p -> p.spec().volumes().stream()).filter(Volume::hasImage).map(v -> v.image().reference()).collect(Collectors.toSet());
    }

    private Path socket() {
        return switch (config.runtime()) {
            case RuntimeSettings.Own(ContainerdConfig own) -> own.socket();
            case RuntimeSettings.Existing(Path existing) -> existing;
        };
    }

    private String pauseImage() {
        return config.runtime() instanceof RuntimeSettings.Own(ContainerdConfig own) ? own.pauseImage() : "";
    }

    /// The agent's own runtime, for images and their archives.
    ///
    /// @throws IllegalStateException when it works with one that somebody else runs
    public Containerd containerd() {
        Containerd own = containerd;
        if (own == null) {
            throw new IllegalStateException("node " + config.nodeName() + " has no runtime of its own");
        }
        return own;
    }

    /// The port of the HTTPS API; 0 when there is none.
    public int port() {
        KubeletServer running = server;
        return running == null ? 0 : running.port();
    }

    /// The pods here, with their newest status.
    public List<Pod> pods() {
        return workers.pods();
    }

    @Override
    public void close() {
        end();
        closeRuntime();
    }

    private void closeRuntime() {
        Containerd own = containerd;
        if (own != null) {
            own.close();
        } else {
            cri.close();
        }
    }

    /// Ends everything but the runtime and what runs in it.
    private void end() {
        KubeletServer serving = server;
        if (serving != null) {
            serving.close();
        }
        HealthServer answering = health;
        if (answering != null) {
            answering.close();
        }
        if (shutdown != null) {
            shutdown.close();
        }
        tasks.forEach(Task::close);
        pods.close();
        workers.close();
        reporter.close();
        nodes.close();
        services.close();
        events.close();
    }

    /// As [#close], and ends the runtime; containers go on.
    public void down() throws IOException {
        close();
        Containerd own = containerd;
        if (own != null) {
            own.stop();
        }
    }

    /// Ends all pods and the runtime, and removes everything that this agent kept on the host.
    public void erase() throws IOException {
        end();
        containerd().erase();
        cgroups.removeAll();
        Leftovers.remove(config.dirs().root());
        Leftovers.remove(config.dirs().podLogs());
        Leftovers.remove(config.dirs().containerLogs());
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
        if (!pauseImage().equals(PauseImage.NAME) || cri.image(PauseImage.NAME) != null) {
            return;
        }
        Path archive = Files.createTempFile(config.dirs().root(), "pause", ".tar");
        try {
            try (OutputStream out = Files.newOutputStream(archive)) {
                PauseImage.write(System.getProperty("os.arch"), out);
            }
            containerd().load(archive);
        } finally {
            Files.delete(archive);
        }
    }

    private final class NodeHandler implements Handler<Node> {
        @Override
        public void added(Node node) {
            // nothing to tell
        }

        @Override
        public void changed(Node before, Node after) {
            nodeEvents.schedulable(before, after);
        }

        @Override
        public void deleted(Node last) {
            // whoever deleted it knows
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
