package io.j8s.it.clients;

import io.j8s.it.host.Programs;
import io.j8s.it.host.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A client program of `bin/clients`, that knows one cluster and nothing of the user's.
///
/// @param home a folder for its caches
record ForeignClient(Path program, Path kubeconfig, Path home) {
    private static final Path MADE = Path.of(System.getProperty("j8s.root"), "it", "target", "clients");
    static final Path SOURCES = Path.of(System.getProperty("j8s.root"), "it", "clients");

    ForeignClient(String program, Path kubeconfig, Path home) {
        this(MADE.resolve(program), kubeconfig, home);
        if (!Files.isExecutable(this.program)) {
            throw new AssertionError(this.program + " is missing: run bin/clients");
        }
    }

    Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return Programs.run(Duration.ofMinutes(3), Map.of("KUBECONFIG", kubeconfig.toString(), "HOME", home.toString(), "HELM_CACHE_HOME", home.toString(),
                "HTTP_PROXY", "", "HTTPS_PROXY", "", "http_proxy", "", "https_proxy", ""), "", command);
    }

    String ok(String... arguments) {
        return run(arguments).ok();
    }
}
