package io.j8s.cluster.server;

import io.j8s.http.Listen.Tcp;
import io.j8s.node.settings.ApiSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the parts of this host's node are: where they listen (one set fits one host, so that further clusters on it need others, or none), and whom its DNS asks.
///
/// @param kubelet the port of the node's HTTPS API, by which logs, exec and figures are had; 0: any free one
/// @param kubeletHealth where `/healthz` of the node agent is, on the loopback interface; 0: nowhere
/// @param proxyHealth where load balancers ask for the node's health; null: nowhere
/// @param proxyMetrics where the proxy's metrics are; null: nowhere
/// @param dnsMetrics where those of cluster DNS are; null: nowhere
/// @param stubDomains domains whose names cluster DNS asks of name servers of their own
public record NodeSettings(int kubelet, int kubeletHealth, @Nullable Tcp proxyHealth, @Nullable Tcp proxyMetrics, @Nullable Tcp dnsMetrics,
        Map<String, List<InetSocketAddress>> stubDomains) {
    public static final NodeSettings USUAL = new NodeSettings(ApiSettings.DEFAULT_PORT, ApiSettings.DEFAULT_HEALTH_PORT, new Tcp("127.0.0.1", 10256), new Tcp("127.0.0.1", 10249),
            new Tcp("127.0.0.1", 9153), Map.of());
    private static final int DNS_PORT = 53;

    public NodeSettings {
        check("--kubelet-port", kubelet);
        check("--healthz-port", kubeletHealth);
        stubDomains = Map.copyOf(stubDomains);
    }

    /// Name servers of domains as written on a command line: `corp.example=192.0.2.53`, `=192.0.2.53:5353` with a port, several addresses after commas.
    public static Map<String, List<InetSocketAddress>> stubDomains(String flag, List<String> texts) {
        Map<String, List<InetSocketAddress>> domains = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String domain = text.substring(0, Math.max(0, equals));
            if (!domain.matches("[A-Za-z0-9_]([-A-Za-z0-9_.]*[A-Za-z0-9_])?\\.?")) {
                throw new IllegalArgumentException(flag + ": \"" + text + "\" is no domain with its name servers such as corp.example=192.0.2.53");
            }
            domains.put(domain, Arrays.stream(text.substring(equals + 1).split(",")).map(server -> server(flag, server.strip())).toList());
        }
        return domains;
    }

    private static InetSocketAddress server(String flag, String text) {
        boolean port = text.startsWith("[") ? text.contains("]:") : text.indexOf(':') > 0 && text.indexOf(':') == text.lastIndexOf(':');
        Tcp place = port ? address(flag, text) : null;
        String host = place != null ? place.host() : text.replace("[", "").replace("]", "");
        HostAddresses.check(flag, host);
        return new InetSocketAddress(InetAddress.ofLiteral(host), place == null ? DNS_PORT : place.port());
    }

    /// An address as written on a command line, such as `127.0.0.1:10249` or `[::1]:10249`; empty, or with port 0, for none.
    public static @Nullable Tcp address(String flag, String text) {
        if (text.isEmpty()) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 0 || !port.matches("\\d{1,5}")) {
            throw new IllegalArgumentException(flag + ": \"" + text + "\" is no address and port such as 127.0.0.1:10249; leave it empty for none");
        }
        check(flag, Integer.parseInt(port));
        String host = text.substring(0, colon).replace("[", "").replace("]", "");
        HostAddresses.check(flag, host);
        return port.equals("0") ? null : new Tcp(host, Integer.parseInt(port));
    }

    private static void check(String flag, int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(flag + ": " + port + " is not a port; 1 to 65535 are");
        }
    }
}
