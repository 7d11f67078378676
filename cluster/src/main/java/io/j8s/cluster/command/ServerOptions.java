package io.j8s.cluster.command;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.HostName;
import io.j8s.cluster.host.Processes;
import io.j8s.cluster.server.Networks;
import io.j8s.cluster.server.NodeMode;
import io.j8s.cluster.server.NodeSettings;
import io.j8s.cluster.server.ServerSettings;
import io.j8s.controllers.cloud.AddressPool;
import io.j8s.runtime.log.LogOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `up` and `server` have in common: how the cluster is to be. Names are those of upstream's components where these have one.
final class ServerOptions {
    @Mixin
    private DataDirOption data = new DataDirOption();
    @Option(names = "--node", paramLabel = "real|simulated|none", description = "What runs pods: this host, simulated nodes (no containers), or nodes that join by themselves "
            + "(default: real as root, else simulated).")
    private @Nullable Node node;
    @Option(names = "--nodes", paramLabel = "N", description = "How many simulated nodes (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    private int nodes = 1;
    @Option(names = {"--node-name", "--hostname-override"}, paramLabel = "NAME", description = "The name of this host's node (default: the host's name).")
    private @Nullable String nodeName;
    @Option(names = "--bind-address", paramLabel = "ADDRESS", description = "Where the API server listens (default: ${DEFAULT-VALUE}).", defaultValue = "0.0.0.0")
    private String bindAddress = "0.0.0.0";
    @Option(names = {"--secure-port", "--https-listen-port"}, paramLabel = "PORT", description = "The API server's port (default: ${DEFAULT-VALUE}).", defaultValue = "6443")
    private int port = 6443;
    @Option(names = "--tls-san", paramLabel = "NAME", split = ",", description = "A further name or address for the API server's certificate; may be repeated.")
    private List<String> tlsNames = new ArrayList<>();
    @Option(names = "--cluster-cidr", paramLabel = "CIDR", description = "The pods' address range (default: ${DEFAULT-VALUE}).", defaultValue = "10.244.0.0/16")
    private String clusterCidr = "10.244.0.0/16";
    @Option(names = {"--service-cluster-ip-range", "--service-cidr"}, paramLabel = "CIDR", description = "The services' address range (default: ${DEFAULT-VALUE}).", defaultValue = "10.96.0.0/12")
    private String serviceCidr = "10.96.0.0/12";
    @Option(names = "--service-node-port-range", paramLabel = "PORTS", description = "The range of node ports (default: ${DEFAULT-VALUE}).", defaultValue = "30000-32767")
    private String nodePorts = "30000-32767";
    @Option(names = "--cluster-dns", paramLabel = "ADDRESS", description = "The DNS service's cluster IP (default: ${DEFAULT-VALUE}).", defaultValue = "10.96.0.10")
    private String clusterDns = "10.96.0.10";
    @Option(names = "--cluster-domain", paramLabel = "DOMAIN", description = "The domain of services (default: ${DEFAULT-VALUE}).", defaultValue = "cluster.local")
    private String clusterDomain = "cluster.local";
    @Option(names = "--load-balancer-pool", paramLabel = "ADDRESSES", description = "Networks, ranges (FIRST-LAST) or addresses that services of the type LoadBalancer get, separated by commas (default: the nodes' own).", defaultValue = "")
    private String loadBalancerPool = "";
    @Option(names = "--kubelet-port", paramLabel = "PORT", description = "The port of this host's kubelet (default: ${DEFAULT-VALUE}).", defaultValue = "10250")
    private int kubeletPort = 10250;
    @Option(names = "--healthz-port", paramLabel = "PORT", description = "The port of this host's kubelet's /healthz on localhost; 0: none (default: ${DEFAULT-VALUE}).", defaultValue = "10248")
    private int healthzPort = 10248;
    @Option(names = "--healthz-bind-address", paramLabel = "ADDRESS:PORT", description = "Where kube-proxy tells load balancers of the node's health; empty: nowhere (default: ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1:10256")
    private String proxyHealth = "127.0.0.1:10256";
    @Option(names = "--metrics-bind-address", paramLabel = "ADDRESS:PORT", description = "Where kube-proxy's metrics are; empty: nowhere (default: ${DEFAULT-VALUE}).", defaultValue = "127.0.0.1:10249")
    private String proxyMetrics = "127.0.0.1:10249";
    @Option(names = "--dns-metrics-bind-address", paramLabel = "ADDRESS:PORT", description = "Where the metrics of cluster DNS are; empty: nowhere (default: ${DEFAULT-VALUE}).", defaultValue = "127.0.0.1:9153")
    private String dnsMetrics = "127.0.0.1:9153";
    @Option(names = "--dns-stub-domain", paramLabel = "DOMAIN=ADDRESS", description = "A domain whose names cluster DNS asks of its own name servers, ADDRESS[:PORT] separated by commas; may be repeated.")
    private List<String> stubDomains = new ArrayList<>();
    @Option(names = {"-v", "--v"}, paramLabel = "N", description = "How much is logged: 4 for debugging, 6 for tracing (default: ${DEFAULT-VALUE}).", defaultValue = "0")
    private int verbosity;
    @Option(names = "--logging-format", paramLabel = "text|json", description = "How it is logged (default: ${DEFAULT-VALUE}).", defaultValue = "text")
    private LogOptions.Format format = LogOptions.Format.TEXT;

    /// As written after `--node`.
    enum Node { real, simulated, none }

    DataDirectory directory(Console console) {
        return data.directory(console);
    }

    LogOptions logging() {
        return LogOptions.DEFAULT.withVerbosity(verbosity).withFormat(format);
    }

    /// Whether both make the same cluster.
    boolean means(ServerOptions other, Console console) {
        return settings(console).equals(other.settings(console)) && logging().equals(other.logging());
    }

    NodeMode mode() {
        Node chosen = node != null ? node : Processes.isRoot() ? Node.real : Node.simulated;
        return switch (chosen) {
            case real -> new NodeMode.Real();
            case simulated -> new NodeMode.Simulated(nodes);
            case none -> new NodeMode.None();
        };
    }

    ServerSettings settings(Console console) {
        Networks networks = new Networks(clusterCidr, serviceCidr, clusterDns, clusterDomain, nodePorts);
        return new ServerSettings(directory(console), true, bindAddress, port, Set.copyOf(tlsNames), networks, mode(), nodeName == null ? HostName.get() : nodeName, AddressPool.parse(loadBalancerPool),
                new NodeSettings(kubeletPort, healthzPort, NodeSettings.address("--healthz-bind-address", proxyHealth), NodeSettings.address("--metrics-bind-address", proxyMetrics),
                        NodeSettings.address("--dns-metrics-bind-address", dnsMetrics), NodeSettings.stubDomains("--dns-stub-domain", stubDomains)));
    }
}
