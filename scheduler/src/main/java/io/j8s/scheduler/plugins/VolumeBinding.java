package io.j8s.scheduler.plugins;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.selector.Selector;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.CSIStorageCapacity;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.PreBindPlugin;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.ReservePlugin;
import io.j8s.scheduler.framework.Unschedulable;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Pods go where their volumes can be had: bound volumes by their node affinity, claims that wait for their first consumer by the volumes that are available there, or by
/// where their class can provision and has room.
///
/// What is chosen for a pod is assumed while it is reserved, so that the next pod does not choose it too; it is written before the pod is bound, and the pod is bound only
/// when both sides of each binding have been written and each volume reaches the node.
final class VolumeBinding implements FilterPlugin, ReservePlugin, PreBindPlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.CLAIM, ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_LABELS, ClusterEvent.Kind.VOLUME, ClusterEvent.Kind.STORAGE_CLASS, ClusterEvent.Kind.CSI_NODE, ClusterEvent.Kind.CSI_DRIVER, ClusterEvent.Kind.STORAGE_CAPACITY);
    private static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
    private static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
    /// The annotation by which a provisioner learns the node.
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";
    private static final Rejection NONE_AVAILABLE = Rejection.unresolvable("node(s) didn't find available persistent volumes to bind");
    private static final Rejection NO_ROOM = Rejection.unresolvable("node(s) did not have enough free storage");
    private static final Rejection ELSEWHERE = Rejection.unresolvable("node(s) didn't match PersistentVolume's node affinity");
    private static final Rejection NO_VOLUME = Rejection.unresolvable("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");

    private final Volumes storage;
    private final Duration bindTimeout;
    /// By the pod's uid: from its reservation to its binding.
    private final Map<String, Reserved> reserved = new ConcurrentHashMap<>();

    /// What a pod is given on its node: volumes as they are to be written, and claims that are to be provisioned.
    private record Reserved(List<PersistentVolume> volumes, List<PersistentVolumeClaim> given, List<PersistentVolumeClaim> provisioned) {}

    /// What is chosen on a node: a volume for each of these claims (by name), the others being provisioned.
    private record Chosen(Map<String, PersistentVolume> volumes, List<PersistentVolumeClaim> provisioned) {}

    VolumeBinding(Volumes storage, Duration bindTimeout) {
        this.storage = storage;
        this.bindTimeout = bindTimeout;
    }

    @Override
    public String name() {
        return "VolumeBinding";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        Pod pod = cycle.pod().pod();
        if (!PodClaims.any(pod)) {
            return null;
        }
        List<PersistentVolumeClaim> waiting = new ArrayList<>();
        List<NodeTerms> reached = new ArrayList<>();
        boolean missing = false;
        for (PersistentVolumeClaim claim : PodClaims.usable(pod, storage)) {
            if (isBound(claim)) {
                PersistentVolume volume = storage.volume(claim.spec().volumeName());
                missing |= volume == null;
                if (volume != null && volume.spec().nodeAffinity().hasRequired()) {
                    reached.add(NodeTerms.of(volume.spec().nodeAffinity().required()));
                }
            } else if (waits(claim)) {
                waiting.add(claim);
            } else {
                throw new Unschedulable("pod has unbound immediate PersistentVolumeClaims");
            }
        }
        if (missing) {
            return node -> NO_VOLUME;
        }
        if (waiting.isEmpty() && reached.isEmpty()) {
            return null;
        }
        waiting.sort(Comparator.comparing(VolumeBinding::size));
        return node -> {
            for (NodeTerms terms : reached) {
                if (!terms.admit(node)) {
                    return ELSEWHERE;
                }
            }
            return waiting.isEmpty() ? null : reject(waiting, node);
        };
    }

    /// Whether both sides of the binding have been written.
    private static boolean isBound(PersistentVolumeClaim claim) {
        return !claim.spec().volumeName().isEmpty() && claim.metadata().annotations().containsKey(BIND_COMPLETED);
    }

    private boolean waits(PersistentVolumeClaim claim) {
        StorageClass storageClass = storage.storageClass(className(claim));
        return claim.spec().volumeName().isEmpty() && storageClass != null && storageClass.volumeBindingMode().equals("WaitForFirstConsumer");
    }

    private static String className(PersistentVolumeClaim claim) {
        String old = claim.metadata().annotations().get("volume.beta.kubernetes.io/storage-class");
        return old == null ? claim.spec().storageClassName() : old;
    }

    // ---- what a node has for claims that wait

    private @Nullable Rejection reject(List<PersistentVolumeClaim> waiting, NodeInfo node) {
        try {
            choose(waiting, node);
            return null;
        } catch (Unschedulable e) {
            return e.reason().equals(NO_ROOM.reason()) ? NO_ROOM : NONE_AVAILABLE;
        }
    }

    private Chosen choose(List<PersistentVolumeClaim> smallestFirst, NodeInfo node) {
        Map<String, PersistentVolume> chosen = new HashMap<>();
        List<PersistentVolumeClaim> provisioned = new ArrayList<>();
        for (PersistentVolumeClaim claim : smallestFirst) {
            String selected = claim.metadata().annotations().get(SELECTED_NODE);
            if (selected != null && !selected.equals(node.name())) {
                throw new Unschedulable(NONE_AVAILABLE.reason()); // it is being provisioned for another node
            }
            PersistentVolume volume = selected != null ? null : available(claim, node, chosen);
            if (volume == null) {
                checkProvisioning(claim, node);
                provisioned.add(claim);
            } else {
                chosen.put(claim.metadata().name(), volume);
            }
        }
        return new Chosen(chosen, provisioned);
    }

    /// A volume that was made for the claim, or the smallest that suffices; null when there is none.
    private @Nullable PersistentVolume available(PersistentVolumeClaim claim, NodeInfo node, Map<String, PersistentVolume> taken) {
        PersistentVolume best = null;
        for (PersistentVolume volume : storage.volumes(className(claim))) {
            boolean free = taken.values().stream().noneMatch(other -> other.metadata().name().equals(volume.metadata().name()));
            if (!free || !suits(volume, claim) || !reaches(volume, node)) {
                continue;
            }
            if (volume.spec().hasClaimRef()) {
                return volume;
            }
            best = best == null || capacity(volume).compareTo(capacity(best)) < 0 ? volume : best;
        }
        return best;
    }

    private static boolean reaches(PersistentVolume volume, NodeInfo node) {
        return !volume.spec().nodeAffinity().hasRequired() || NodeTerms.of(volume.spec().nodeAffinity().required()).admit(node);
    }

    private static boolean suits(PersistentVolume volume, PersistentVolumeClaim claim) {
        var spec = volume.spec();
        var reference = spec.claimRef();
        boolean forIt = spec.hasClaimRef() && reference.name().equals(claim.metadata().name()) && reference.namespace().equals(claim.metadata().namespace())
                && (reference.uid().isEmpty() || reference.uid().equals(claim.metadata().uid()));
        boolean free = !spec.hasClaimRef() && volume.status().phase().equals("Available");
        return (forIt || free)
                && !volume.metadata().hasDeletionTimestamp()
                && mode(spec.volumeMode()).equals(mode(claim.spec().volumeMode()))
                && spec.volumeAttributesClassName().equals(claim.spec().volumeAttributesClassName())
                && capacity(volume).compareTo(size(claim)) >= 0
                && (forIt || (spec.accessModes().containsAll(claim.spec().accessModes())
                        && (!claim.spec().hasSelector() || Selector.of(claim.spec().selector()).matches(volume.metadata().labels()))));
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

    private void checkProvisioning(PersistentVolumeClaim claim, NodeInfo node) {
        StorageClass storageClass = storage.storageClass(className(claim));
        boolean can = storageClass != null
                && !storageClass.provisioner().isEmpty()
                && !storageClass.provisioner().equals(NO_PROVISIONER)
                && (storageClass.allowedTopologies().isEmpty() || storageClass.allowedTopologies().stream().anyMatch(term -> term.matchLabelExpressions().stream()
                        .allMatch(label -> label.values().contains(node.labels().getOrDefault(label.key(), "")))));
        if (storageClass == null || !can) {
            throw new Unschedulable(NONE_AVAILABLE.reason());
        }
        if (!hasRoom(storageClass, claim, node)) {
            throw new Unschedulable(NO_ROOM.reason());
        }
    }

    /// What the provisioner says of its room, if it says anything (KEP-1472).
    private boolean hasRoom(StorageClass storageClass, PersistentVolumeClaim claim, NodeInfo node) {
        CSIDriver driver = storage.csiDriver(storageClass.provisioner());
        if (driver == null || !driver.spec().storageCapacity() || !claim.spec().resources().requests().containsKey("storage")) {
            return true;
        }
        for (CSIStorageCapacity capacity : storage.capacities()) {
            Quantity limit = capacity.hasMaximumVolumeSize() ? capacity.maximumVolumeSize() : capacity.hasCapacity() ? capacity.capacity() : null;
            if (limit != null && capacity.storageClassName().equals(storageClass.metadata().name()) && limit.compareTo(size(claim)) >= 0
                    && capacity.hasNodeTopology() && Selector.of(capacity.nodeTopology()).matches(node.labels())) {
                return true;
            }
        }
        return false;
    }

    // ---- what is done for a pod

    @Override
    public void reserve(PodInfo pod, NodeInfo node) {
        if (!PodClaims.any(pod.pod())) {
            return;
        }
        List<PersistentVolumeClaim> waiting = new ArrayList<>(PodClaims.usable(pod.pod(), storage).stream().filter(claim -> !isBound(claim)).toList());
        if (waiting.isEmpty()) {
            return;
        }
        waiting.sort(Comparator.comparing(VolumeBinding::size));
        Chosen chosen = choose(waiting, node);
        Reserved mine = new Reserved(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (PersistentVolumeClaim claim : waiting) {
            PersistentVolume volume = chosen.volumes.get(claim.metadata().name());
            if (volume == null) {
                PersistentVolumeClaim selected = selecting(claim, node.name());
                storage.assume(selected);
                mine.provisioned.add(selected);
            } else {
                PersistentVolume given = giving(volume, claim);
                storage.assume(given);
                mine.volumes.add(given);
                mine.given.add(claim);
            }
        }
        reserved.put(pod.uid(), mine);
    }

    private static PersistentVolumeClaim selecting(PersistentVolumeClaim claim, String node) {
        Map<String, String> annotations = new TreeMap<>(claim.metadata().annotations());
        annotations.put(SELECTED_NODE, node);
        return claim.withMetadata(meta -> meta.withAnnotations(annotations));
    }

    private static PersistentVolume giving(PersistentVolume volume, PersistentVolumeClaim claim) {
        if (volume.spec().claimRef().uid().equals(claim.metadata().uid()) && !claim.metadata().uid().isEmpty()) {
            return volume;
        }
        ObjectReference reference = ObjectReference.EMPTY.withKind("PersistentVolumeClaim").withApiVersion("v1")
                .withNamespace(claim.metadata().namespace()).withName(claim.metadata().name())
                .withUid(claim.metadata().uid()).withResourceVersion(claim.metadata().resourceVersion());
        Map<String, String> annotations = new TreeMap<>(volume.metadata().annotations());
        if (!volume.spec().hasClaimRef()) {
            annotations.put(BOUND_BY_CONTROLLER, "yes");
        }
        return volume.withMetadata(meta -> meta.withAnnotations(annotations)).withSpec(spec -> spec.withClaimRef(reference));
    }

    @Override
    public void unreserve(PodInfo pod, NodeInfo node) {
        Reserved mine = reserved.remove(pod.uid());
        if (mine != null) {
            mine.volumes.forEach(volume -> storage.forgetVolume(volume.metadata().name()));
            mine.provisioned.forEach(claim -> storage.forgetClaim(claim.metadata().namespace(), claim.metadata().name()));
        }
    }

    @Override
    public boolean hasWork(PodInfo pod) {
        return reserved.containsKey(pod.uid());
    }

    @Override
    public void preBind(PodInfo pod, NodeInfo node) throws InterruptedException {
        Reserved mine = reserved.get(pod.uid());
        if (mine == null) {
            return;
        }
        for (PersistentVolume volume : mine.volumes) {
            storage.assume(storage.write(volume));
        }
        for (PersistentVolumeClaim claim : mine.provisioned) {
            storage.assume(storage.write(claim));
        }
        if (!storage.await(() -> allBound(mine, node), bindTimeout)) {
            throw new IllegalStateException("binding volumes: context deadline exceeded");
        }
        reserved.remove(pod.uid());
    }

    /// Whether all bindings are complete. Fails when one cannot become so any more, or has become one that does not reach the node.
    private boolean allBound(Reserved mine, NodeInfo node) {
        boolean all = true;
        for (int i = 0; i < mine.volumes.size(); i++) {
            PersistentVolume volume = storage.volume(mine.volumes.get(i).metadata().name());
            PersistentVolumeClaim claim = current(mine.given.get(i));
            if (volume == null) {
                throw new IllegalStateException("binding volumes: failed to check binding: could not find v1.PersistentVolume \"" + mine.volumes.get(i).metadata().name() + "\"");
            }
            checkReach(volume, node);
            if (volume.spec().claimRef().uid().isEmpty()) {
                throw new IllegalStateException("binding volumes: ClaimRef got reset for pv \"" + volume.metadata().name() + "\"");
            }
            all &= isBound(claim);
        }
        for (PersistentVolumeClaim provisioned : mine.provisioned) {
            all &= provisioned(current(provisioned), node);
        }
        return all;
    }

    private boolean provisioned(PersistentVolumeClaim claim, NodeInfo node) {
        if (!node.name().equals(claim.metadata().annotations().get(SELECTED_NODE))) {
            throw new IllegalStateException("binding volumes: provisioning failed for PVC \"" + claim.metadata().name() + "\"");
        }
        PersistentVolume volume = claim.spec().volumeName().isEmpty() ? null : storage.volume(claim.spec().volumeName());
        if (volume != null) {
            checkReach(volume, node);
        }
        return volume != null && isBound(claim);
    }

    private PersistentVolumeClaim current(PersistentVolumeClaim claim) {
        PersistentVolumeClaim now = storage.claim(claim.metadata().namespace(), claim.metadata().name());
        if (now == null || !now.metadata().uid().equals(claim.metadata().uid())) {
            throw new IllegalStateException("binding volumes: failed to check binding: could not find v1.PersistentVolumeClaim \""
                    + claim.metadata().namespace() + "/" + claim.metadata().name() + "\"");
        }
        return now;
    }

    private static void checkReach(PersistentVolume volume, NodeInfo node) {
        if (!reaches(volume, node)) {
            throw new IllegalStateException("binding volumes: pv \"" + volume.metadata().name() + "\" node affinity doesn't match node \"" + node.name() + "\": no matching NodeSelectorTerms");
        }
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case CLAIM -> event.after() instanceof PersistentVolumeClaim claim && claim.metadata().namespace().equals(pod.namespace())
                    && PodClaims.names(pod.pod()).contains(claim.metadata().name());
            case NODE_ADDED, NODE_LABELS, VOLUME, STORAGE_CLASS, CSI_NODE, CSI_DRIVER, STORAGE_CAPACITY -> true;
            default -> false;
        };
    }
}
