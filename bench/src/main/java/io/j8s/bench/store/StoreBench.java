package io.j8s.bench.store;

import com.sun.management.OperatingSystemMXBean;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.LocalStore;
import io.j8s.store.Operation;
import io.j8s.store.Snapshot;
import io.j8s.store.Store;
import io.j8s.store.Transaction;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// Measures the embedded store and prints a row for each case: `StoreBench [DIRECTORY] [SECONDS]`.
///
/// Each put is acknowledged only when it is on disk. CPU is that of the whole process, clients included.
public final class StoreBench {

    private static final Timeline TIMELINE = Timeline.system();
    private static final int KEYS = 10_000;

    private final Path directory;
    private final Duration span;
    private final PrintStream out;

    private StoreBench(Path directory, Duration span, PrintStream out) {
        this.directory = directory;
        this.span = span;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        Path parent = Path.of(arguments.length > 0 ? arguments[0] : System.getProperty("java.io.tmpdir"));
        Duration span = Duration.ofSeconds(arguments.length > 1 ? Long.parseLong(arguments[1]) : 3);
        new StoreBench(Files.createTempDirectory(parent, "store-bench"), span, System.out).run();
    }

    private void run() throws Exception {
        out.println("case                         |   rate/s |  p50 us |  p99 us | CPU us/op");
        puts(32, 256, false);
        for (int bytes : new int[] {256, 4096}) {
            for (int clients : new int[] {1, 32, 1000}) {
                puts(clients, bytes, true);
            }
        }
        reads();
        memory(200_000, 256);
        restart(100_000, 2048);
        restart(1_000_000, 256);
        delete(directory);
    }

    private void puts(int clients, int bytes, boolean print) throws Exception {
        Path data = directory.resolve("puts-" + clients + "-" + bytes + print);
        try (LocalStore store = LocalStore.open(data, TIMELINE)) {
            List<Long> nanos = new ArrayList<>();
            AtomicLong stop = new AtomicLong();
            Measure measure = Measure.begin();
            long end = TIMELINE.nanoTime() + span.toNanos();
            List<Task> tasks = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                int first = client;
                tasks.add(TIMELINE.start("client", () -> {
                    List<Long> own = new ArrayList<>();
                    for (int i = first; stop.get() == 0; i += clients) {
                        long begin = TIMELINE.nanoTime();
                        store.commit(Transaction.of(new Operation.Put(key(i % KEYS), new byte[bytes])));
                        long now = TIMELINE.nanoTime();
                        own.add(now - begin);
                        stop.set(now > end ? 1 : 0);
                    }
                    synchronized (nanos) {
                        nanos.addAll(own);
                    }
                }));
            }
            Task compaction = TIMELINE.start("compaction", () -> compactEverySecond(store));
            for (Task task : tasks) {
                task.join();
            }
            compaction.close();
            if (print) {
                row("put " + bytes + " B, " + clients + " clients", measure, nanos.size(), nanos);
            }
        }
        delete(data);
    }

    private static void compactEverySecond(Store store) throws InterruptedException {
        while (true) {
            TIMELINE.sleep(Duration.ofSeconds(1));
            store.compact(store.revision());
        }
    }

    private static Key key(int number) {
        return Key.of("/registry/pods/default/pod-" + number);
    }

    private void reads() throws IOException {
        try (LocalStore store = LocalStore.inMemory(TIMELINE)) {
            for (int i = 0; i < KEYS; i++) {
                store.commit(Transaction.of(new Operation.Put(key(i), new byte[256])));
            }
            KeyRange all = KeyRange.prefix("/registry/pods/");
            for (int round = 0; round < 2; round++) {
                Measure gets = Measure.begin();
                for (int i = 0; i < 1_000_000; i++) {
                    if (store.snapshot().get(key(i * 7 % KEYS)) == null) {
                        throw new IllegalStateException("a key is missing");
                    }
                }
                Measure.Result got = gets.end(1_000_000);
                Measure walks = Measure.begin();
                long[] bytes = new long[1];
                for (int i = 0; i < 300; i++) {
                    Snapshot snapshot = store.snapshot();
                    snapshot.forEach(all, entry -> {
                        bytes[0] += entry.value().length;
                        return true;
                    });
                }
                Measure.Result walked = walks.end(300);
                if (round == 1) {
                    row("get", got);
                    row("range of " + KEYS + " keys", walked);
                }
            }
        }
    }

    private void restart(int keys, int bytes) throws Exception {
        Path data = directory.resolve("restart-" + keys);
        fill(data, keys, bytes);
        for (int i = 0; i < 3; i++) {
            Measure measure = Measure.begin();
            try (LocalStore again = LocalStore.open(data, TIMELINE)) {
                Measure.Result result = measure.end(1);
                out.printf(Locale.ROOT, "restart with %d keys of %d B: %.0f ms, %.0f MB on disk%n", again.snapshot().count(KeyRange.ALL), bytes, 1e3 / result.perSecond, size(data) / 1e6);
            }
        }
    }

    private void memory(int keys, int bytes) {
        long with;
        try (LocalStore store = LocalStore.inMemory(TIMELINE)) {
            for (int i = 0; i < keys; i++) {
                store.commit(Transaction.of(new Operation.Put(key(i), new byte[bytes])));
            }
            store.compact(store.revision());
            with = usedHeap();
        }
        long keyBytes = key(keys - 1).length();
        out.printf(Locale.ROOT, "memory with %d keys of %d B: %d B an entry beyond the bytes of key and value%n", keys, bytes, (with - usedHeap()) / keys - bytes - keyBytes);
    }

    private static void fill(Path data, int keys, int bytes) throws Exception {
        try (LocalStore store = LocalStore.open(data, TIMELINE)) {
            List<Task> writers = new ArrayList<>();
            for (int writer = 0; writer < 64; writer++) {
                int first = writer;
                writers.add(TIMELINE.start("fill", () -> {
                    for (int i = first; i < keys; i += 64) {
                        store.commit(Transaction.of(new Operation.Put(key(i), new byte[bytes])));
                    }
                }));
            }
            for (Task writer : writers) {
                writer.join();
            }
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long size(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void row(String what, Measure measure, long count, List<Long> nanos) {
        Measure.Result result = measure.end(count);
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        out.printf(
                Locale.ROOT,
                "%-28s | %8.0f | %7.0f | %7.0f | %9.1f%n",
                what,
                result.perSecond,
                sorted[sorted.length / 2] / 1e3,
                sorted[(int) (sorted.length * 0.99)] / 1e3,
                result.cpuMicros);
    }

    private void row(String what, Measure.Result result) {
        out.printf(Locale.ROOT, "%-28s | %8.0f | %7s | %7s | %9.1f%n", what, result.perSecond, "", "", result.cpuMicros);
    }

    /// Wall and CPU time of a span.
    private record Measure(long startNanos, long cpuNanos) {

        record Result(double perSecond, double cpuMicros) {}

        static Measure begin() {
            return new Measure(TIMELINE.nanoTime(), cpu());
        }

        Result end(long count) {
            return new Result(count * 1e9 / (TIMELINE.nanoTime() - startNanos), (cpu() - cpuNanos) / 1e3 / count);
        }

        private static long cpu() {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        }
    }
}
