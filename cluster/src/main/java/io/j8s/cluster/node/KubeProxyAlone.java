package io.j8s.cluster.node;

import io.j8s.client.Client;
import io.j8s.cluster.configuration.Configuration;
import io.j8s.http.EventLoops;
import io.j8s.http.Listen;
import io.j8s.network.proxy.LocalTraffic;
import io.j8s.network.proxy.NftablesProxy;
import io.j8s.network.proxy.ProxyEndpoints;
import io.j8s.network.proxy.ProxySettings;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.runtime.metrics.ProcessMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's proxy beside any API server: what `kube-proxy` starts. Its rules stay when it is closed.
public final class KubeProxyAlone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubeProxyAlone.class);
    private static final Path CONNTRACK = Path.of("/proc/sys/net/netfilter");
    private final NftablesProxy proxy;
    private final ProxyEndpoints endpoints;

    private KubeProxyAlone(NftablesProxy proxy, ProxyEndpoints endpoints) {
        this.proxy = proxy;
        this.endpoints = endpoints;
    }

    /// @param node the node's name
    /// @throws IllegalArgumentException when the configuration makes no sense
    public static KubeProxyAlone start(Configuration configuration, String node, Client client, EventLoops loops, Timeline timeline) throws IOException {
        ProxySettings settings = settings(configuration, node, ranges -> localMode(configuration, client, node, ranges));
        conntrack(configuration);
        MetricRegistry metrics = new MetricRegistry();
        ProcessMetrics.register(metrics);
        NftablesProxy proxy = NftablesProxy.start(client, timeline, settings, metrics, loops);
        try {
            return new KubeProxyAlone(proxy, new ProxyEndpoints(loops, timeline, proxy.health(), metrics,
                    address("healthzBindAddress", configuration), address("metricsBindAddress", configuration)));
        } catch (IOException | RuntimeException e) {
            proxy.close();
            throw e;
        }
    }

    /// Says which of upstream's ways to program services is meant by `--proxy-mode`.
    public static void checkMode(Configuration configuration) {
        switch (configuration.text("mode")) {
            case "nftables" -> { }
            case "", "iptables", "ipvs" -> LOG.warn("Proxy mode \"{}\": services are programmed with nftables, the only mode there is", configuration.text("mode"));
            default -> throw new IllegalArgumentException("mode (--proxy-mode) \"" + configuration.text("mode")
                    + "\" is not known: nftables is the only mode there is; iptables and ipvs (blank means the default) are taken for it");
        }
    }

    private static ProxySettings settings(Configuration configuration, String node, Function<List<String>, LocalTraffic> locality) {
        String part = configuration.text("mode").equals("nftables") ? "nftables" : "iptables";
        List<String> ranges = configuration.text("clusterCIDR").isEmpty() ? List.of() : Arrays.stream(configuration.text("clusterCIDR").split(",")).map(String::strip).toList();
        ranges.forEach(range -> checkRange("clusterCIDR (--cluster-cidr)", range));
        List<String> nodePorts = configuration.texts("nodePortAddresses");
        if (nodePorts.isEmpty() && part.equals("nftables")) {
            nodePorts = List.of(ProxySettings.PRIMARY); // upstream's default of this mode; that of the others is all addresses
        }
        nodePorts.stream().filter(range -> !range.equals(ProxySettings.PRIMARY)).forEach(range -> checkRange("nodePortAddresses (--nodeport-addresses)", range));
        boolean all = configuration.flag("nftables.masqueradeAll") || configuration.flag("iptables.masqueradeAll");
        Duration period = configuration.duration(part + ".syncPeriod");
        Duration least = configuration.isSet(part + ".minSyncPeriod") ? configuration.duration(part + ".minSyncPeriod") : Duration.ZERO;
        return new ProxySettings(node, all ? new LocalTraffic.None() : locality.apply(ranges), nodePorts,
                configuration.number(part + ".masqueradeBit", 0, 31), period.isPositive() ? period : Duration.ofSeconds(30), least, List.of());
    }

    private static LocalTraffic localMode(Configuration configuration, Client client, String node, List<String> ranges) {
        return switch (configuration.text("detectLocalMode")) {
            case "", "ClusterCIDR" -> new LocalTraffic.Ranges(ranges);
            case "NodeCIDR" -> {
                var found = client.get(io.j8s.model.core.v1.Node.RESOURCE, "", node);
                yield new LocalTraffic.Ranges(found.spec().podCIDRs());
            }
            case "BridgeInterface" -> new LocalTraffic.Bridge(required(configuration, "detectLocal.bridgeInterface"));
            case "InterfaceNamePrefix" -> new LocalTraffic.InterfacePrefix(required(configuration, "detectLocal.interfaceNamePrefix"));
            default -> throw new IllegalArgumentException("detectLocalMode (--detect-local-mode) \"" + configuration.text("detectLocalMode")
                    + "\" is not known: ClusterCIDR, NodeCIDR, BridgeInterface and InterfaceNamePrefix are");
        };
    }

    private static String required(Configuration configuration, String name) {
        String text = configuration.text(name);
        if (!text.matches("[A-Za-z0-9_.-]{1,15}")) {
            throw new IllegalArgumentException(name + " \"" + text + "\": detectLocalMode " + configuration.text("detectLocalMode") + " needs the name of an interface");
        }
        return text;
    }

    private static void checkRange(String what, String range) {
        int slash = range.indexOf('/');
        try {
            int bits = java.net.InetAddress.ofLiteral(range.substring(0, Math.max(0, slash))).getAddress().length * 8;
            int length = Integer.parseInt(range.substring(slash + 1));
            if (length < 0 || length > bits) {
                throw new IllegalArgumentException("its prefix length is out of range");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48): \"" + range + "\"", e);
        }
    }

    private static Listen.@Nullable Tcp address(String name, Configuration configuration) {
        String text = configuration.text(name);
        if (text.isEmpty()) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? name.startsWith("healthz") ? "10256" : "10249" : text.substring(colon + 1);
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException(name + " \"" + text + "\" is no address and port such as 127.0.0.1:10249");
        }
        return new Listen.Tcp(host.replace("[", "").replace("]", ""), Integer.parseInt(port));
    }

    /// Settings of the kernel's connection tracking; what the host refuses is a warning.
    private static void conntrack(Configuration configuration) {
        long perCore = configuration.number("conntrack.maxPerCore");
        if (perCore > 0) {
            atLeast("nf_conntrack_max", Math.max(configuration.number("conntrack.min"), perCore * Runtime.getRuntime().availableProcessors()));
        }
        set("nf_conntrack_tcp_timeout_established", configuration.duration("conntrack.tcpEstablishedTimeout"));
        set("nf_conntrack_tcp_timeout_close_wait", configuration.duration("conntrack.tcpCloseWaitTimeout"));
        set("nf_conntrack_udp_timeout", configuration.duration("conntrack.udpTimeout"));
        set("nf_conntrack_udp_timeout_stream", configuration.duration("conntrack.udpStreamTimeout"));
        if (configuration.flag("conntrack.tcpBeLiberal")) {
            write("nf_conntrack_tcp_be_liberal", 1);
        }
    }

    private static void set(String name, Duration span) {
        if (span.isPositive()) {
            write(name, span.toSeconds());
        }
    }

    private static void atLeast(String name, long value) {
        try {
            Path file = CONNTRACK.resolve(name);
            if (Files.exists(file) && Long.parseLong(Files.readString(file).strip()) < value) {
                write(name, value);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", name, e.getMessage());
        }
    }

    private static void write(String name, long value) {
        Path file = CONNTRACK.resolve(name);
        try {
            if (Files.exists(file) && !Files.readString(file).strip().equals(Long.toString(value))) {
                Files.writeString(file, Long.toString(value));
            }
        } catch (IOException e) {
            LOG.warn("the kernel setting {} could not be set to {}: {}", name, value, e.getMessage());
        }
    }

    @Override
    public void close() {
        endpoints.close();
        proxy.close();
    }
}
