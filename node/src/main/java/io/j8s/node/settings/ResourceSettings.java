package io.j8s.node.settings;

import io.j8s.model.Quantity;
import java.util.Map;

/// What of the host pods may use.
///
/// @param cgroupRoot under which the pods' control groups lie (`--cgroup-root`); one for each cluster of a machine
/// @param maxPods (`--max-pods`)
/// @param podsPerCore 0: no such limit (`--pods-per-core`)
/// @param podPidsLimit (`--pod-max-pids`); 0 or less: no limit
/// @param systemReserved for the host's own programs (`--system-reserved`)
/// @param kubeReserved for Kubernetes' own programs (`--kube-reserved`)
/// @param enforced whether all pods together are held to what is left (`--enforce-node-allocatable`)
public record ResourceSettings(
        String cgroupRoot, int maxPods, int podsPerCore, long podPidsLimit, Map<String, Quantity> systemReserved, Map<String, Quantity> kubeReserved,
        boolean enforced) {

    public static final ResourceSettings DEFAULT = new ResourceSettings("kubepods", 110, 0, -1, Map.of(), Map.of(), true);

    public ResourceSettings {
        systemReserved = Map.copyOf(systemReserved);
        kubeReserved = Map.copyOf(kubeReserved);
    }

    public ResourceSettings withCgroupRoot(String root) {
        return new ResourceSettings(root, maxPods, podsPerCore, podPidsLimit, systemReserved, kubeReserved, enforced);
    }
}
