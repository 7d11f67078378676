package io.j8s.node.logs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which part of a log is wanted (API reference, "PodLogOptions").
///
/// @param tailLines how many of the last lines; -1: all
/// @param limitBytes how many bytes at most; -1: no limit
/// @param stream `Stdout`, `Stderr` or `All`
public record LogOptions(boolean follow, boolean timestamps, @Nullable Instant since, long tailLines, long limitBytes, String stream) {
    public static final LogOptions ALL = new LogOptions(false, false, null, -1, -1, "All");
}
