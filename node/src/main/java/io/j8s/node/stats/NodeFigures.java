package io.j8s.node.stats;

import io.j8s.model.Json;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.ContainerStats;
import io.j8s.node.pods.Labels;
import io.j8s.node.pods.PodWorkers;
import io.j8s.node.server.Figures;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Summary API and the metrics of a node agent, worked out when they are asked for from the runtime's figures and /proc. Rates are between two questions.
public final class NodeFigures implements Figures {
    private static final Logger LOG = LoggerFactory.getLogger(NodeFigures.class);
    private static final double NANOS = 1e9;

    private final String node;
    private final Cri cri;
    private final PodWorkers workers;
    private final Timeline timeline;
    private final Path storage;
    private final Map<String, Object> configuration;
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();

    private record Sample(long timeNanos, long cpuNanos, long rate) {}

    /// One container's figures.
    private record Usage(String namespace, String pod, String podUid, String container, long cpuNanos, long nanoCores, long workingSet, long usage, long rss, long diskBytes, long inodes, Instant started) {}

    /// @param storage a directory on the file system that pods write to
    /// @param configuration for `/configz`
    public NodeFigures(String node, Cri cri, PodWorkers workers, Timeline timeline, Path storage, Map<String, Object> configuration) {
        this.node = node;
        this.cri = cri;
        this.workers = workers;
        this.timeline = timeline;
        this.storage = storage;
        this.configuration = Map.copyOf(configuration);
    }

    @Override
    public byte[] summary() {
        try {
            String now = timeline.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
            HostUsage host = HostUsage.read();
            FileStore store = Files.getFileStore(storage);
            Map<String, Object> nodePart = new LinkedHashMap<>();
            nodePart.put("nodeName", node);
            nodePart.put("startTime", Instant.ofEpochSecond(host.bootSeconds()).toString());
            nodePart.put("cpu", cpu(now, rate("node", host.cpuNanos()), host.cpuNanos()));
            nodePart.put("memory", Map.of("time", now, "availableBytes", host.memoryAvailableBytes(), "usageBytes", host.memoryUsedBytes(), "workingSetBytes", host.memoryUsedBytes()));
            nodePart.put("fs", Map.of("time", now, "availableBytes", store.getUsableSpace(), "capacityBytes", store.getTotalSpace(), "usedBytes", store.getTotalSpace() - store.getUnallocatedSpace()));
            Map<String, List<Usage>> byPod = new LinkedHashMap<>();
            usages().forEach(u -> byPod.computeIfAbsent(u.podUid(), k -> new ArrayList<>()).add(u));
            List<Object> pods = byPod.values().stream().<Object>map(list -> pod(list, now)).toList();
            return Json.writePlain(Map.of("node", nodePart, "pods", pods));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Map<String, Object> pod(List<Usage> containers, String now) {
        Usage first = containers.getFirst();
        Map<String, Object> pod = new LinkedHashMap<>();
        pod.put("podRef", Map.of("name", first.pod(), "namespace", first.namespace(), "uid", first.podUid()));
        pod.put("startTime", containers.stream().map(Usage::started).min(Instant::compareTo).orElseThrow().toString());
        pod.put("containers", containers.stream().map(u -> Map.of("name", u.container(), "startTime", u.started().toString(),
                "cpu", cpu(now, u.nanoCores(), u.cpuNanos()),
                "memory", Map.of("time", now, "usageBytes", u.usage(), "workingSetBytes", u.workingSet(), "rssBytes", u.rss()),
                "rootfs", Map.of("time", now, "usedBytes", u.diskBytes(), "inodesUsed", u.inodes()))).toList());
        pod.put("cpu", cpu(now, sum(containers, Usage::nanoCores), sum(containers, Usage::cpuNanos)));
        pod.put("memory", Map.of("time", now, "usageBytes", sum(containers, Usage::usage), "workingSetBytes", sum(containers, Usage::workingSet), "rssBytes", sum(containers, Usage::rss)));
        return pod;
    }

    private static Map<String, Object> cpu(String now, long nanoCores, long total) {
        return Map.of("time", now, "usageNanoCores", nanoCores, "usageCoreNanoSeconds", total);
    }

    private static long sum(List<Usage> usages, java.util.function.ToLongFunction<Usage> figure) {
        return usages.stream().mapToLong(figure).sum();
    }

    @Override
    public String metrics(String part) {
        PrometheusText out = new PrometheusText();
        try {
            switch (part) {
                case "resource" -> resource(out);
                case "cadvisor" -> cadvisor(out);
                case "probes" -> { }
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
        List<Usage> usages = usages();
        out.counter("node_cpu_usage_seconds_total", "Cumulative cpu time consumed by the node in core-seconds").sample(host.cpuNanos() / NANOS);
        out.gauge("node_memory_working_set_bytes", "Current working set of the node in bytes").sample(host.memoryUsedBytes());
        out.counter("container_cpu_usage_seconds_total", "Cumulative cpu time consumed by the container in core-seconds");
        usages.forEach(u -> out.sample(u.cpuNanos() / NANOS, labels(u)));
        out.gauge("container_memory_working_set_bytes", "Current working set of the container in bytes");
        usages.forEach(u -> out.sample(u.workingSet(), labels(u)));
        out.gauge("container_start_time_seconds", "Start time of the container since unix epoch in seconds");
        usages.forEach(u -> out.sample(u.started().toEpochMilli() / 1000.0, labels(u)));
        Map<String, List<Usage>> pods = new LinkedHashMap<>();
        usages.forEach(u -> pods.computeIfAbsent(u.podUid(), k -> new ArrayList<>()).add(u));
        out.counter("pod_cpu_usage_seconds_total", "Cumulative cpu time consumed by the pod in core-seconds");
        pods.values().forEach(p -> out.sample(sum(p, Usage::cpuNanos) / NANOS, "namespace", p.getFirst().namespace(), "pod", p.getFirst().pod()));
        out.gauge("pod_memory_working_set_bytes", "Current working set of the pod in bytes");
        pods.values().forEach(p -> out.sample(sum(p, Usage::workingSet), "namespace", p.getFirst().namespace(), "pod", p.getFirst().pod()));
        out.gauge("resource_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise").sample(0);
    }

    private void cadvisor(PrometheusText out) {
        List<Usage> usages = usages();
        out.counter("container_cpu_usage_seconds_total", "Cumulative cpu time consumed in seconds.");
        usages.forEach(u -> out.sample(u.cpuNanos() / NANOS, labels(u)));
        out.gauge("container_memory_working_set_bytes", "Current working set in bytes.");
        usages.forEach(u -> out.sample(u.workingSet(), labels(u)));
        out.gauge("container_memory_usage_bytes", "Current memory usage in bytes, including all memory regardless of when it was accessed");
        usages.forEach(u -> out.sample(u.usage(), labels(u)));
        out.gauge("container_memory_rss", "Size of RSS in bytes.");
        usages.forEach(u -> out.sample(u.rss(), labels(u)));
        out.gauge("container_fs_usage_bytes", "Number of bytes that are consumed by the container on this filesystem.");
        usages.forEach(u -> out.sample(u.diskBytes(), labels(u)));
        out.gauge("container_start_time_seconds", "Start time of the container since unix epoch in seconds.");
        usages.forEach(u -> out.sample(u.started().getEpochSecond(), labels(u)));
    }

    private void own(PrometheusText out) {
        List<Pod> pods = workers.pods();
        out.gauge("kubelet_node_name", "The node's name. The count is always 1.").sample(1, "node", node);
        out.gauge("kubelet_running_pods", "Number of pods that have a running pod sandbox").sample(pods.stream().filter(p -> p.status().phase().equals("Running")).count());
        out.gauge("kubelet_running_containers", "Number of containers currently running");
        out.sample(states(pods).filter(s -> s.state().hasRunning()).count(), "container_state", "running");
        out.sample(states(pods).filter(s -> s.state().hasTerminated()).count(), "container_state", "exited");
        Runtime runtime = Runtime.getRuntime();
        out.gauge("process_resident_memory_bytes", "Memory that the process holds in bytes.").sample(runtime.totalMemory());
        ProcessHandle.current().info().totalCpuDuration().ifPresent(d ->
                out.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.").sample(d.toNanos() / NANOS));
    }

    private static Stream<ContainerStatus> states(List<Pod> pods) {
        return pods.stream().flatMap(p -> Stream.concat(p.status().containerStatuses().stream(), p.status().initContainerStatuses().stream()));
    }

    @Override
    public byte[] configuration() {
        return Json.writePlain(Map.of("kubeletconfig", configuration));
    }

    private List<Usage> usages() {
        Map<String, Instant> started = new LinkedHashMap<>();
        states(workers.pods()).filter(s -> s.state().hasRunning() && s.state().running().startedAt() != null)
                .forEach(s -> started.put(s.containerID().replaceFirst("^[a-z]+://", ""), s.state().running().startedAt()));
        List<Usage> usages = new ArrayList<>();
        for (ContainerStats stats : cri.stats()) {
            Instant since = started.get(stats.getAttributes().getId());
            if (since != null) {
                var labels = stats.getAttributes().getLabelsMap();
                long cpu = stats.getCpu().getUsageCoreNanoSeconds().getValue();
                usages.add(new Usage(labels.getOrDefault(Labels.POD_NAMESPACE, ""), labels.getOrDefault(Labels.POD_NAME, ""), labels.getOrDefault(Labels.POD_UID, ""),
                        labels.getOrDefault(Labels.CONTAINER_NAME, ""), cpu, rate(stats.getAttributes().getId(), cpu), stats.getMemory().getWorkingSetBytes().getValue(),
                        Math.max(stats.getMemory().getUsageBytes().getValue(), stats.getMemory().getWorkingSetBytes().getValue()), stats.getMemory().getRssBytes().getValue(),
                        stats.getWritableLayer().getUsedBytes().getValue(), stats.getWritableLayer().getInodesUsed().getValue(), since));
            }
        }
        samples.keySet().removeIf(id -> !id.equals("node") && !started.containsKey(id));
        return usages;
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

    private static String[] labels(Usage usage) {
        return new String[] {"container", usage.container(), "namespace", usage.namespace(), "pod", usage.pod()};
    }
}
