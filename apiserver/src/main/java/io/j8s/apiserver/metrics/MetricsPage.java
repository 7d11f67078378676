package io.j8s.apiserver.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The text of `/metrics`.
public final class MetricsPage {

    /// The content type of the text.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private final RequestMetrics requests;
    private final Supplier<SortedMap<String, Integer>> objects;
    private final List<Consumer<StringBuilder>> more = new CopyOnWriteArrayList<>();

    /// @param objects how many objects there are of each resource, by its qualified name
    public MetricsPage(RequestMetrics requests, Supplier<SortedMap<String, Integer>> objects) {
        this.requests = requests;
        this.objects = objects;
    }

    /// More to be on the page: appends samples in the text format.
    public void add(Consumer<StringBuilder> samples) {
        more.add(samples);
    }

    public byte[] text() {
        StringBuilder out = new StringBuilder(8192);
        requests.write(out);
        Text.head(out, "apiserver_storage_objects", "gauge", "Objects stored, by resource.");
        objects.get().forEach((resource, count) -> Text.sample(out, "apiserver_storage_objects", "resource=\"" + resource + "\"", count));
        more.forEach(samples -> samples.accept(out));
        process(out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void process(StringBuilder out) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        ProcessHandle.current().info().totalCpuDuration().ifPresent(spent -> {
            Text.head(out, "process_cpu_seconds_total", "counter", "User and system time of this process.");
            Text.sample(out, "process_cpu_seconds_total", "", spent.toMillis() / 1e3);
        });
        ProcessHandle.current().info().startInstant().ifPresent(start -> {
            Text.head(out, "process_start_time_seconds", "gauge", "When this process started, in seconds since 1970.");
            Text.sample(out, "process_start_time_seconds", "", start.toEpochMilli() / 1e3);
        });
        Text.head(out, "jvm_memory_used_bytes", "gauge", "Memory that the virtual machine uses.");
        Text.sample(out, "jvm_memory_used_bytes", "area=\"heap\"", memory.getHeapMemoryUsage().getUsed());
        Text.sample(out, "jvm_memory_used_bytes", "area=\"nonheap\"", memory.getNonHeapMemoryUsage().getUsed());
        Text.head(out, "jvm_threads_current", "gauge", "Platform threads.");
        Text.sample(out, "jvm_threads_current", "", ManagementFactory.getThreadMXBean().getThreadCount());
    }
}
