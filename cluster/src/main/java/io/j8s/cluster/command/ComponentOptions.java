package io.j8s.cluster.command;

import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.kubeconfig.ClusterAccess;
import io.j8s.client.kubeconfig.KubeconfigException;
import io.j8s.client.kubeconfig.KubeconfigFiles;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.Versions;
import io.j8s.cluster.host.Failure;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.log.LogOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The flags that upstream's components share: whom they serve, how they elect a leader, how they log.
final class ComponentOptions {
    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "How to reach the API server (default: the service account of the pod that this runs in).")
    private @Nullable Path kubeconfig;
    @Option(names = "--master", paramLabel = "URL", description = "The API server's address, instead of that in the kubeconfig.", defaultValue = "")
    private String master = "";
    @Option(names = "--version", paramLabel = "true|raw", arity = "0..1", fallbackValue = "true", description = "Print the version and end.")
    private @Nullable String version;
    @Option(names = "--leader-elect", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true", description = "Whether only the elected one of several works (default: ${DEFAULT-VALUE}).")
    private boolean leaderElect = true;
    @Option(names = "--leader-elect-lease-duration", paramLabel = "DURATION", description = "How long others wait for a silent leader (default: ${DEFAULT-VALUE}).", defaultValue = "15s", converter = GoDuration.class)
    private Duration leaseDuration = Duration.ofSeconds(15);
    @Option(names = "--leader-elect-renew-deadline", paramLabel = "DURATION", description = "How long a leader tries to renew (default: ${DEFAULT-VALUE}).", defaultValue = "10s", converter = GoDuration.class)
    private Duration renewDeadline = Duration.ofSeconds(10);
    @Option(names = "--leader-elect-retry-period", paramLabel = "DURATION", description = "The pause between tries (default: ${DEFAULT-VALUE}).", defaultValue = "2s", converter = GoDuration.class)
    private Duration retryPeriod = Duration.ofSeconds(2);
    @Option(names = "--leader-elect-resource-lock", paramLabel = "KIND", description = "What kind of object is the lock (default: ${DEFAULT-VALUE}).", defaultValue = "leases")
    private String lock = "leases";
    @Option(names = "--leader-elect-resource-name", paramLabel = "NAME", description = "The lease's name (default: the component's).", defaultValue = "")
    private String leaseName = "";
    @Option(names = "--leader-elect-resource-namespace", paramLabel = "NAMESPACE", description = "The lease's namespace (default: ${DEFAULT-VALUE}).", defaultValue = "kube-system")
    private String leaseNamespace = "kube-system";
    @Option(names = {"-v", "--v"}, paramLabel = "N", description = "How much is logged: 4 for debugging, 6 for tracing (default: ${DEFAULT-VALUE}).", defaultValue = "0")
    private int verbosity;
    @Option(names = "--logging-format", paramLabel = "text|json", description = "How it is logged (default: ${DEFAULT-VALUE}).", defaultValue = "text")
    private LogOptions.Format format = LogOptions.Format.TEXT;

    /// The path of the kubeconfig; empty for none.
    String kubeconfig() {
        return kubeconfig == null ? "" : kubeconfig.toString();
    }

    /// Takes the kubeconfig that a configuration file names, if it names one.
    ComponentOptions withKubeconfig(String path) {
        if (!path.isEmpty()) {
            kubeconfig = Path.of(path);
        }
        return this;
    }

    /// Whether only the version is asked for; then it is printed.
    boolean onlyVersion(Console console) {
        if (version == null || version.equals("false")) {
            return false;
        }
        console.out().println("Kubernetes " + Versions.KUBERNETES.replaceFirst("\\+.*", ""));
        return true;
    }

    LogOptions logging() {
        return LogOptions.DEFAULT.withVerbosity(verbosity).withFormat(format);
    }

    /// How to become the one that works; null: without election.
    ///
    /// @param name the component's, and its lease's
    @Nullable LeaderSettings leaderElection(String name, String host) {
        if (!leaderElect) {
            return null;
        }
        if (!lock.equals("leases")) {
            throw new IllegalArgumentException("--leader-elect-resource-lock: '" + lock + "' is not supported; leases is");
        }
        return new LeaderSettings(leaseNamespace, leaseName.isEmpty() ? name : leaseName, host + "_" + ProcessHandle.current().pid(), leaseDuration, renewDeadline, retryPeriod, true);
    }

    /// The API server, as this component.
    ApiEndpoint endpoint(Console console, String userAgent, Timeline timeline) {
        ApiEndpoint endpoint = endpoint(kubeconfig, console, userAgent, timeline);
        return master.isEmpty() ? endpoint : endpoint.at(URI.create(master));
    }

    /// The API server, by a kubeconfig; null: as the service account of the pod that this runs in.
    static ApiEndpoint endpoint(@Nullable Path kubeconfig, Console console, String userAgent, Timeline timeline) {
        try {
            ClusterAccess access = kubeconfig == null
                    ? ClusterAccess.inCluster(console.environment(), Path.of("/"), timeline)
                    : ClusterAccess.of(KubeconfigFiles.find(kubeconfig.toString(), console.environment(), console.home(), timeline).load(), "", console.environment(), timeline);
            return access.endpoint().withUserAgent(userAgent);
        } catch (KubeconfigException e) {
            throw new Failure(Failure.Kind.KUBECONFIG, String.valueOf(e.getMessage()), "name a kubeconfig with --kubeconfig", e);
        }
    }
}
