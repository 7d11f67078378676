package io.j8s.node.shutdown;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/// How long pods have when the host goes down.
///
/// @param spans by the pods' priority, in the order in which they are ended (`shutdownGracePeriodByPodPriority`); none: pods go on until the host ends them
/// @param tools where systemd's programs are, `busctl` and `systemd-inhibit`
public record ShutdownSettings(List<Span> spans, Path tools) {
    public static final ShutdownSettings NONE = new ShutdownSettings(List.of(), Path.of("/usr/bin"));
    private static final int CRITICAL = 2_000_000_000;

    /// @param priority from which on a pod has this long
    public record Span(int priority, long seconds) {
        public Span {
            if (seconds < 0) {
                throw new IllegalArgumentException("shutdownGracePeriodByPodPriority: shutdownGracePeriodSeconds " + seconds + " of priority " + priority + " must not be negative");
            }
        }
    }

    public ShutdownSettings {
        spans = spans.stream().sorted(Comparator.comparingInt(Span::priority)).toList();
        if (!spans.stream().map(Span::priority).allMatch(new HashSet<>()::add)) {
            throw new IllegalArgumentException("shutdownGracePeriodByPodPriority: each priority may stand there once");
        }
    }

    /// One time for all (`shutdownGracePeriod`), the end of which is for critical pods (`shutdownGracePeriodCriticalPods`).
    public static ShutdownSettings of(Duration all, Duration critical) {
        if (all.isNegative() || critical.isNegative() || (!all.isZero() && all.toSeconds() == 0) || (!critical.isZero() && critical.toSeconds() == 0)) {
            throw new IllegalArgumentException("shutdownGracePeriod and shutdownGracePeriodCriticalPods must be either zero or otherwise >= 1 sec");
        }
        if (all.compareTo(critical) < 0) {
            throw new IllegalArgumentException("shutdownGracePeriod " + all.toSeconds() + "s must be >= shutdownGracePeriodCriticalPods " + critical.toSeconds() + "s");
        }
        return all.isZero() ? NONE : new ShutdownSettings(List.of(new Span(0, all.minus(critical).toSeconds()), new Span(CRITICAL, critical.toSeconds())), NONE.tools);
    }

    public ShutdownSettings withTools(Path folder) {
        return new ShutdownSettings(spans, folder);
    }

    /// How long the host has to wait.
    Duration whole() {
        return Duration.ofSeconds(spans.stream().mapToLong(Span::seconds).sum());
    }
}
