package io.j8s.apiserver.admission.plugins;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Which labels of its Node a kubelet may set: those of Kubernetes that are meant for it, and any of other owners.
final class NodeLabels {

    private static final Set<String> ALLOWED = Set.of(
            "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region", "node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type", "kubernetes.io/os", "kubernetes.io/arch",
            "beta.kubernetes.io/os", "beta.kubernetes.io/arch");
    private static final List<String> ALLOWED_OWNERS = List.of("kubelet.kubernetes.io", "node.kubernetes.io");
    private static final String RESERVED_OWNER = "node-restriction.kubernetes.io";

    private NodeLabels() {}

    /// The labels that changed and may not, in order.
    static List<String> forbidden(Map<String, String> labels, Map<String, String> old) {
        TreeSet<String> changed = new TreeSet<>();
        labels.forEach((key, value) -> {
            if (!Objects.equals(old.get(key), value)) {
                changed.add(key);
            }
        });
        old.keySet().stream().filter(key -> !labels.containsKey(key)).forEach(changed::add);
        return changed.stream().filter(key -> !allowed(key)).toList();
    }

    private static boolean allowed(String key) {
        int slash = key.indexOf('/');
        String owner = slash < 0 ? "" : key.substring(0, slash);
        if (belongs(owner, RESERVED_OWNER)) {
            return false;
        }
        boolean ofKubernetes = belongs(owner, "kubernetes.io") || belongs(owner, "k8s.io");
        return !ofKubernetes || ALLOWED.contains(key) || ALLOWED_OWNERS.stream().anyMatch(one -> belongs(owner, one));
    }

    private static boolean belongs(String owner, String domain) {
        return owner.equals(domain) || owner.endsWith("." + domain);
    }
}
