package io.j8s.scheduler.plugins;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.TopologySelectorTerm;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.selector.Selector;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.PreBindPlugin;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.Unschedulable;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pods go where their volumes can be had: bound volumes by their node affinity, claims that wait for their first consumer by the volumes that are available there, or by
/// where their class can provision.
///
/// Two pods that choose one volume at once are told apart by the API: the second write conflicts, and its pod is tried again.
final class VolumeBinding implements FilterPlugin, PreBindPlugin, WakeUpPlugin {

    private static final String BOUND = "pv.kubernetes.io/bind-completed";
    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";
    private static final Rejection NONE_AVAILABLE = Rejection.unresolvable("node(s) didn't find available persistent volumes to bind");
    private static final Rejection ELSEWHERE = Rejection.unresolvable("node(s) didn't match PersistentVolume's node affinity");
    private static final Rejection NO_VOLUME = Rejection.unresolvable("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");

    private final Volumes storage;

    VolumeBinding(Volumes storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return "VolumeBinding";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        List<PersistentVolumeClaim> claims = claims(cycle.pod().pod());
        if (claims.isEmpty()) {
            return null;
        }
        List<PersistentVolumeClaim> waiting = new ArrayList<>();
        List<PersistentVolumeClaim> bound = new ArrayList<>();
        for (PersistentVolumeClaim claim : claims) {
            if (isBound(claim)) {
                bound.add(claim);
            } else if (waits(claim)) {
                waiting.add(claim);
            } else {
                throw new Unschedulable("pod has unbound immediate PersistentVolumeClaims");
            }
        }
        return node -> {
            Rejection rejection = reject(bound, node);
            return rejection != null || choose(waiting, node) != null ? rejection : NONE_AVAILABLE;
        };
    }

    private List<PersistentVolumeClaim> claims(Pod pod) {
        List<PersistentVolumeClaim> claims = new ArrayList<>(0);
        for (Volume volume : pod.spec().volumes()) {
            boolean ephemeral = volume.hasEphemeral();
            if (!ephemeral && !volume.hasPersistentVolumeClaim()) {
                continue;
            }
            String name = ephemeral ? pod.metadata().name() + "-" + volume.name() : volume.persistentVolumeClaim().claimName();
            PersistentVolumeClaim claim = storage.claim(pod.metadata().namespace(), name);
            if (claim == null) {
                throw new Unschedulable(ephemeral
                        ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \"" + name + "\""
                        : "persistentvolumeclaim \"" + name + "\" not found");
            }
            claims.add(usable(pod, claim, ephemeral));
        }
        return claims;
    }

    private static PersistentVolumeClaim usable(Pod pod, PersistentVolumeClaim claim, boolean ephemeral) {
        String name = claim.metadata().name();
        if (claim.status().phase().equals("Lost")) {
            throw new Unschedulable("persistentvolumeclaim \"" + name + "\" bound to non-existent persistentvolume \"" + claim.spec().volumeName() + "\"");
        }
        if (claim.metadata().hasDeletionTimestamp()) {
            throw new Unschedulable("persistentvolumeclaim \"" + name + "\" is being deleted");
        }
        boolean owned = claim.metadata().ownerReferences().stream().anyMatch(owner -> owner.controller() && owner.uid().equals(pod.metadata().uid()));
        if (ephemeral && !owned) {
            throw new Unschedulable("PVC " + claim.metadata().namespace() + "/" + name + " was not created for pod " + pod.metadata().namespace() + "/"
                    + pod.metadata().name() + " (pod is not owner)");
        }
        return claim;
    }

    /// Whether both sides of the binding have been written.
    static boolean isBound(PersistentVolumeClaim claim) {
        return !claim.spec().volumeName().isEmpty() && claim.metadata().annotations().containsKey(BOUND);
    }

    private boolean waits(PersistentVolumeClaim claim) {
        StorageClass storageClass = storage.storageClass(claim.spec().storageClassName());
        return claim.spec().volumeName().isEmpty() && storageClass != null && storageClass.volumeBindingMode().equals("WaitForFirstConsumer");
    }

    private @Nullable Rejection reject(List<PersistentVolumeClaim> bound, NodeInfo node) {
        for (PersistentVolumeClaim claim : bound) {
            PersistentVolume volume = storage.volume(claim.spec().volumeName());
            if (volume == null) {
                return NO_VOLUME;
            }
            if (!reaches(volume, node)) {
                return ELSEWHERE;
            }
        }
        return null;
    }

    private static boolean reaches(PersistentVolume volume, NodeInfo node) {
        return !volume.spec().nodeAffinity().hasRequired() || NodeTerms.of(volume.spec().nodeAffinity().required()).admit(node);
    }

    /// A volume for each of the claims (by name) that gets one, the others being provisioned; null when the node will not do.
    private @Nullable Map<String, PersistentVolume> choose(List<PersistentVolumeClaim> waiting, NodeInfo node) {
        Map<String, PersistentVolume> chosen = new HashMap<>();
        List<PersistentVolumeClaim> smallestFirst = waiting.stream().sorted(Comparator.comparing(VolumeBinding::size)).toList();
        for (PersistentVolumeClaim claim : smallestFirst) {
            String selected = claim.metadata().annotations().get(SELECTED_NODE);
            if (selected != null && !selected.equals(node.name())) {
                return null; // it is being provisioned for another node
            }
            PersistentVolume volume = selected != null ? null : storage.volumes().stream()
                    .filter(one -> !chosen.containsValue(one) && suits(one, claim) && reaches(one, node))
                    .min(Comparator.<PersistentVolume>comparingInt(one -> one.spec().hasClaimRef() ? 0 : 1).thenComparing(VolumeBinding::capacity))
                    .orElse(null);
            if (volume != null) {
                chosen.put(claim.metadata().name(), volume);
            } else if (!canProvision(claim, node)) {
                return null;
            }
        }
        return chosen;
    }

    /// The annotation by which a provisioner learns the node.
    static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    private static boolean suits(PersistentVolume volume, PersistentVolumeClaim claim) {
        var spec = volume.spec();
        var reference = spec.claimRef();
        boolean forIt = spec.hasClaimRef() && reference.name().equals(claim.metadata().name()) && reference.namespace().equals(claim.metadata().namespace())
                && (reference.uid().isEmpty() || reference.uid().equals(claim.metadata().uid()));
        boolean free = !spec.hasClaimRef() && volume.status().phase().equals("Available");
        return (forIt || free)
                && !volume.metadata().hasDeletionTimestamp()
                && spec.storageClassName().equals(claim.spec().storageClassName())
                && mode(spec.volumeMode()).equals(mode(claim.spec().volumeMode()))
                && spec.volumeAttributesClassName().equals(claim.spec().volumeAttributesClassName())
                && spec.accessModes().containsAll(claim.spec().accessModes())
                && capacity(volume).compareTo(size(claim)) >= 0
                && (forIt || !claim.spec().hasSelector() || Selector.of(claim.spec().selector()).matches(volume.metadata().labels()));
    }

    private static String mode(String mode) {
        return mode.isEmpty() ? "Filesystem" : mode;
    }

    private static Quantity size(PersistentVolumeClaim claim) {
        return claim.spec().resources().requests().getOrDefault("storage", Quantity.ZERO);
    }

    private static Quantity capacity(PersistentVolume volume) {
        return volume.spec().capacity().getOrDefault("storage", Quantity.ZERO);
    }

    private boolean canProvision(PersistentVolumeClaim claim, NodeInfo node) {
        StorageClass storageClass = storage.storageClass(claim.spec().storageClassName());
        if (storageClass == null || storageClass.provisioner().isEmpty() || storageClass.provisioner().equals(NO_PROVISIONER)) {
            return false;
        }
        List<TopologySelectorTerm> terms = storageClass.allowedTopologies();
        return terms.isEmpty() || terms.stream().anyMatch(term -> term.matchLabelExpressions().stream()
                .allMatch(label -> label.values().contains(node.labels().getOrDefault(label.key(), ""))));
    }

    @Override
    public void preBind(PodInfo pod, NodeInfo node) throws InterruptedException {
        List<PersistentVolumeClaim> waiting = claims(pod.pod()).stream().filter(claim -> !isBound(claim)).toList();
        if (waiting.isEmpty()) {
            return;
        }
        Map<String, PersistentVolume> chosen = choose(waiting, node);
        if (chosen == null) {
            throw new Unschedulable(NONE_AVAILABLE.reason());
        }
        for (PersistentVolumeClaim claim : waiting) {
            PersistentVolume volume = chosen.get(claim.metadata().name());
            if (volume != null) {
                storage.give(volume, claim);
            } else if (!claim.metadata().annotations().containsKey(SELECTED_NODE)) {
                storage.provision(claim, node.name());
            }
        }
        storage.awaitBound(waiting, node.name());
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case NODE_ADDED, NODE_LABELS, VOLUME, CLAIM, STORAGE_CLASS, THIS_POD, TIMER -> true;
            default -> false;
        };
    }
}
