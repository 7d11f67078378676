package io.j8s.cluster.server;

/// Told of each step of a start, in order, by the starting thread.
@FunctionalInterface
public interface Progress {
    /// Nobody looks.
    Progress NONE = text -> { };

    void step(String text);
}
