package io.j8s.apiserver.metrics;

import io.j8s.runtime.Timeline;
import java.util.concurrent.atomic.AtomicInteger;

/// A number that goes up and down, and the highest that it was in this second or the last one: a reader that comes every now and then would miss what lasts a millisecond. Any thread; where two
/// meet at the turn of a second, one of their marks may be lost.
public final class HighestInSecond {

    private static final long SECOND = 1_000_000_000L;

    private final Timeline timeline;
    private final AtomicInteger now = new AtomicInteger();
    private volatile Marks marks = new Marks(Long.MIN_VALUE, 0, 0);

    /// @param before the highest of the second before
    private record Marks(long second, int highest, int before) {}

    public HighestInSecond(Timeline timeline) {
        this.timeline = timeline;
    }

    public void entered(long nowNanos) {
        int number = now.incrementAndGet();
        Marks known = marks;
        long second = nowNanos / SECOND;
        if (second != known.second) {
            marks = new Marks(second, number, second == known.second + 1 ? known.highest : number - 1);
        } else if (number > known.highest) {
            marks = new Marks(second, number, known.before);
        }
    }

    public void left() {
        now.decrementAndGet();
    }

    public int value() {
        Marks known = marks;
        long second = timeline.nanoTime() / SECOND;
        int number = now.get();
        return second == known.second ? Math.max(number, Math.max(known.highest, known.before)) : second == known.second + 1 ? Math.max(number, known.highest) : number;
    }
}
