package io.j8s.cluster.command;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// What a command gets from the process that it runs in.
///
/// @param terminal whether a person watches `out`: then a spinner may turn
/// @param home the user's home folder
public record Console(PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal, Path home) {
    public Console {
        environment = Map.copyOf(environment);
    }

    public static Console ofProcess() {
        java.io.Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        // The JVM's own idea of home is the password database's; people and tests set HOME.
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
        return new Console(System.out, System.err, System.getenv(), terminal, Path.of(home));
    }

    /// An environment variable; empty when it is not set.
    public String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
