package io.j8s.cluster.server;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.http.EventLoops;
import io.j8s.network.NodeNetwork;
import io.j8s.network.NodeNetworkSettings;
import io.j8s.network.balancer.AnnouncedAddresses;
import io.j8s.network.dns.ResolvConf;
import io.j8s.network.proxy.ProxyEndpoints;
import io.j8s.node.Kubelet;
import io.j8s.node.KubeletConfig;
import io.j8s.node.cgroups.PodCgroups;
import io.j8s.node.containerd.Containerd;
import io.j8s.node.containerd.ContainerdConfig;
import io.j8s.node.host.Leftovers;
import io.j8s.node.images.PauseImage;
import io.j8s.node.settings.ApiSettings;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.runtime.metrics.ProcessMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// This host as a node: its network, then its kubelet. Closing leaves containers, links and rules as they are, so that applications go on while j8s restarts.
///
/// [#stopPods] and [#remove] are for when no server runs on the data directory: they work from what it left.
public final class RealNode implements AutoCloseable {
    private static final int DNS_PORT = 10053;
    private static final String BRIDGE = "j8s0";
    private static final String DEFAULT_CGROUPS = "kubepods";
    private static final String LOOPBACK = "127.0.0.1";
    private final NodeNetwork network;
    private final ProxyEndpoints proxyEndpoints;
    private final Kubelet kubelet;
    private final @Nullable AnnouncedAddresses balancers;

    private RealNode(NodeNetwork network, ProxyEndpoints proxyEndpoints, Kubelet kubelet, @Nullable AnnouncedAddresses balancers) {
        this.balancers = balancers;
        this.network = network;
        this.proxyEndpoints = proxyEndpoints;
        this.kubelet = kubelet;
    }

    static RealNode start(ServerSettings settings, Identities identities, ClusterPki pki, Timeline timeline, EventLoops loops) throws IOException, InterruptedException {
        Networks networks = settings.networks();
        NodeSettings ports = settings.node();
        InetAddress address = HostAddresses.primary();
        Path data = settings.directory().node();
        Path cni = data.resolve("cni");
        Files.createDirectories(data);
        MetricRegistry proxyMetrics = new MetricRegistry();
        ProcessMetrics.register(proxyMetrics);
        NodeNetwork.Clients clients = new NodeNetwork.Clients(identities.component("system:kube-proxy"), identities.serviceAccount(ClusterObjects.DNS_ACCOUNT, "cluster-dns"),
                identities.component(ClusterObjects.DNS_PUBLISHER));
        NodeNetwork network = NodeNetwork.start(clients, timeline, new NodeNetworkSettings(settings.nodeName(), address, List.of(networks.firstNodeRange()),
                List.of(networks.pods()), BRIDGE, cni.resolve("net.d"), cni.resolve("leases"), DNS_PORT, networks.dns(), networks.domain(),
                ResolvConf.nameServers(Path.of("/etc/resolv.conf")), ports.stubDomains(), ports.dnsMetrics()), proxyMetrics, loops);
        ProxyEndpoints endpoints = null;
        try {
            endpoints = new ProxyEndpoints(loops, timeline, network.proxyHealth(), proxyMetrics,
                    ports.proxyHealth(), ports.proxyMetrics());
            KubeletConfig config = KubeletConfig.of(settings.nodeName(), address.getHostAddress(), data, cni.resolve("net.d"))
                    .withClusterDns(List.of(networks.dns()), networks.domain())
                    .withCgroupRoot(cgroups(settings.directory()))
                    .withApi(api -> api.serving("0.0.0.0", ports.kubelet(), () -> pki.kubelet().identity(), () -> List.of(pki.authority().certificate()))
                            .withHealth(ports.kubeletHealth() == 0 ? null : new ApiSettings.Address(LOOPBACK, ports.kubeletHealth())));
            Kubelet kubelet = Kubelet.start(config, identities.node(settings.nodeName()), loops, timeline);
            // this host answers for the pool's addresses; the rules for services lead on from here
            AnnouncedAddresses balancers = settings.loadBalancers().isEmpty() ? null : AnnouncedAddresses.start(clients.proxy(), timeline, settings.loadBalancers()::contains, List.of());
            return new RealNode(network, endpoints, kubelet, balancers);
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (endpoints != null) {
                endpoints.close();
            }
            network.close();
            throw e;
        }
    }

    /// One for each cluster of a machine.
    private static String cgroups(DataDirectory directory) {
        return directory.isDefault() ? DEFAULT_CGROUPS : DEFAULT_CGROUPS + "-" + HexFormat.of().toHexDigits(directory.path().toString().hashCode());
    }

    /// Ends all pods and the runtime.
    public static void stopPods(DataDirectory directory, Timeline timeline) throws IOException, InterruptedException {
        if (Files.isDirectory(directory.node())) {
            try (Containerd containerd = Containerd.start(runtime(directory), timeline)) {
                containerd.cri().sandboxes(Map.of()).forEach(sandbox -> containerd.cri().stopSandbox(sandbox.getId()));
                containerd.stop();
            }
        }
    }

    /// Ends all pods and the runtime, and takes away everything that a node has made on this host.
    public static void remove(DataDirectory directory, Timeline timeline) throws IOException, InterruptedException {
        if (Files.isDirectory(directory.node())) {
            try (Containerd containerd = Containerd.start(runtime(directory), timeline)) {
                containerd.erase();
            }
            new PodCgroups(cgroups(directory), 0).removeAll();
            NodeNetwork.remove();
            AnnouncedAddresses.remove(List.of());
            new ProcessBuilder("ip", "link", "delete", BRIDGE).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
            Leftovers.remove(directory.node());
        }
    }

    /// The runtime of the node on this data directory: for images, whether or not a server runs.
    public static ContainerdConfig runtime(DataDirectory directory) {
        return ContainerdConfig.under(directory.node(), PauseImage.NAME, directory.node().resolve("cni").resolve("net.d"));
    }

    @Override
    public void close() {
        if (balancers != null) {
            balancers.close();
        }
        kubelet.close();
        proxyEndpoints.close();
        network.close();
    }
}
