package io.j8s.scheduler;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Slow and obviously right: where a pod may go, straight from the definitions, with no counts kept.
final class ReferenceScheduler {

    private final World world;
    private final ReferenceVolumes volumes;
    private final ReferenceDevices devices;

    ReferenceScheduler(World world) {
        this.world = world;
        this.volumes = new ReferenceVolumes(world);
        this.devices = new ReferenceDevices(world);
    }

    /// The nodes that a pod may go to.
    List<String> mayGoTo(Pod pod) {
        List<String> names = new ArrayList<>();
        for (Node node : world.nodes()) {
            if (allows(pod, node)) {
                names.add(node.metadata().name());
            }
        }
        return names;
    }

    boolean allows(Pod pod, Node node) {
        return pod.spec().schedulingGates().isEmpty() && fits(pod, node) && tolerates(pod, node) && selects(pod, node) && portsAreFree(pod, node)
                && keepsDistance(pod, node) && isNear(pod, node) && spreads(pod, node) && volumes.allow(pod, node) && devices.allow(pod, node);
    }

    // ---- room

    private boolean fits(Pod pod, Node node) {
        List<Pod> there = world.on(node.metadata().name());
        Set<String> asked = new TreeSet<>();
        all(pod).forEach(container -> asked.addAll(container.resources().requests().keySet()));
        for (String resource : asked) {
            ToLongFunction<Quantity> unit = resource.equals("cpu") ? Quantity::milliValue : Quantity::value;
            long wanted = request(pod, resource, unit);
            if (devices.standFor(resource, node)) {
                continue;
            }
            long taken = there.stream().mapToLong(other -> request(other, resource, unit)).sum();
            if (wanted > 0 && taken + wanted > unit.applyAsLong(node.status().allocatable().getOrDefault(resource, Quantity.ZERO))) {
                return false;
            }
        }
        return there.size() + 1 <= Objects.requireNonNull(node.status().allocatable().get("pods")).value();
    }

    private static List<Container> all(Pod pod) {
        List<Container> all = new ArrayList<>(pod.spec().containers());
        all.addAll(pod.spec().initContainers());
        return all;
    }

    /// The containers together, or the greatest of those that run before them.
    static long request(Pod pod, String resource, ToLongFunction<Quantity> unit) {
        long together = pod.spec().containers().stream().mapToLong(one -> request(one, resource, unit)).sum();
        long before = pod.spec().initContainers().stream().mapToLong(one -> request(one, resource, unit)).max().orElse(0);
        return Math.max(together, before);
    }

    private static long request(Container container, String resource, ToLongFunction<Quantity> unit) {
        Quantity asked = container.resources().requests().get(resource);
        return asked == null ? 0 : unit.applyAsLong(asked);
    }

    private boolean portsAreFree(Pod pod, Node node) {
        for (Pod other : world.on(node.metadata().name())) {
            for (ContainerPort held : ports(other)) {
                for (ContainerPort wanted : ports(pod)) {
                    boolean address = anyAddress(held) || anyAddress(wanted) || held.hostIP().equals(wanted.hostIP());
                    if (address && protocol(held).equals(protocol(wanted)) && held.hostPort() == wanted.hostPort()) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static List<ContainerPort> ports(Pod pod) {
        return pod.spec().containers().stream().flatMap(one -> one.ports().stream()).filter(port -> port.hostPort() > 0).toList();
    }

    private static boolean anyAddress(ContainerPort port) {
        return port.hostIP().isEmpty() || port.hostIP().equals("0.0.0.0");
    }

    private static String protocol(ContainerPort port) {
        return port.protocol().isEmpty() ? "TCP" : port.protocol();
    }

    // ---- nodes as such

    private static boolean tolerates(Pod pod, Node node) {
        Taint cordon = Taint.EMPTY.withKey("node.kubernetes.io/unschedulable").withEffect("NoSchedule");
        return (!node.spec().unschedulable() || Matching.tolerates(pod.spec().tolerations(), cordon)) && toleratesTaints(pod, node);
    }

    private static boolean toleratesTaints(Pod pod, Node node) {
        return node.spec().taints().stream().filter(taint -> !taint.effect().equals("PreferNoSchedule")).allMatch(taint -> Matching.tolerates(pod.spec().tolerations(), taint));
    }

    private static boolean selects(Pod pod, Node node) {
        var affinity = pod.spec().affinity().nodeAffinity();
        return node.metadata().labels().entrySet().containsAll(pod.spec().nodeSelector().entrySet())
                && (!affinity.hasRequiredDuringSchedulingIgnoredDuringExecution() || Matching.node(affinity.requiredDuringSchedulingIgnoredDuringExecution(), node));
    }

    // ---- other pods

    private @Nullable String placeOf(Pod placed, String key) {
        Node node = world.node(placed.spec().nodeName());
        return node == null ? null : node.metadata().labels().get(key);
    }

    private boolean samePlace(Node one, Pod other, String key) {
        String value = one.metadata().labels().get(key);
        return value != null && value.equals(placeOf(other, key));
    }

    private boolean about(PodAffinityTerm term, Pod owner, Pod other) {
        String namespace = other.metadata().namespace();
        boolean own = term.namespaces().isEmpty() && !term.hasNamespaceSelector() && namespace.equals(owner.metadata().namespace());
        boolean named = term.namespaces().contains(namespace);
        boolean selected = term.hasNamespaceSelector() && Matching.labels(term.namespaceSelector(), world.labelsOf(namespace));
        return (own || named || selected) && term.hasLabelSelector() && Matching.labels(term.labelSelector(), other.metadata().labels());
    }

    private boolean keepsDistance(Pod pod, Node node) {
        for (PodAffinityTerm term : pod.spec().affinity().podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution()) {
            if (world.placed().stream().anyMatch(other -> about(term, pod, other) && samePlace(node, other, term.topologyKey()))) {
                return false;
            }
        }
        for (Pod other : world.placed()) {
            for (PodAffinityTerm term : other.spec().affinity().podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution()) {
                if (about(term, other, pod) && samePlace(node, other, term.topologyKey())) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Pods count only that all terms are about. The first of such pods may go anywhere that has the labels.
    private boolean isNear(Pod pod, Node node) {
        List<PodAffinityTerm> terms = pod.spec().affinity().podAffinity().requiredDuringSchedulingIgnoredDuringExecution();
        if (!terms.stream().allMatch(term -> node.metadata().labels().containsKey(term.topologyKey()))) {
            return false;
        }
        List<Pod> wanted = world.placed().stream().filter(other -> terms.stream().allMatch(term -> about(term, pod, other))).toList();
        boolean any = terms.stream().anyMatch(term -> wanted.stream().anyMatch(other -> placeOf(other, term.topologyKey()) != null));
        return any
                ? terms.stream().allMatch(term -> wanted.stream().anyMatch(other -> samePlace(node, other, term.topologyKey())))
                : terms.stream().allMatch(term -> about(term, pod, pod));
    }

    private boolean spreads(Pod pod, Node node) {
        List<TopologySpreadConstraint> constraints = pod.spec().topologySpreadConstraints().stream().filter(one -> one.whenUnsatisfiable().equals("DoNotSchedule")).toList();
        return constraints.stream().allMatch(constraint -> spreads(pod, node, constraint, constraints));
    }

    private boolean spreads(Pod pod, Node node, TopologySpreadConstraint constraint, List<TopologySpreadConstraint> all) {
        String here = node.metadata().labels().get(constraint.topologyKey());
        if (here == null) {
            return false;
        }
        Map<String, Integer> counts = new HashMap<>();
        for (Node one : world.nodes()) {
            boolean keys = all.stream().allMatch(other -> one.metadata().labels().containsKey(other.topologyKey()));
            boolean affinity = constraint.nodeAffinityPolicy().equals("Ignore") || selects(pod, one);
            boolean taints = !constraint.nodeTaintsPolicy().equals("Honor") || toleratesTaints(pod, one);
            if (keys && affinity && taints) {
                int there = (int) world.on(one.metadata().name()).stream().filter(other -> isFellow(pod, constraint, other)).count();
                counts.merge(Objects.requireNonNull(one.metadata().labels().get(constraint.topologyKey())), there, Integer::sum);
            }
        }
        int least = counts.size() < constraint.minDomains() ? 0 : counts.values().stream().min(Integer::compare).orElse(0);
        int self = counts(pod, constraint, pod) ? 1 : 0;
        return counts.getOrDefault(here, 0) + self - least <= constraint.maxSkew();
    }

    private static boolean isFellow(Pod pod, TopologySpreadConstraint constraint, Pod other) {
        return other.metadata().namespace().equals(pod.metadata().namespace()) && !other.metadata().hasDeletionTimestamp() && counts(pod, constraint, other);
    }

    private static boolean counts(Pod pod, TopologySpreadConstraint constraint, Pod other) {
        return constraint.hasLabelSelector() && Matching.labels(constraint.labelSelector(), other.metadata().labels())
                && constraint.matchLabelKeys().stream().allMatch(key -> !pod.metadata().labels().containsKey(key)
                        || Objects.equals(pod.metadata().labels().get(key), other.metadata().labels().get(key)));
    }
}
