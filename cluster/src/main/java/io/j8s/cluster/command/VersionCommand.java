package io.j8s.cluster.command;

import io.j8s.cluster.Versions;
import picocli.CommandLine.Command;

/// `j8s version`
@Command(name = "version", description = "Print the versions.")
final class VersionCommand implements Runnable {
    private final Console console;

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        console.out().println("j8s " + Versions.KUBERNETES);
        console.out().println("Java " + Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
}
