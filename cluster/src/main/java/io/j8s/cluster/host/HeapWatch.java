package io.j8s.cluster.host;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// Keeps the heap of a long-running process near what lives in it. The serial collector, by itself, collects its old generation only when the heap cannot grow any more (here: at half of
/// the host's memory), and until then every object that outlived a young collection stays: a server took 1,190 MiB after 32,000 pods had come and gone. The
/// old generation is collected here when what is in use has doubled, and has grown by more than [#SLACK_BYTES]: a pause of a millisecond a megabyte that lives, so seldom that it costs
/// less than a hundredth of the time at a thousand writes a second.
///
/// When hardly anything was added for a minute, what came and went before is collected, too, and the room that a large heap keeps free is made small: the host has its memory back.
public final class HeapWatch implements AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int LOOKS_OF_A_MINUTE = 12;
    private static final long SLACK_BYTES = 256L << 20;
    private static final long SLACK_AT_REST_BYTES = 64L << 20;
    private static final long HARDLY_ANYTHING_BYTES = 16L << 20;
    private static final long LARGE_BYTES = 256L << 20;

    private final Task task;
    private long live = used();
    private long lowestBefore = live;
    private long lowest = Long.MAX_VALUE;
    private int looks;

    private HeapWatch(Timeline timeline) {
        task = timeline.start("heap watch", () -> {
            while (true) {
                timeline.sleep(LOOK);
                look(used());
            }
        });
    }

    /// Watches until it is closed.
    public static HeapWatch start(Timeline timeline) {
        return new HeapWatch(timeline);
    }

    private void look(long used) {
        lowest = Math.min(lowest, used); // between two young collections it goes up and down
        if (used > 2 * live + SLACK_BYTES) {
            collect();
        } else if (++looks == LOOKS_OF_A_MINUTE) {
            boolean atRest = lowest < lowestBefore + lowestBefore / 16 + HARDLY_ANYTHING_BYTES;
            if (atRest && lowest > live + live / 4 + SLACK_AT_REST_BYTES) {
                if (lowest > LARGE_BYTES) {
                    keepLittleFree();
                }
                collect();
            } else {
                newMinute(lowest);
            }
        }
    }

    private void collect() {
        System.gc();
        live = used();
        newMinute(live);
    }

    private void newMinute(long before) {
        lowestBefore = before;
        lowest = Long.MAX_VALUE;
        looks = 0;
    }

    /// About a tenth of a large heap is room enough to begin with: it grows when there is more to do. The JVM lets these two be set while it runs.
    private static void keepLittleFree() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (machine != null) {
            machine.setVMOption("MinHeapFreeRatio", "10");
            machine.setVMOption("MaxHeapFreeRatio", "12");
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Override
    public void close() {
        task.close();
    }
}
