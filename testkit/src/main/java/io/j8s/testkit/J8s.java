package io.j8s.testkit;

import io.j8s.client.Client;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Trees;
import io.j8s.cluster.server.Networks;
import io.j8s.cluster.server.NodeMode;
import io.j8s.cluster.server.Progress;
import io.j8s.cluster.server.Server;
import io.j8s.cluster.server.ServerSettings;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// A running cluster. It listens on a free port of the loopback interface, needs no root, and never looks at the user's kubeconfig. When [#start()] returns it
/// is ready: the API is served, its roles are in place, and its nodes take pods. Any number may run in one JVM; closing one leaves no thread and no file.
///
/// ```java
/// try (var cluster = J8s.start()) {
///     cluster.client().create(ConfigMap.RESOURCE, "default", map);
/// }
/// ```
public final class J8s implements AutoCloseable {
    private final Path folder;
    private final Server server;

    private J8s(Path folder, Server server) {
        this.folder = folder;
        this.server = server;
    }

    /// A cluster with one simulated node.
    public static J8s start() {
        return start(new NodeMode.Simulated(1));
    }

    /// A cluster with so many simulated nodes.
    public static J8s start(int nodes) {
        return start(nodes == 0 ? new NodeMode.None() : new NodeMode.Simulated(nodes));
    }

    private static J8s start(NodeMode nodes) {
        Path folder;
        try {
            folder = Files.createTempDirectory("j8s-");
        } catch (IOException e) {
            throw new UncheckedIOException("a cluster needs a temporary folder (java.io.tmpdir)", e);
        }
        try {
            DataDirectory directory = new DataDirectory(folder.resolve("data"));
            directory.prepare();
            ServerSettings settings = new ServerSettings(directory, false, "127.0.0.1", 0, Set.of(), Networks.DEFAULT, nodes, "node");
            return new J8s(folder, Server.start(settings, Timeline.system(), Progress.NONE));
        } catch (RuntimeException e) {
            remove(folder);
            throw e;
        }
    }

    /// Reaches the API in this process, as the cluster's administrator.
    public Client client() {
        return server.admin();
    }

    /// Where the API is served, such as `https://127.0.0.1:41234`.
    public String address() {
        return server.apiAddress();
    }

    /// The administrator's kubeconfig, as text.
    public String kubeconfig() {
        try {
            return Files.readString(kubeconfigFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The administrator's kubeconfig, as a file that lives as long as the cluster.
    public Path kubeconfigFile() {
        return folder.resolve("data").resolve("admin.conf");
    }

    @Override
    public void close() {
        try {
            server.close();
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path tree) {
        try {
            Trees.remove(tree);
        } catch (IOException e) {
            throw new UncheckedIOException("the cluster's temporary folder cannot be removed", e);
        }
    }
}
