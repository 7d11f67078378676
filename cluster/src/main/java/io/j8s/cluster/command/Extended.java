package io.j8s.cluster.command;

import picocli.CommandLine.Model.CommandSpec;

/// A command that has flags beyond those of its annotations.
interface Extended {
    void extend(CommandSpec spec);
}
