package io.j8s.node.stats;

import io.j8s.node.cgroups.GroupFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The metrics that upstream's kubelet has from cAdvisor (`/metrics/cadvisor`), under the names and labels that dashboards use: for containers, for pods as wholes (without the label
/// `container`), and for all pods together.
final class ContainerMetrics {
    private static final double NANOS = 1e9;
    private static final String PAUSE = "pause";
    private final PrometheusText out;
    private final List<Row> rows = new ArrayList<>();
    private final List<PodFigures.Figures> pods;

    private record Row(String[] labels, GroupFigures group, double started, boolean container) {}

    ContainerMetrics(PrometheusText out, List<PodFigures.Figures> pods, Map<String, GroupFigures> wholes) {
        this.out = out;
        this.pods = pods;
        wholes.forEach((id, group) -> rows.add(new Row(labels("", id, "", "", "", ""), group, 0, false)));
        for (PodFigures.Figures pod : pods) {
            rows.add(new Row(labels("", pod.groupName(), "", "", pod.namespace(), pod.name()), pod.group(), pod.started().getEpochSecond(), false));
            pod.containers().forEach(c -> rows.add(new Row(labels(c.name(), c.groupName(), c.image(), c.id(), pod.namespace(), pod.name()), c.group(), c.started().getEpochSecond(), true)));
        }
    }

    void write(double nowSeconds) {
        processor();
        memory();
        storage();
        network();
        out.gauge("container_processes", "Number of processes running inside the container.");
        each(GroupFigures::processes);
        out.gauge("container_start_time_seconds", "Start time of the container since unix epoch in seconds.");
        rows.forEach(row -> out.sample(row.started(), row.labels()));
        out.gauge("container_last_seen", "Last time a container was seen by the exporter");
        rows.forEach(row -> out.sample(nowSeconds, row.labels()));
    }

    private void processor() {
        out.counter("container_cpu_usage_seconds_total", "Cumulative cpu time consumed in seconds.");
        rows.forEach(row -> out.sample(row.group().cpuNanos() / NANOS, with(row.labels(), "cpu", "total")));
        out.counter("container_cpu_user_seconds_total", "Cumulative user cpu time consumed in seconds.");
        each(g -> g.userNanos() / NANOS);
        out.counter("container_cpu_system_seconds_total", "Cumulative system cpu time consumed in seconds.");
        each(g -> g.systemNanos() / NANOS);
        out.counter("container_cpu_cfs_periods_total", "Number of elapsed enforcement period intervals.");
        limited(GroupFigures::periods);
        out.counter("container_cpu_cfs_throttled_periods_total", "Number of throttled period intervals.");
        limited(GroupFigures::throttledPeriods);
        out.counter("container_cpu_cfs_throttled_seconds_total", "Total time duration the container has been throttled.");
        limited(g -> g.throttledNanos() / NANOS);
        out.gauge("container_spec_cpu_shares", "CPU share of the container.");
        each(GroupFigures::shares);
        out.gauge("container_spec_cpu_period", "CPU period of the container.");
        each(GroupFigures::periodMicroseconds);
        out.gauge("container_spec_cpu_quota", "CPU quota of the container.");
        limited(GroupFigures::quotaMicroseconds);
    }

    private void memory() {
        out.gauge("container_memory_working_set_bytes", "Current working set in bytes.");
        each(GroupFigures::workingSet);
        out.gauge("container_memory_usage_bytes", "Current memory usage in bytes, including all memory regardless of when it was accessed");
        each(GroupFigures::memory);
        out.gauge("container_memory_rss", "Size of RSS in bytes.");
        each(GroupFigures::rss);
        out.gauge("container_memory_cache", "Number of bytes of page cache memory.");
        each(GroupFigures::cache);
        out.gauge("container_memory_swap", "Container swap usage in bytes.");
        each(GroupFigures::swap);
        out.gauge("container_memory_mapped_file", "Size of memory mapped files in bytes.");
        each(GroupFigures::mappedFile);
        out.counter("container_memory_failcnt", "Number of memory usage hits limits");
        each(GroupFigures::failures);
        out.gauge("container_spec_memory_limit_bytes", "Memory limit for the container.");
        each(GroupFigures::memoryLimit);
        out.counter("container_oom_events_total", "Count of out of memory events observed for the container");
        each(GroupFigures::oomKills);
    }

    private void storage() {
        out.counter("container_fs_reads_bytes_total", "Cumulative count of bytes read");
        each(GroupFigures::readBytes);
        out.counter("container_fs_writes_bytes_total", "Cumulative count of bytes written");
        each(GroupFigures::writtenBytes);
        out.counter("container_fs_reads_total", "Cumulative count of reads completed");
        each(GroupFigures::reads);
        out.counter("container_fs_writes_total", "Cumulative count of writes completed");
        each(GroupFigures::writes);
    }

    private void network() {
        traffic("container_network_receive_bytes_total", "Cumulative count of bytes received", Interfaces::receivedBytes);
        traffic("container_network_receive_packets_total", "Cumulative count of packets received", Interfaces::receivedPackets);
        traffic("container_network_receive_packets_dropped_total", "Cumulative count of packets dropped while receiving", Interfaces::receiveDropped);
        traffic("container_network_receive_errors_total", "Cumulative count of errors encountered while receiving", Interfaces::receiveErrors);
        traffic("container_network_transmit_bytes_total", "Cumulative count of bytes transmitted", Interfaces::sentBytes);
        traffic("container_network_transmit_packets_total", "Cumulative count of packets transmitted", Interfaces::sentPackets);
        traffic("container_network_transmit_packets_dropped_total", "Cumulative count of packets dropped while transmitting", Interfaces::sendDropped);
        traffic("container_network_transmit_errors_total", "Cumulative count of errors encountered while transmitting", Interfaces::sendErrors);
    }

    private void each(ToDoubleFunction<GroupFigures> figure) {
        rows.forEach(row -> out.sample(figure.applyAsDouble(row.group()), row.labels()));
    }

    /// Only where processor time is limited, as others have no such figures.
    private void limited(ToDoubleFunction<GroupFigures> figure) {
        rows.stream().filter(row -> row.group().quotaMicroseconds() > 0).forEach(row -> out.sample(figure.applyAsDouble(row.group()), row.labels()));
    }

    /// A pod's traffic is its sandbox's.
    private void traffic(String name, String help, ToDoubleFunction<Interfaces> figure) {
        out.counter(name, help);
        for (PodFigures.Figures pod : pods) {
            pod.interfaces().forEach(i -> out.sample(figure.applyAsDouble(i),
                    with(labels("", pod.groupName(), PAUSE, pod.sandbox(), pod.namespace(), pod.name()), "interface", i.name())));
        }
    }

    private static String[] labels(String container, String id, String image, String name, String namespace, String pod) {
        return new String[] {"container", container, "id", id, "image", image, "name", name, "namespace", namespace, "pod", pod};
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] more = java.util.Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = name;
        more[labels.length + 1] = value;
        return more;
    }
}
