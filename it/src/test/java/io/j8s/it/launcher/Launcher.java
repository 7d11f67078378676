package io.j8s.it.launcher;

import io.j8s.it.host.Programs;
import io.j8s.it.host.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs `bin/j8s` on one data directory, with a home folder of its own.
///
/// @param prefix how a program is run where the cluster is to be: empty for this host, else [io.j8s.it.host.TestHost#enter]
public record Launcher(List<String> prefix, Path home, Path data) {
    private static final Path PROGRAM = Path.of(System.getProperty("j8s.root"), "bin", "j8s");
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    public Result run(String command, String... arguments) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(PROGRAM.toString(), command));
        all.addAll(List.of(arguments));
        if (!List.of("version", "help", "completion").contains(command)) {
            all.add("--data-dir=" + data);
        }
        return Programs.run(PATIENCE, Map.of("HOME", home.toString(), "KUBECONFIG", "", "J8S_NO_TRAINING", "1", "J8S_NO_BUILD", "1"), "", all);
    }

    public String ok(String command, String... arguments) {
        return run(command, arguments).ok();
    }
}
