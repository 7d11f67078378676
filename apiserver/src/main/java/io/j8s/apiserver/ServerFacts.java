package io.j8s.apiserver;

import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.runtime.metrics.ProcessMetrics;
import java.util.Locale;

/// What `/metrics` tells of a component itself: its version and its process.
public final class ServerFacts {

    private ServerFacts() {}

    public static void register(MetricRegistry registry) {
        ProcessMetrics.register(registry);
        String platform = System.getProperty("os.name", "").toLowerCase(Locale.ROOT) + "/" + System.getProperty("os.arch", "");
        registry.gauge("kubernetes_build_info", "[BETA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler "
                + "from which Kubernetes was built, and platform on which it is running.", "build_date", "compiler", "git_commit", "git_tree_state", "git_version", "go_version", "major", "minor", "platform")
                .set(1, "1970-01-01T00:00:00Z", "javac", "", "clean", "v1.36.3", "java" + Runtime.version(), "1", "36", platform);
        registry.gauge("version_info", "[ALPHA] Provides the compatibility version info of the component. The component label is the name of the component, usually kube, but is relevant for "
                + "aggregated-apiservers.", "binary", "component", "emulation", "min_compat").set(1, "1.36.3", "kube", "1.36", "1.35");
    }
}
