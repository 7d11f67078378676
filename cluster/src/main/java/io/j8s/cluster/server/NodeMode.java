package io.j8s.cluster.server;

/// What nodes the process itself brings to the cluster.
public sealed interface NodeMode {

    /// This host, with containers: needs root.
    record Real() implements NodeMode {}

    /// Nodes whose pods become Running without containers.
    record Simulated(int count) implements NodeMode {
        public Simulated {
            if (count < 1) {
                throw new IllegalArgumentException("--nodes: there must be at least one simulated node, not " + count);
            }
        }
    }

    /// None: nodes join by themselves.
    record None() implements NodeMode {}

    /// For people.
    default String text() {
        return switch (this) {
            case Real() -> "real (containers on this host)";
            case Simulated(int count) -> count == 1 ? "simulated (pods become Running without containers)" : count + " simulated (pods become Running without containers)";
            case None() -> "none";
        };
    }
}
