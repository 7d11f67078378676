package io.j8s.it.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The real kubectl, for one cluster: it knows that cluster's kubeconfig and nothing of the user's.
///
/// @param prefix how a program is run where the cluster is: empty for this host, else [TestHost#enter]
/// @param home a folder for its caches
public record Kubectl(List<String> prefix, Path kubeconfig, Path home) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public Result run(String... arguments) {
        return withInput("", arguments);
    }

    public Result withInput(String input, String... arguments) {
        return Programs.run(PATIENCE, environment(), input, command(arguments));
    }

    /// Runs with further environment variables.
    public Result withEnvironment(Map<String, String> more, String... arguments) {
        Map<String, String> all = new HashMap<>(environment());
        all.putAll(more);
        return Programs.run(PATIENCE, all, "", command(arguments));
    }

    /// The standard output of a call that must succeed.
    public String ok(String... arguments) {
        return run(arguments).ok();
    }

    /// On a terminal, with `input` typed at once; out and err come together.
    public Result onTerminal(String input, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("script", "--quiet", "--return", "--command", String.join(" ", quoted(arguments)), "/dev/null"));
        return Programs.run(PATIENCE, environment(), input, command);
    }

    /// On a terminal of this size.
    public Result onTerminal(int rows, int columns, String input, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("script", "--quiet", "--return", "--command", "stty rows " + rows + " cols " + columns + "; " + String.join(" ", quoted(arguments)), "/dev/null"));
        return Programs.run(PATIENCE, environment(), input, command);
    }

    /// In the background; the caller ends it.
    public Process start(String... arguments) throws IOException {
        return Programs.start(environment(), command(arguments));
    }

    private List<String> quoted(String... arguments) {
        List<String> all = new ArrayList<>(List.of("kubectl"));
        for (String argument : arguments) {
            all.add("'" + argument.replace("'", "'\\''") + "'");
        }
        return all;
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add("kubectl");
        command.addAll(List.of(arguments));
        return command;
    }

    private Map<String, String> environment() {
        return Map.of("KUBECONFIG", kubeconfig.toString(), "HOME", home.toString(), "KUBECACHEDIR", home.resolve("cache").toString(),
                "HTTP_PROXY", "", "HTTPS_PROXY", "", "http_proxy", "", "https_proxy", "");
    }
}
