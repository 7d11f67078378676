package io.j8s.scheduler.why;

import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodSchedulingGate;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.selector.Selector;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.devices.DeviceExpressions;
import io.j8s.scheduler.devices.DynamicResources;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.plugins.DefaultPlugins;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.why.Explanation.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Why a pod has no node: what the scheduler itself would say now, with what each reason is about.
final class Pending {

    private static final Duration SEARCH = Duration.ofSeconds(10);

    private final Reading reading;
    private final Timeline timeline;
    private final DeviceExpressions expressions;

    /// The nodes that one reason rules out.
    private record Ruled(String plugin, String reason, List<NodeInfo> nodes) {}

    Pending(Reading reading, Timeline timeline, DeviceExpressions expressions) {
        this.reading = reading;
        this.timeline = timeline;
        this.expressions = expressions;
    }

    List<Finding> findings(Pod pod) {
        List<Finding> findings = new ArrayList<>();
        List<String> gates = pod.spec().schedulingGates().stream().map(PodSchedulingGate::name).toList();
        if (!gates.isEmpty()) {
            findings.add(new Finding("SchedulingGate", "it is not to be scheduled until its scheduling gates are removed: " + String.join(", ", gates),
                    "whoever set a gate has to remove it from spec.schedulingGates"));
            return findings;
        }
        claims(pod, findings);
        int claimed = findings.size();
        new ClaimedDevices(reading).explain(pod, findings);
        if (findings.size() > claimed) {
            return findings; // it is not even looked at
        }
        String promised = pod.status().nominatedNodeName();
        if (!promised.isEmpty() && !roomIsMade(pod, promised)) {
            findings.addFirst(new Finding("Binding", "it is placed on node " + promised + ", and bound as soon as its volumes and devices are there", ""));
            return findings;
        }
        evaluate(pod, findings);
        if (!promised.isEmpty()) {
            findings.add(new Finding("Preemption", "room is being made for it on node " + promised + ": pods of a lower priority are ending there", ""));
        }
        return findings;
    }

    /// A pod names its node either because others have to go first, or because it waits to be bound there (KEP-5278).
    private boolean roomIsMade(Pod pod, String node) {
        return reading.all(Pod.RESOURCE, "").stream()
                .anyMatch(other -> other.spec().nodeName().equals(node) && other.metadata().hasDeletionTimestamp() && other.spec().priority() < pod.spec().priority());
    }

    private void evaluate(Pod pod, List<Finding> findings) {
        ClusterState cluster = new ClusterState();
        reading.all(Namespace.RESOURCE, "").forEach(one -> cluster.putNamespace(one.metadata().name(), one.metadata().labels()));
        reading.all(Node.RESOURCE, "").forEach(cluster::put);
        for (Pod other : reading.all(Pod.RESOURCE, "")) {
            boolean over = other.status().phase().equals("Succeeded") || other.status().phase().equals("Failed");
            if (!other.spec().nodeName().isEmpty() && !over) {
                cluster.put(other);
            }
        }
        if (cluster.nodes().isEmpty()) {
            findings.add(reading.forbidden().contains(Node.RESOURCE.qualifiedName())
                    ? new Finding("Scheduling", scheduled(pod), "with the right to list nodes and pods, more could be said")
                    : new Finding("Scheduling", "there are no nodes in the cluster", "add a node"));
            return;
        }
        SeenDevices devices = new SeenDevices(reading);
        DynamicResources dynamic = new DynamicResources(devices, expressions, timeline, SEARCH, Duration.ZERO, event -> {});
        Placement placement = new Placement(DefaultPlugins.profile(any -> Selector.nothing(), new SeenVolumes(reading), dynamic, resource -> devices.classFor(resource) != null),
                cluster, new Nominations(), timeline.random());
        try {
            switch (placement.find(new PodInfo(pod))) {
                case Placement.Result.Chosen chosen -> findings.add(unclaimed(pod, chosen));
                case Placement.Result.None(Diagnosis diagnosis) -> explain(pod, diagnosis, findings);
            }
        } catch (IllegalStateException e) {
            findings.add(new Finding("Devices", "what its claims ask for cannot be looked for: " + e.getMessage(), "mend the claim or the device class"));
        }
    }

    /// Its condition, as the scheduler left it.
    private static String scheduled(Pod pod) {
        return pod.status().conditions().stream().filter(one -> one.type().equals("PodScheduled")).map(PodCondition::message).filter(text -> !text.isEmpty())
                .findFirst().orElse("no scheduler has said anything of it");
    }

    private static Finding unclaimed(Pod pod, Placement.Result.Chosen chosen) {
        String name = pod.spec().schedulerName();
        return name.equals("default-scheduler")
                ? new Finding("Scheduling", chosen.feasible() + " nodes would do now, such as " + chosen.node().name() + "; the scheduler has not placed it: " + scheduled(pod),
                        "see that the scheduler runs: kubectl -n kube-system get lease kube-scheduler")
                : new Finding("Scheduling", "it waits for a scheduler of its own, \"" + name + "\" (spec.schedulerName)", "see that a scheduler of this name runs");
    }

    private void explain(Pod pod, Diagnosis diagnosis, List<Finding> findings) {
        if (!diagnosis.wholly().isEmpty()) {
            findings.add(new Finding("Scheduling", "no node is even looked at: " + diagnosis.wholly(), ""));
            return;
        }
        Map<String, Ruled> ruled = new LinkedHashMap<>();
        diagnosis.each((node, verdict) -> {
            for (String reason : verdict.rejection().reason().split("\n")) {
                ruled.computeIfAbsent(reason, r -> new Ruled(verdict.plugin(), r, new ArrayList<>())).nodes.add(node);
            }
        });
        ruled.values().stream().sorted((a, b) -> b.nodes.size() - a.nodes.size()).forEach(one -> findings.add(finding(pod, one)));
    }

    private Finding finding(Pod pod, Ruled ruled) {
        String nodes = ruled.nodes.size() + (ruled.nodes.size() == 1 ? " node" : " nodes") + ": ";
        PodInfo info = new PodInfo(pod);
        return switch (ruled.plugin) {
            case "NodeResourcesFit" -> resources(nodes, info, ruled);
            case "TaintToleration" -> new Finding("Taint", nodes + "tainted " + String.join(", ", taints(ruled.nodes)) + ", which it does not tolerate",
                    "add a toleration to the pod, or remove the taint: kubectl taint nodes NAME KEY-");
            case "NodeUnschedulable" -> new Finding("Cordon", nodes + "cordoned (" + names(ruled.nodes) + ")", "kubectl uncordon " + ruled.nodes.getFirst().name());
            case "NodeAffinity" -> new Finding("NodeAffinity", nodes + "without what its node selector or affinity asks for" + wantedLabels(pod),
                    "label a node (kubectl label nodes NAME KEY=VALUE), or ask for less");
            case "NodePorts" -> new Finding("HostPort", nodes + "the host port is taken: " + info.hostPorts().stream().map(port -> port.protocol() + " " + port.port()).toList(), "give up the hostPort, or use a Service");
            case "InterPodAffinity" -> new Finding("PodAffinity", nodes + ruled.reason.replace("node(s) ", ""), "look at spec.affinity of this pod and of those that are there");
            case "PodTopologySpread" -> new Finding("TopologySpread", nodes + ruled.reason.replace("node(s) ", ""),
                    "raise maxSkew, use whenUnsatisfiable: ScheduleAnyway, or add nodes where there are too few pods");
            case "VolumeBinding", "VolumeZone", "NodeVolumeLimits", "VolumeRestrictions" -> new Finding("Volume", nodes + ruled.reason.replace("node(s) ", ""), "");
            case "DynamicResources" -> new Finding("Devices", nodes + ruled.reason.replace("node(s) ", "") + new ClaimedDevices(reading).wanted(pod, ruled.nodes), "free devices that others hold, or ask for fewer");
            default -> new Finding("Scheduling", nodes + ruled.reason.replace("node(s) ", ""), "");
        };
    }

    private static Finding resources(String nodes, PodInfo pod, Ruled ruled) {
        if (!ruled.reason.startsWith("Insufficient ")) {
            return new Finding("Resources", nodes + ruled.reason + " (no more than " + ruled.nodes.getFirst().allocatable().pods + " each)", "remove pods, or add a node");
        }
        String resource = ruled.reason.substring("Insufficient ".length());
        NodeInfo best = ruled.nodes.getFirst();
        for (NodeInfo node : ruled.nodes) {
            best = free(node, resource) > free(best, resource) ? node : best;
        }
        long needed = pod.requests().get(resource);
        boolean everFits = ruled.nodes.stream().anyMatch(node -> node.allocatable().get(resource) >= needed);
        return new Finding("Resources",
                nodes + ruled.reason + " (needs " + amount(resource, needed) + ", largest free " + amount(resource, free(best, resource)) + " on " + best.name() + ")",
                everFits ? "ask for less " + resource + ", remove other pods, or add a node" : "no node is that large: ask for less " + resource + ", or add a larger node");
    }

    private static long free(NodeInfo node, String resource) {
        return node.allocatable().get(resource) - node.requested().get(resource);
    }

    static String amount(String resource, long amount) {
        if (resource.equals("cpu")) {
            return amount % 1000 == 0 ? String.valueOf(amount / 1000) : amount % 100 == 0 ? String.format(Locale.ROOT, "%.1f", amount / 1000.0) : amount + "m";
        }
        if (!resource.equals("memory") && !resource.equals("ephemeral-storage")) {
            return String.valueOf(amount);
        }
        return Math.abs(amount) >= 1L << 30 ? String.format(Locale.ROOT, "%.1fGi", amount / (double) (1L << 30)) : (amount >> 20) + "Mi";
    }

    private static Set<String> taints(List<NodeInfo> nodes) {
        Set<String> texts = new TreeSet<>();
        for (NodeInfo node : nodes) {
            for (Taint taint : node.taints()) {
                if (!taint.effect().equals("PreferNoSchedule")) {
                    texts.add(taint.key() + (taint.value().isEmpty() ? "" : "=" + taint.value()) + ":" + taint.effect());
                }
            }
        }
        return texts;
    }

    private static String names(List<NodeInfo> nodes) {
        List<String> names = nodes.stream().map(NodeInfo::name).sorted().toList();
        return names.size() <= 5 ? String.join(", ", names) : String.join(", ", names.subList(0, 5)) + ", …";
    }

    private String wantedLabels(Pod pod) {
        Map<String, Integer> holders = new TreeMap<>();
        pod.spec().nodeSelector().forEach((key, value) -> holders.put(key + "=" + value,
                (int) reading.all(Node.RESOURCE, "").stream().filter(node -> value.equals(node.metadata().labels().get(key))).count()));
        pod.spec().affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms()
                .forEach(term -> term.matchExpressions().forEach(one -> holders.putIfAbsent(one.key() + " " + one.operator() + (one.values().isEmpty() ? "" : " " + one.values()), -1)));
        if (holders.isEmpty()) {
            return "";
        }
        List<String> texts = new ArrayList<>();
        holders.forEach((text, count) -> texts.add(count < 0 ? text : text + " (" + count + (count == 1 ? " node has" : " nodes have") + " it)"));
        return ": " + String.join(", ", texts);
    }

    // ---- claims

    private void claims(Pod pod, List<Finding> findings) {
        String namespace = pod.metadata().namespace();
        for (Volume volume : pod.spec().volumes()) {
            String name = volume.hasPersistentVolumeClaim() ? volume.persistentVolumeClaim().claimName() : volume.hasEphemeral() ? pod.metadata().name() + "-" + volume.name() : "";
            if (name.isEmpty()) {
                continue;
            }
            PersistentVolumeClaim claim = reading.one(PersistentVolumeClaim.RESOURCE, namespace, name);
            if (claim == null && reading.isMissing(PersistentVolumeClaim.RESOURCE, namespace, name)) {
                findings.add(new Finding("Volume", "volume " + volume.name() + ": the PersistentVolumeClaim " + name + " does not exist", "create it"));
            } else if (claim != null && !claim.status().phase().equals("Bound")) {
                findings.add(unbound(claim));
            }
        }
    }

    private Finding unbound(PersistentVolumeClaim claim) {
        String name = claim.metadata().name();
        String start = "the PersistentVolumeClaim " + name + " is " + (claim.status().phase().isEmpty() ? "not bound" : claim.status().phase().toLowerCase(Locale.ROOT));
        var event = reading.event(claim.metadata().namespace(), "PersistentVolumeClaim", name, Set.of("ProvisioningFailed", "FailedBinding"));
        String said = event == null ? "" : ": " + event.message();
        String className = claim.spec().storageClassName();
        if (className.isEmpty()) {
            return new Finding("Volume", start + said, claim.spec().hasStorageClassName()
                    ? "create a PersistentVolume for it: it asks for none to be made" : "name a StorageClass, or mark one as the default");
        }
        @Nullable StorageClass storageClass = reading.one(StorageClass.RESOURCE, "", className);
        if (storageClass == null && reading.isMissing(StorageClass.RESOURCE, "", className)) {
            return new Finding("Volume", start + ": its StorageClass " + className + " does not exist", "create the class, or a PersistentVolume of it");
        }
        String selected = claim.metadata().annotations().getOrDefault("volume.kubernetes.io/selected-node", "");
        if (storageClass != null && !selected.isEmpty()) {
            return new Finding("Volume", start + ": its provisioner " + storageClass.provisioner() + " has not made a volume for node " + selected + " yet" + said, "see that the provisioner runs");
        }
        if (storageClass != null && storageClass.volumeBindingMode().equals("WaitForFirstConsumer")) {
            return new Finding("Volume", start + ": it waits for the pod to be placed (WaitForFirstConsumer)" + said, "");
        }
        return new Finding("Volume", start + (said.isEmpty() ? ": its provisioner " + (storageClass == null ? "" : storageClass.provisioner()) + " has made no volume" : said),
                "see that the provisioner runs");
    }
}
