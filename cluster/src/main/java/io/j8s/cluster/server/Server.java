package io.j8s.cluster.server;

import io.j8s.cluster.host.Failure;
import io.j8s.cluster.pki.PrivateFile;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// A cluster in one process. [#start] is the list of what it is made of, in start order; [#close] goes through it backwards.
public final class Server implements AutoCloseable {
    private final ServerSettings settings;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private Server(ServerSettings settings) {
        this.settings = settings;
    }

    /// Starts all parts and returns when the cluster is ready. What was started is closed again when a later part fails.
    public static Server start(ServerSettings settings, Timeline timeline, Progress progress) {
        Server server = new Server(settings);
        try {
            server.startParts(timeline, progress);
            return server;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private void startParts(Timeline timeline, Progress progress) {
        progress.step("Preparing certificates");
        ClusterPki pki = part(new ClusterPki(settings, timeline));
        writeAdminKubeconfig(pki);
    }

    private void writeAdminKubeconfig(ClusterPki pki) {
        try {
            PrivateFile.write(settings.directory().adminKubeconfig(), KubeconfigText.of(apiAddress(), "j8s", "j8s-admin", pki.authority(), pki.admin()));
        } catch (IOException e) {
            throw new Failure(Failure.Kind.DATA_DIRECTORY_UNUSABLE, settings.directory().adminKubeconfig() + " cannot be written: " + e.getMessage(),
                    "check the permissions and free space of the data directory", e);
        }
    }

    private <T extends AutoCloseable> T part(T started) {
        parts.push(started);
        return started;
    }

    /// Where this host reaches the API server.
    public String apiAddress() {
        return "https://127.0.0.1:" + settings.port();
    }

    @Override
    public void close() {
        RuntimeException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                RuntimeException wrapped = new IllegalStateException("a part did not close", e);
                if (first == null) {
                    first = wrapped;
                } else {
                    first.addSuppressed(wrapped);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
