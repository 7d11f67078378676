package io.j8s.node.pods;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Toleration;
import io.j8s.node.status.PodRequests;
import io.j8s.node.status.Qos;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a node takes a pod that was bound to it. Pure.
final class Admission {
    /// Those that affect their pod only (Kubernetes documentation, "Using sysctls in a Kubernetes Cluster").
    private static final Set<String> SAFE_SYSCTLS = Set.of("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");
    private static final int CRITICAL = 2_000_000_000;

    private final NodeContext node;
    private final Collection<Pod> others;

    /// @param others the active pods of the node beside the one in question
    Admission(NodeContext node, Collection<Pod> others) {
        this.node = node;
        this.others = others;
    }

    /// Why the pod is not taken; null: it is.
    ///
    /// @param pressure the node's conditions that tell of a shortage, such as `MemoryPressure`
    @Nullable Rejection refusal(Pod pod, List<String> pressure) {
        if (!pressure.isEmpty() && !critical(pod) && !enduring(pod, pressure)) {
            return new Rejection("Evicted", "The node had condition: [" + String.join(" ", pressure) + "]. ");
        }
        if (pod.spec().hasOs() && !pod.spec().os().name().equals("linux")) {
            return new Rejection("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS");
        }
        Rejection unconfined = AppArmor.refusal(pod);
        if (unconfined != null) {
            return unconfined;
        }
        if (pod.spec().securityContext().supplementalGroupsPolicy().equals("Strict") && !node.runtime().supplementalGroupsPolicy()) {
            return new Rejection("SupplementalGroupsPolicyNotSupported", "SupplementalGroupsPolicy=Strict is not supported in this node");
        }
        for (var sysctl : pod.spec().securityContext().sysctls()) {
            String name = sysctl.name().replace('/', '.');
            boolean allowed = SAFE_SYSCTLS.contains(name) || node.settings().unsafeSysctls().stream()
                    .anyMatch(p -> p.endsWith("*") ? name.startsWith(p.substring(0, p.length() - 1)) : name.equals(p));
            if (!allowed) {
                return new Rejection("SysctlForbidden", "forbidden sysctl: \"" + name + "\" not allowlisted");
            }
        }
        Shortage shortage = shortage(pod);
        if (shortage != null) {
            return new Rejection("OutOf" + shortage.resource(), "Node didn't have enough resource: " + shortage.resource() + ", requested: " + shortage.requested()
                    + ", used: " + shortage.used() + ", capacity: " + shortage.capacity());
        }
        return clashes(pod) ? new Rejection("NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports") : null;
    }

    /// Why a running pod cannot be given what it asks for now; null: it can.
    @Nullable Rejection resizeRefusal(Pod pod) {
        Shortage shortage = shortage(pod);
        if (shortage == null) {
            return null;
        }
        return shortage.requested() > shortage.capacity()
                ? new Rejection("Infeasible", "Node didn't have enough capacity: " + shortage.resource() + ", requested: " + shortage.requested() + ", capacity: " + shortage.capacity())
                : new Rejection("Deferred", "Node didn't have enough resource: " + shortage.resource() + ", requested: " + shortage.requested() + ", used: " + shortage.used()
                        + ", capacity: " + shortage.capacity());
    }

    private record Shortage(String resource, long requested, long used, long capacity) {}

    private @Nullable Shortage shortage(Pod pod) {
        long pods = node.allocatable().getOrDefault("pods", Quantity.of(Long.MAX_VALUE)).value();
        if (others.size() + 1 > pods) {
            return new Shortage("pods", 1, others.size(), pods);
        }
        for (Map.Entry<String, Quantity> entry : PodRequests.of(pod).entrySet()) {
            String name = entry.getKey();
            Quantity capacity = node.allocatable().get(name);
            if (entry.getValue().isZero() || (capacity == null && name.contains("/"))) {
                continue; // others answer for resources of their own
            }
            long used = others.stream().mapToLong(o -> amount(name, PodRequests.of(o).getOrDefault(name, Quantity.ZERO))).sum();
            long requested = amount(name, entry.getValue());
            long whole = capacity == null ? 0 : amount(name, capacity);
            if (used + requested > whole) {
                return new Shortage(name, requested, used, whole);
            }
        }
        return null;
    }

    private static long amount(String resource, Quantity quantity) {
        return resource.equals("cpu") ? quantity.milliValue() : quantity.value();
    }

    private boolean clashes(Pod pod) {
        Set<String> taken = new HashSet<>();
        others.forEach(other -> ports(other).forEach(port -> taken.add(key(port))));
        return ports(pod).stream().anyMatch(port -> taken.contains(key(port)));
    }

    private static List<ContainerPort> ports(Pod pod) {
        return pod.spec().containers().stream().flatMap(c -> c.ports().stream()).filter(p -> p.hostPort() > 0).toList();
    }

    private static String key(ContainerPort port) {
        return port.hostIP() + "/" + port.protocol() + "/" + port.hostPort();
    }

    static boolean critical(Pod pod) {
        return "file".equals(pod.metadata().annotations().get(StaticPods.SOURCE)) || StaticPods.isMirror(pod) || pod.spec().priority() >= CRITICAL;
    }

    /// Memory pressure alone keeps only pods of the class BestEffort out, unless they tolerate it.
    private static boolean enduring(Pod pod, List<String> pressure) {
        return pressure.equals(List.of("MemoryPressure")) && (Qos.of(pod) != Qos.BEST_EFFORT || pod.spec().tolerations().stream().anyMatch(Admission::toleratesMemoryPressure));
    }

    private static boolean toleratesMemoryPressure(Toleration toleration) {
        boolean effect = toleration.effect().isEmpty() || toleration.effect().equals("NoSchedule");
        boolean key = toleration.key().equals("node.kubernetes.io/memory-pressure") || (toleration.key().isEmpty() && toleration.operator().equals("Exists"));
        return effect && key && (toleration.operator().equals("Exists") || toleration.value().isEmpty());
    }
}
