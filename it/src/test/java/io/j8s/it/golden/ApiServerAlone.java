package io.j8s.it.golden;

import io.j8s.it.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `bin/j8s kube-apiserver` on an empty data directory, as the recordings were made: no controllers, one token of an administrator.
final class ApiServerAlone implements AutoCloseable {
    /// The one that the recordings were made with: some of them send it in reviews.
    static final String TOKEN = "admintoken";
    private final Process process;
    private final int port;
    private final Path log;

    private ApiServerAlone(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    static ApiServerAlone start(Path folder, String... furtherFlags) throws IOException {
        Files.createDirectories(folder);
        Path tokens = folder.resolve("tokens.csv");
        Files.writeString(tokens, TOKEN + ",admin,admin,system:masters\n");
        int port = Programs.freePort();
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("j8s.root"), "bin", "j8s").toString(), "kube-apiserver",
                "--data-dir=" + folder.resolve("data"), "--cert-dir=" + folder.resolve("certificates"), "--bind-address=127.0.0.1", "--secure-port=" + port,
                "--service-cluster-ip-range=10.0.0.0/24", "--authorization-mode=Node,RBAC", "--token-auth-file=" + tokens));
        command.addAll(List.of(furtherFlags));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        ApiServerAlone server = new ApiServerAlone(process, port, log);
        server.awaitReady();
        return server;
    }

    String address() {
        return "https://127.0.0.1:" + port;
    }

    private void awaitReady() throws IOException {
        var ready = Programs.run(Duration.ofSeconds(60), Map.of(), "", List.of("bash", "-c",
                "until curl -sk -o /dev/null --fail " + address() + "/readyz; do kill -0 " + process.pid() + " || exit 1; sleep 0.1; done"));
        if (ready.status() != 0) {
            throw new AssertionError("the API server did not become ready:\n" + Files.readString(log));
        }
    }

    @Override
    public void close() {
        Programs.stop(process);
    }
}
