package io.j8s.network;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.http.EventLoops;
import io.j8s.http.Listen;
import io.j8s.network.cni.BridgeNetwork;
import io.j8s.network.cni.PodRouting;
import io.j8s.network.dns.ClusterDns;
import io.j8s.network.dns.DnsEndpoint;
import io.j8s.network.dns.DnsService;
import io.j8s.network.dns.DnsSettings;
import io.j8s.network.proxy.NftablesProxy;
import io.j8s.network.proxy.ProxyHealth;
import io.j8s.network.proxy.ProxySettings;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All of a node's network, in start order: routing and the pods' bridge, kube-proxy, cluster DNS and the Service that leads to it.
///
/// Closing stops the work but leaves links and rules, so that pods keep talking while j8s restarts; [#remove] takes them away.
public final class NodeNetwork implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeNetwork.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    /// The API under the identity of each part.
    ///
    /// @param proxy reads services, slices and nodes
    /// @param dns reads services, slices, pods and namespaces
    /// @param publisher writes the Service of the cluster's DNS and its slices
    public record Clients(Client proxy, Client dns, Client publisher) {}

    private final NftablesProxy proxy;
    private final ClusterDns dns;
    private final @Nullable DnsEndpoint dnsEndpoint;
    private final Task publishing;

    private NodeNetwork(NftablesProxy proxy, ClusterDns dns, @Nullable DnsEndpoint dnsEndpoint, Task publishing) {
        this.proxy = proxy;
        this.dnsEndpoint = dnsEndpoint;
        this.dns = dns;
        this.publishing = publishing;
    }

    /// Makes the network. When it returns, pods can be given links; services and names follow as soon as the API has listed them.
    ///
    /// @throws IOException when the kernel, the folder or the port cannot be had
    /// @param metrics where those of the proxy are
    public static NodeNetwork start(Clients clients, Timeline timeline, NodeNetworkSettings settings, MetricRegistry metrics, EventLoops loops) throws IOException, InterruptedException {
        PodRouting.apply(settings.clusterPodRanges());
        new BridgeNetwork(settings.bridge(), settings.podRanges(), 0, settings.leases()).write(settings.cniFolder());
        InetSocketAddress dnsAddress = new InetSocketAddress(settings.address(), settings.dnsPort());
        MetricRegistry dnsMetrics = new MetricRegistry();
        Listen.Tcp figures = settings.dnsMetrics();
        DnsEndpoint endpoint = figures == null ? null : new DnsEndpoint(loops, timeline, figures, dnsMetrics);
        ClusterDns dns;
        try {
            dns = ClusterDns.start(clients.dns(), timeline, new DnsSettings(settings.domain(), List.of(dnsAddress), settings.forwardTo(), settings.stubDomains()), dnsMetrics);
        } catch (IOException | RuntimeException e) {
            if (endpoint != null) {
                endpoint.close();
            }
            throw e;
        }
        NftablesProxy proxy = NftablesProxy.start(clients.proxy(), timeline, ProxySettings.of(settings.node(), settings.clusterPodRanges()), metrics, loops);
        Task publishing = timeline.start("publish-dns", () -> publish(clients.publisher(), timeline, settings, dns.addresses().getFirst()));
        return new NodeNetwork(proxy, dns, endpoint, publishing);
    }

    private static void publish(Client client, Timeline timeline, NodeNetworkSettings settings, InetSocketAddress listening) throws InterruptedException {
        while (true) {
            try {
                DnsService.publish(client, settings.dnsServiceIp(), settings.node(), listening);
                return;
            } catch (ApiException e) {
                LOG.atWarn().addKeyValue("err", e.getMessage()).log("The service kube-dns could not be published, will try again");
                timeline.sleep(RETRY);
            }
        }
    }

    /// The proxy's.
    public ProxyHealth proxyHealth() {
        return proxy.health();
    }

    /// Whether services are programmed.
    public boolean healthy() {
        return proxy.healthy();
    }

    /// Waits until services are programmed and all names are known, at most so long; whether they are.
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        dns.awaitSynced();
        return proxy.awaitHealthy(atMost);
    }

    /// Takes away the rules that a node's network has made on this host.
    public static void remove() throws IOException, InterruptedException {
        NftablesProxy.remove(List.of());
        PodRouting.remove();
    }

    @Override
    public void close() {
        publishing.close();
        proxy.close();
        dns.close();
        if (dnsEndpoint != null) {
            dnsEndpoint.close();
        }
    }
}
