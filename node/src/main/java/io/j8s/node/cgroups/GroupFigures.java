package io.j8s.node.cgroups;

/// What a control group has used and may use. What the host does not tell is 0.
///
/// @param cpuNanos of processor time
/// @param periods of its quota that have passed
/// @param throttledPeriods in which it had to wait
/// @param workingSet the memory that could not be freed at once, in bytes
/// @param rss memory that no file backs
/// @param memoryLimit 0: none
/// @param quotaMicroseconds of processor time in each period; 0: no limit
public record GroupFigures(
        long cpuNanos, long userNanos, long systemNanos, long periods, long throttledPeriods, long throttledNanos,
        long memory, long workingSet, long rss, long cache, long swap, long mappedFile, long failures, long oomKills, long memoryLimit,
        long processes, long shares, long quotaMicroseconds, long periodMicroseconds, long readBytes, long writtenBytes, long reads, long writes) {}
