package io.j8s.node;

import io.j8s.http.TlsIdentity;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Taint;
import io.j8s.node.containerd.ContainerdConfig;
import io.j8s.node.images.PauseImage;
import io.j8s.node.layout.NodeDirs;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a node agent is set up (upstream: kubelet's flags and KubeletConfiguration, named in brackets).
///
/// @param nodeName (`--hostname-override`)
/// @param addresses of the node, the first being its primary one (`--node-ip`)
/// @param dirs (`--root-dir`, and where logs go)
/// @param containerd the runtime that the agent starts for itself
/// @param manifests a directory of static pods (`--pod-manifest-path`); null: none
/// @param labels beside the usual ones (`--node-labels`)
/// @param taints of a newly registered node (`--register-with-taints`)
/// @param clusterDns (`--cluster-dns`)
/// @param clusterDomain (`--cluster-domain`)
/// @param resolvConf (`--resolv-conf`)
/// @param cgroupRoot under which the pods' control groups lie; one for each cluster of a machine
/// @param maxPods (`--max-pods`)
/// @param podPidsLimit (`--pod-max-pids`); 0: no limit
/// @param reserved for the system (`--system-reserved`)
/// @param bindAddress (`--address`)
/// @param port of the HTTPS API (`--port`); 0: any free one
/// @param serving the certificate of the HTTPS API, asked for at each handshake; null: no HTTPS API
/// @param clientAuthorities whose client certificates are believed (`--client-ca-file`)
public record KubeletConfig(
        String nodeName, List<String> addresses, NodeDirs dirs, ContainerdConfig containerd, @Nullable Path manifests, Map<String, String> labels, List<Taint> taints,
        List<String> clusterDns, String clusterDomain, Path resolvConf, String cgroupRoot, int maxPods, long podPidsLimit, Map<String, Quantity> reserved,
        String bindAddress, int port, @Nullable Supplier<TlsIdentity> serving, List<X509Certificate> clientAuthorities) {

    public static final int DEFAULT_PORT = 10250;

    public KubeletConfig {
        addresses = List.copyOf(addresses);
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
        clusterDns = List.copyOf(clusterDns);
        reserved = Map.copyOf(reserved);
        clientAuthorities = List.copyOf(clientAuthorities);
        if (!nodeName.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
            throw new IllegalArgumentException("node name \"" + nodeName + "\": lower case letters, digits, '-' and '.' are allowed; give another with --hostname-override");
        }
    }

    /// A node whose files are under one data directory, with upstream's defaults.
    ///
    /// @param cniConfigs the directory of CNI configuration lists
    public static KubeletConfig of(String nodeName, String address, Path data, Path cniConfigs) {
        return new KubeletConfig(nodeName, List.of(address), NodeDirs.under(data), ContainerdConfig.under(data, PauseImage.NAME, cniConfigs), null, Map.of(), List.of(),
                List.of(), "cluster.local", Path.of("/etc/resolv.conf"), "kubepods", 110, 0, Map.of(), "0.0.0.0", DEFAULT_PORT, null, List.of());
    }

    public KubeletConfig withClusterDns(List<String> servers, String domain) {
        return new KubeletConfig(nodeName, addresses, dirs, containerd, manifests, labels, taints, servers, domain, resolvConf, cgroupRoot, maxPods, podPidsLimit, reserved,
                bindAddress, port, serving, clientAuthorities);
    }

    public KubeletConfig withCgroupRoot(String root) {
        return new KubeletConfig(nodeName, addresses, dirs, containerd, manifests, labels, taints, clusterDns, clusterDomain, resolvConf, root, maxPods, podPidsLimit, reserved,
                bindAddress, port, serving, clientAuthorities);
    }

    public KubeletConfig withManifests(@Nullable Path directory) {
        return new KubeletConfig(nodeName, addresses, dirs, containerd, directory, labels, taints, clusterDns, clusterDomain, resolvConf, cgroupRoot, maxPods, podPidsLimit, reserved,
                bindAddress, port, serving, clientAuthorities);
    }

    public KubeletConfig withLabels(Map<String, String> nodeLabels, List<Taint> nodeTaints) {
        return new KubeletConfig(nodeName, addresses, dirs, containerd, manifests, nodeLabels, nodeTaints, clusterDns, clusterDomain, resolvConf, cgroupRoot, maxPods, podPidsLimit,
                reserved, bindAddress, port, serving, clientAuthorities);
    }

    public KubeletConfig withResources(int pods, Map<String, Quantity> systemReserved) {
        return new KubeletConfig(nodeName, addresses, dirs, containerd, manifests, labels, taints, clusterDns, clusterDomain, resolvConf, cgroupRoot, pods, podPidsLimit, systemReserved,
                bindAddress, port, serving, clientAuthorities);
    }

    public KubeletConfig withContainerd(ContainerdConfig runtime) {
        return new KubeletConfig(nodeName, addresses, dirs, runtime, manifests, labels, taints, clusterDns, clusterDomain, resolvConf, cgroupRoot, maxPods, podPidsLimit, reserved,
                bindAddress, port, serving, clientAuthorities);
    }

    /// With an HTTPS API.
    public KubeletConfig serving(String address, int servingPort, Supplier<TlsIdentity> certificate, List<X509Certificate> authorities) {
        return new KubeletConfig(nodeName, addresses, dirs, containerd, manifests, labels, taints, clusterDns, clusterDomain, resolvConf, cgroupRoot, maxPods, podPidsLimit, reserved,
                address, servingPort, certificate, authorities);
    }
}
