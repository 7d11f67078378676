package io.j8s.node.settings;

import io.j8s.node.containerd.ContainerdConfig;
import java.nio.file.Path;

/// Which container runtime a node agent works with.
public sealed interface RuntimeSettings {

    /// A containerd of the agent's own, which it starts and supervises.
    record Own(ContainerdConfig containerd) implements RuntimeSettings {}

    /// One that somebody else runs (`--container-runtime-endpoint`).
    ///
    /// @param socket of its CRI, version 1
    record Existing(Path socket) implements RuntimeSettings {}
}
