package io.j8s.testkit;

import io.j8s.client.Client;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.server.Networks;
import io.j8s.cluster.server.NodeMode;
import io.j8s.cluster.server.Progress;
import io.j8s.cluster.server.Server;
import io.j8s.cluster.server.ServerSettings;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.Trees;
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
    private static final String FOLDERS = "j8s-cluster-";

    private final Path folder;
    private final Server server;

    private J8s(Path folder, Server server) {
        this.folder = folder;
        this.server = server;
    }

    /// A cluster with one simulated node.
    public static J8s start() {
        return builder().start();
    }

    /// A cluster with so many simulated nodes.
    public static J8s start(int nodes) {
        return builder().nodes(nodes).start();
    }

    /// A cluster of another shape.
    ///
    /// ```java
    /// try (var cluster = J8s.builder().nodes(3).port(6443).start()) { … }
    /// ```
    public static Builder builder() {
        return new Builder(1, 0, "node", Networks.DEFAULT);
    }

    /// How a cluster is to be. Immutable: each method answers a changed copy.
    public static final class Builder {
        private final int nodes;
        private final int port;
        private final String nodeName;
        private final Networks networks;

        private Builder(int nodes, int port, String nodeName, Networks networks) {
            this.nodes = nodes;
            this.port = port;
            this.nodeName = nodeName;
            this.networks = networks;
        }

        /// @param count how many simulated nodes; 0: none, pods stay pending
        public Builder nodes(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("a cluster has 0 or more nodes, not " + count);
            }
            return new Builder(count, port, nodeName, networks);
        }

        /// @param number where the API is served on the loopback interface; 0: any free port
        public Builder port(int number) {
            return new Builder(nodes, number, nodeName, networks);
        }

        /// @param name of the node; of several, what their names begin with (`name-0`, `name-1`, …)
        public Builder nodeName(String name) {
            return new Builder(nodes, port, name, networks);
        }

        /// @param range of cluster IPs, such as `10.96.0.0/12`
        public Builder serviceRange(String range) {
            return new Builder(nodes, port, nodeName, networks.withServices(range));
        }

        /// Starts it; it is ready when this returns.
        public J8s start() {
            Path folder;
            try {
                folder = Trees.passing(FOLDERS);
            } catch (IOException e) {
                throw new UncheckedIOException("a cluster needs a temporary folder (java.io.tmpdir)", e);
            }
            try {
                DataDirectory directory = new DataDirectory(folder.resolve("data"));
                directory.prepare();
                NodeMode mode = nodes == 0 ? new NodeMode.None() : new NodeMode.Simulated(nodes);
                ServerSettings settings = new ServerSettings(directory, false, "127.0.0.1", port, Set.of(), networks, mode, nodeName);
                return new J8s(folder, Server.start(settings, Timeline.system(), Progress.NONE));
            } catch (RuntimeException e) {
                remove(folder);
                throw e;
            }
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
            Trees.sweep(FOLDERS); // at the end, when nobody waits for a cluster to start
        } catch (IOException e) {
            throw new UncheckedIOException("the cluster's temporary folder cannot be removed", e);
        }
    }
}
