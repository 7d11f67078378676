package io.j8s.node.eviction;

/// How much of something there is, and how much of it is free; bytes, inodes or processes.
record Observation(long available, long capacity) {}
