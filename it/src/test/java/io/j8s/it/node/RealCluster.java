package io.j8s.it.node;

import io.j8s.it.host.Kubectl;
import io.j8s.it.host.Programs;
import io.j8s.it.host.Result;
import io.j8s.it.host.TestHost;
import io.j8s.it.launcher.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// `bin/j8s up` with a real node in a test host, with [BusyboxImage] loaded. One for all test classes that ask for it (with `@ExtendWith(RealCluster.Provider.class)`);
/// it ends with the test run.
public final class RealCluster implements AutoCloseable {
    private final TestHost host;
    private final Launcher j8s;
    private final Path home;

    private RealCluster(TestHost host, Launcher j8s, Path home) {
        this.host = host;
        this.j8s = j8s;
        this.home = home;
    }

    static RealCluster start() throws IOException {
        Path home = Files.createTempDirectory(Path.of("/tmp"), "j8s-it-"); // short: sockets lie below it
        TestHost host = TestHost.create();
        Launcher j8s = new Launcher(host.enter(), home, home.resolve("d"));
        RealCluster cluster = new RealCluster(host, j8s, home);
        try {
            j8s.ok("up", "--node=real", "--node-name=host");
            j8s.ok("image", "load", BusyboxImage.write(home).toString());
            return cluster;
        } catch (IOException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    TestHost host() {
        return host;
    }

    Launcher j8s() {
        return j8s;
    }

    Kubectl kubectl() {
        return new Kubectl(host.enter(), home.resolve(".kube/config"), home);
    }

    /// A new namespace.
    Room room(String name) {
        kubectl().ok("create", "namespace", name);
        return new Room(kubectl(), name);
    }

    /// kubectl in one namespace.
    record Room(Kubectl kubectl, String namespace) {
        Result run(String... arguments) {
            return kubectl.run(here(arguments));
        }

        String ok(String... arguments) {
            return run(arguments).ok();
        }

        Result withInput(String input, String... arguments) {
            return kubectl.withInput(input, here(arguments));
        }

        Result onTerminal(String input, String... arguments) {
            return kubectl.onTerminal(input, here(arguments));
        }

        Result onTerminal(int rows, int columns, String input, String... arguments) {
            return kubectl.onTerminal(rows, columns, input, here(arguments));
        }

        Result withEnvironment(Map<String, String> more, String... arguments) {
            return kubectl.withEnvironment(more, here(arguments));
        }

        /// Applies a manifest.
        void apply(String manifest) {
            withInput(manifest, "apply", "-f", "-").ok();
        }

        /// A pod that runs a shell command; answers when it is ready.
        void running(String name, String... command) {
            List<String> arguments = new ArrayList<>(List.of("run", name, "--image=" + BusyboxImage.NAME, "--command", "--"));
            arguments.addAll(List.of(command));
            ok(arguments.toArray(String[]::new));
            ready("pod/" + name);
        }

        void ready(String object) {
            ok("wait", "--for=condition=Ready", object, "--timeout=50s");
        }

        /// Waits until a field of an object has a value.
        void until(String object, String path, String value) {
            ok("wait", "--for=jsonpath=" + path + "=" + value, object, "--timeout=50s");
        }

        String[] here(String... arguments) {
            List<String> all = new ArrayList<>(List.of(arguments));
            int at = all.indexOf("--") < 0 ? all.size() : all.indexOf("--");
            all.add(at, "--namespace=" + namespace);
            return all.toArray(String[]::new);
        }
    }

    @Override
    public void close() {
        j8s.run("delete");
        host.close();
        Programs.run(Duration.ofSeconds(60), Map.of(), "", List.of("rm", "-rf", home.toString()));
    }

    /// Hands the cluster to constructors.
    public static final class Provider implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(RealCluster.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RealCluster.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot().getStore(NAMESPACE).computeIfAbsent(RealCluster.class, key -> {
                try {
                    return start();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }, RealCluster.class);
        }
    }
}
