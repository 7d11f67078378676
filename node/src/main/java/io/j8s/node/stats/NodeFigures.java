package io.j8s.node.stats;

import io.j8s.model.Json;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.cgroups.GroupFigures;
import io.j8s.node.cgroups.PodCgroups;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.ContainerStats;
import io.j8s.node.eviction.PodUse;
import io.j8s.node.host.Linux;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.metrics.AgentMetrics;
import io.j8s.node.pods.PodWorkers;
import io.j8s.node.probes.ProbeCounts;
import io.j8s.node.server.Figures;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Summary API and the metrics of a node agent, worked out when they are asked for, from the kernel's figures; the runtime is asked for what is written to containers' layers.
/// Rates are between two questions.
public final class NodeFigures implements Figures {
    private static final Logger LOG = LoggerFactory.getLogger(NodeFigures.class);
    private static final double NANOS = 1e9;
    private static final GroupFigures NONE = new GroupFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final String node;
    private final Cri cri;
    private final PodWorkers workers;
    private final Timeline timeline;
    private final NodeDirs dirs;
    private final Path images;
    private final Map<String, Object> configuration;
    private final PodFigures pods;
    private final ProbeCounts probes;
    private final MetricRegistry registry;
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();

    private record Sample(long timeNanos, long cpuNanos, long rate) {}

    /// What a container has written to its own layer.
    private record Layer(long bytes, long inodes) {
        static final Layer EMPTY = new Layer(0, 0);
    }

    /// @param images a directory on the file system that images are on
    /// @param configuration for `/configz`
    public NodeFigures(String node, Cri cri, PodWorkers workers, PodCgroups cgroups, ProbeCounts probes, AgentMetrics own, Timeline timeline, NodeDirs dirs, Path images, Map<String, Object> configuration) {
        this.node = node;
        this.registry = own.registry();
        this.cri = cri;
        this.workers = workers;
        this.timeline = timeline;
        this.dirs = dirs;
        this.images = images;
        this.configuration = Map.copyOf(configuration);
        this.pods = new PodFigures(cri, workers, cgroups);
        this.probes = probes;
    }

    /// What each pod uses, by uid.
    public Map<String, PodUse> uses() {
        Map<String, Layer> layers = layers();
        Map<String, PodUse> uses = new LinkedHashMap<>();
        for (PodFigures.Figures figures : pods.collect(false)) {
            Pod pod = figures.pod();
            Map<String, PodUse.ContainerUse> each = new LinkedHashMap<>();
            long inodes = 0;
            for (PodFigures.Container container : figures.containers()) {
                Layer layer = layers.getOrDefault(container.id(), Layer.EMPTY);
                each.put(container.name(), new PodUse.ContainerUse(container.group().workingSet(), layer.bytes() + logs(pod, container.name()).bytes()));
                inodes += layer.inodes();
            }
            DiskUse volumes = localVolumes(pod).map(v -> volume(pod, v)).reduce(new DiskUse(0, 0), (a, b) -> new DiskUse(a.bytes() + b.bytes(), a.inodes() + b.inodes()));
            uses.put(pod.metadata().uid(), new PodUse(figures.group().workingSet(), each.values().stream().mapToLong(PodUse.ContainerUse::diskBytes).sum() + volumes.bytes(),
                    inodes + volumes.inodes(), figures.group().processes(), each));
        }
        return uses;
    }

    private static Stream<String> localVolumes(Pod pod) {
        return pod.spec().volumes().stream().filter(v -> v.hasEmptyDir() && !v.emptyDir().medium().equals("Memory")).map(v -> v.name());
    }

    private DiskUse volume(Pod pod, String name) {
        return DiskUse.of(dirs.volume(pod.metadata().uid(), "empty-dir", name));
    }

    private DiskUse logs(Pod pod, String container) {
        return DiskUse.of(dirs.podLog(pod.metadata().namespace(), pod.metadata().name(), pod.metadata().uid()).resolve(container));
    }

    private Map<String, Layer> layers() {
        Map<String, Layer> layers = new HashMap<>();
        for (ContainerStats stats : cri.stats()) {
            layers.put(stats.getAttributes().getId(), new Layer(stats.getWritableLayer().getUsedBytes().getValue(), stats.getWritableLayer().getInodesUsed().getValue()));
        }
        return layers;
    }

    @Override
    public byte[] summary(boolean onlyProcessorAndMemory) {
        try {
            String now = timeline.now().truncatedTo(ChronoUnit.SECONDS).toString();
            Map<String, Layer> layers = onlyProcessorAndMemory ? Map.of() : layers();
            List<PodFigures.Figures> all = pods.collect(!onlyProcessorAndMemory);
            samples.keySet().removeIf(id -> !id.equals(node) && !id.startsWith("/") && all.stream().noneMatch(p -> p.containers().stream().anyMatch(c -> c.id().equals(id))));
            return Json.writePlain(Map.of("node", node(now, onlyProcessorAndMemory), "pods", all.stream().<Object>map(p -> pod(p, layers, now, onlyProcessorAndMemory)).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> node(String now, boolean onlyProcessorAndMemory) throws IOException {
        HostUsage host = HostUsage.read();
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("nodeName", node);
        GroupFigures all = pods.group(pods.root());
        if (all != null) {
            part.put("systemContainers", List.of(Map.of("name", "pods", "startTime", Instant.ofEpochSecond(host.bootSeconds()).toString(),
                    "cpu", cpu(now, rate(pods.root(), all.cpuNanos()), all.cpuNanos()), "memory", memory(now, all))));
        }
        part.put("startTime", Instant.ofEpochSecond(host.bootSeconds()).toString());
        part.put("cpu", cpu(now, rate(node, host.cpuNanos()), host.cpuNanos()));
        part.put("memory", Map.of("time", now, "availableBytes", host.memoryAvailableBytes(), "usageBytes", host.memoryUsedBytes(), "workingSetBytes", host.memoryUsedBytes()));
        if (!onlyProcessorAndMemory) {
            part.put("network", network(now, Interfaces.of("self")));
            part.put("fs", storage(now, dirs.root()));
            part.put("runtime", Map.of("imageFs", storage(now, images), "containerFs", storage(now, images)));
            part.put("rlimit", Map.of("time", now, "maxpid", host.mostProcesses(), "curproc", host.processes()));
        }
        return part;
    }

    private Map<String, Object> pod(PodFigures.Figures figures, Map<String, Layer> layers, String now, boolean onlyProcessorAndMemory) {
        Pod pod = figures.pod();
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("podRef", Map.of("name", figures.name(), "namespace", figures.namespace(), "uid", pod.metadata().uid()));
        part.put("startTime", figures.started().toString());
        part.put("containers", figures.containers().stream().map(c -> {
            Map<String, Object> container = new LinkedHashMap<>();
            container.put("name", c.name());
            container.put("startTime", c.started().toString());
            container.put("cpu", cpu(now, rate(c.id(), c.group().cpuNanos()), c.group().cpuNanos()));
            container.put("memory", memory(now, c.group()));
            if (!onlyProcessorAndMemory) {
                Layer layer = layers.getOrDefault(c.id(), Layer.EMPTY);
                container.put("rootfs", used(now, new DiskUse(layer.bytes(), layer.inodes())));
                container.put("logs", used(now, logs(pod, c.name())));
            }
            return container;
        }).toList());
        part.put("cpu", cpu(now, rate(figures.groupName(), figures.group().cpuNanos()), figures.group().cpuNanos()));
        part.put("memory", memory(now, figures.group()));
        part.put("process_stats", Map.of("process_count", figures.group().processes()));
        if (!onlyProcessorAndMemory) {
            part.put("network", network(now, figures.interfaces()));
            part.put("volume", localVolumes(pod).map(name -> {
                Map<String, Object> volume = new LinkedHashMap<>(used(now, volume(pod, name)));
                volume.put("name", name);
                return volume;
            }).toList());
        }
        return part;
    }

    private static Map<String, Object> used(String now, DiskUse use) {
        return Map.of("time", now, "usedBytes", use.bytes(), "inodesUsed", use.inodes());
    }

    private static Map<String, Object> storage(String now, Path path) throws IOException {
        Linux.Space space = Linux.space(path);
        return Map.of("time", now, "availableBytes", space.availableBytes(), "capacityBytes", space.bytes(), "usedBytes", space.bytes() - space.availableBytes(),
                "inodes", space.files(), "inodesFree", space.freeFiles(), "inodesUsed", space.files() - space.freeFiles());
    }

    private static Map<String, Object> cpu(String now, long nanoCores, long total) {
        return Map.of("time", now, "usageNanoCores", nanoCores, "usageCoreNanoSeconds", total);
    }

    private static Map<String, Object> memory(String now, GroupFigures group) {
        return Map.of("time", now, "usageBytes", group.memory(), "workingSetBytes", group.workingSet(), "rssBytes", group.rss());
    }

    /// The first interface stands for all, as upstream's default one does.
    private static Map<String, Object> network(String now, List<Interfaces> interfaces) {
        Map<String, Object> part = new LinkedHashMap<>(Map.of("time", now));
        if (!interfaces.isEmpty()) {
            part.putAll(traffic(interfaces.getFirst()));
        }
        part.put("interfaces", interfaces.stream().map(NodeFigures::traffic).toList());
        return part;
    }

    private static Map<String, Object> traffic(Interfaces each) {
        return Map.of("name", each.name(), "rxBytes", each.receivedBytes(), "rxErrors", each.receiveErrors(), "txBytes", each.sentBytes(), "txErrors", each.sendErrors());
    }

    @Override
    public String metrics(String part) {
        PrometheusText out = new PrometheusText();
        try {
            switch (part) {
                case "resource" -> resource(out);
                case "cadvisor" -> containers(out);
                case "probes" -> {
                    out.counter("prober_probe_total", "Cumulative number of a liveness, readiness or startup probe for a container by result.");
                    probes.each((key, count) -> out.sample(count, "container", key.container(), "namespace", key.namespace(), "pod", key.pod(), "pod_uid", key.podUid(),
                            "probe_type", key.type(), "result", key.result()));
                }
                default -> own(out);
            }
        } catch (IOException | CriException e) {
            LOG.warn("figures cannot be read: {}", e.getMessage());
            out.gauge("resource_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise").sample(1);
        }
        return out.text();
    }

    private void resource(PrometheusText out) throws IOException {
        HostUsage host = HostUsage.read();
        List<PodFigures.Figures> all = pods.collect(false);
        out.counter("node_cpu_usage_seconds_total", "Cumulative cpu time consumed by the node in core-seconds").sample(host.cpuNanos() / NANOS);
        out.gauge("node_memory_working_set_bytes", "Current working set of the node in bytes").sample(host.memoryUsedBytes());
        out.counter("container_cpu_usage_seconds_total", "Cumulative cpu time consumed by the container in core-seconds");
        all.forEach(p -> p.containers().forEach(c -> out.sample(c.group().cpuNanos() / NANOS, labels(p, c))));
        out.gauge("container_memory_working_set_bytes", "Current working set of the container in bytes");
        all.forEach(p -> p.containers().forEach(c -> out.sample(c.group().workingSet(), labels(p, c))));
        out.gauge("container_start_time_seconds", "Start time of the container since unix epoch in seconds");
        all.forEach(p -> p.containers().forEach(c -> out.sample(c.started().toEpochMilli() / 1000.0, labels(p, c))));
        out.gauge("container_swap_usage_bytes", "Current amount of the container swap usage in bytes. Reported only on non-windows systems");
        all.forEach(p -> p.containers().forEach(c -> out.sample(c.group().swap(), labels(p, c))));
        out.counter("pod_cpu_usage_seconds_total", "Cumulative cpu time consumed by the pod in core-seconds");
        all.forEach(p -> out.sample(p.group().cpuNanos() / NANOS, "namespace", p.namespace(), "pod", p.name()));
        out.gauge("pod_memory_working_set_bytes", "Current working set of the pod in bytes");
        all.forEach(p -> out.sample(p.group().workingSet(), "namespace", p.namespace(), "pod", p.name()));
        out.gauge("resource_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise").sample(0);
    }

    private static String[] labels(PodFigures.Figures pod, PodFigures.Container container) {
        return new String[] {"container", container.name(), "namespace", pod.namespace(), "pod", pod.name()};
    }

    private void containers(PrometheusText out) throws IOException {
        HostUsage host = HostUsage.read();
        Map<String, GroupFigures> wholes = new LinkedHashMap<>();
        for (String name : List.of("/", pods.root())) {
            GroupFigures group = pods.group(name);
            wholes.put(name, group == null ? NONE : group);
        }
        new ContainerMetrics(out, pods.collect(true), wholes).write(timeline.now().toEpochMilli() / 1000.0);
        out.gauge("machine_cpu_cores", "Number of logical CPU cores.").sample(Runtime.getRuntime().availableProcessors());
        out.gauge("machine_memory_bytes", "Amount of memory installed on the machine.").sample(host.memoryTotalBytes());
        out.gauge("container_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise").sample(0);
    }

    private void own(PrometheusText out) {
        List<Pod> all = workers.pods();
        out.gauge("kubelet_node_name", "The node's name. The count is always 1.").sample(1, "node", node);
        out.gauge("kubelet_running_pods", "Number of pods that have a running pod sandbox").sample(all.stream().filter(p -> p.status().phase().equals("Running")).count());
        out.gauge("kubelet_desired_pods", "The number of pods the kubelet is being instructed to run.").sample(all.size());
        out.gauge("kubelet_running_containers", "Number of containers currently running");
        out.sample(states(all).filter(s -> s.state().hasRunning()).count(), "container_state", "running");
        out.sample(states(all).filter(s -> s.state().hasTerminated()).count(), "container_state", "exited");
        out.raw(registry.text());
    }

    private static Stream<ContainerStatus> states(List<Pod> pods) {
        return pods.stream().flatMap(p -> Stream.concat(p.status().containerStatuses().stream(), p.status().initContainerStatuses().stream()));
    }

    @Override
    public byte[] configuration() {
        return Json.writePlain(Map.of("kubeletconfig", configuration));
    }

    /// The use of processors since the last question, in billionths of one. Questions less than a second apart get the same answer.
    private long rate(String id, long cpuNanos) {
        long now = timeline.nanoTime();
        return samples.compute(id, (key, before) -> {
            if (before == null) {
                return new Sample(now, cpuNanos, 0);
            }
            long passed = now - before.timeNanos();
            return passed < NANOS ? before : new Sample(now, cpuNanos, (long) ((cpuNanos - before.cpuNanos()) / (passed / NANOS)));
        }).rate();
    }
}
