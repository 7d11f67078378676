package io.j8s.scheduler;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.StorageClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a pod's volumes can be had, from the definitions.
final class ReferenceVolumes {

    private final World world;

    ReferenceVolumes(World world) {
        this.world = world;
    }

    boolean allow(Pod pod, Node node) {
        List<PersistentVolumeClaim> claims = new ArrayList<>();
        for (String name : names(pod)) {
            PersistentVolumeClaim claim = world.claim(pod.metadata().namespace(), name);
            if (claim == null || claim.metadata().hasDeletionTimestamp()) {
                return false;
            }
            claims.add(claim);
        }
        return claims.stream().allMatch(claim -> isBound(claim) ? reached(claim, node) : waits(claim))
                && claims.stream().noneMatch(this::isTakenAlone)
                && canBeHad(claims.stream().filter(claim -> !isBound(claim)).toList(), node)
                && withinLimits(pod, node);
    }

    private static List<String> names(Pod pod) {
        return pod.spec().volumes().stream().filter(volume -> volume.hasPersistentVolumeClaim()).map(volume -> volume.persistentVolumeClaim().claimName()).distinct().toList();
    }

    private static boolean isBound(PersistentVolumeClaim claim) {
        return !claim.spec().volumeName().isEmpty() && claim.metadata().annotations().containsKey("pv.kubernetes.io/bind-completed");
    }

    private boolean reached(PersistentVolumeClaim claim, Node node) {
        PersistentVolume volume = world.volume(claim.spec().volumeName());
        return volume != null && reaches(volume, node) && inZone(volume, node);
    }

    private static boolean reaches(PersistentVolume volume, Node node) {
        return !volume.spec().nodeAffinity().hasRequired() || Matching.node(volume.spec().nodeAffinity().required(), node);
    }

    /// A zone's label is asked of nodes that have any such label.
    private static boolean inZone(PersistentVolume volume, Node node) {
        String zones = volume.metadata().labels().get("topology.kubernetes.io/zone");
        String there = node.metadata().labels().get("topology.kubernetes.io/zone");
        return zones == null || there == null || Arrays.asList(zones.split("__")).contains(there);
    }

    private boolean waits(PersistentVolumeClaim claim) {
        StorageClass storageClass = world.storageClass(claim.spec().storageClassName());
        return claim.spec().volumeName().isEmpty() && storageClass != null && storageClass.volumeBindingMode().equals("WaitForFirstConsumer");
    }

    private boolean isTakenAlone(PersistentVolumeClaim claim) {
        return claim.spec().accessModes().contains("ReadWriteOncePod") && world.placed().stream()
                .anyMatch(other -> other.metadata().namespace().equals(claim.metadata().namespace()) && names(other).contains(claim.metadata().name()));
    }

    /// The smallest claim first gets the smallest volume that suffices; what has none is made, where its class makes volumes.
    private boolean canBeHad(List<PersistentVolumeClaim> waiting, Node node) {
        Set<String> given = new HashSet<>();
        for (PersistentVolumeClaim claim : waiting.stream().sorted(Comparator.comparing(ReferenceVolumes::size)).toList()) {
            String selected = claim.metadata().annotations().get("volume.kubernetes.io/selected-node");
            if (selected != null && !selected.equals(node.metadata().name())) {
                return false;
            }
            PersistentVolume volume = selected != null ? null : smallest(claim, node, given);
            if (volume != null) {
                given.add(volume.metadata().name());
            } else if (!canBeMade(claim, node)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable PersistentVolume smallest(PersistentVolumeClaim claim, Node node, Set<String> given) {
        return world.volumes().stream()
                .filter(volume -> !volume.spec().hasClaimRef() && volume.status().phase().equals("Available") && !given.contains(volume.metadata().name()))
                .filter(volume -> volume.spec().storageClassName().equals(claim.spec().storageClassName()) && volume.spec().accessModes().containsAll(claim.spec().accessModes()))
                .filter(volume -> reaches(volume, node) && room(volume).compareTo(size(claim)) >= 0)
                .min(Comparator.comparing(ReferenceVolumes::room)).orElse(null);
    }

    private static Quantity size(PersistentVolumeClaim claim) {
        return claim.spec().resources().requests().getOrDefault("storage", Quantity.ZERO);
    }

    private static Quantity room(PersistentVolume volume) {
        return volume.spec().capacity().getOrDefault("storage", Quantity.ZERO);
    }

    private boolean canBeMade(PersistentVolumeClaim claim, Node node) {
        StorageClass storageClass = world.storageClass(claim.spec().storageClassName());
        return storageClass != null && !storageClass.provisioner().equals("kubernetes.io/no-provisioner")
                && (storageClass.allowedTopologies().isEmpty() || storageClass.allowedTopologies().stream().anyMatch(term -> term.matchLabelExpressions().stream()
                        .allMatch(one -> one.values().contains(node.metadata().labels().getOrDefault(one.key(), "")))));
    }

    /// Volumes count once however many pods use them, and those that are still to be made count, too.
    private boolean withinLimits(Pod pod, Node node) {
        CSINode csi = world.csiNodes().stream().filter(one -> one.metadata().name().equals(node.metadata().name())).findFirst().orElse(null);
        if (csi == null) {
            return true;
        }
        return csi.spec().drivers().stream().filter(driver -> driver.allocatable().hasCount()).allMatch(driver -> {
            Set<String> there = new HashSet<>();
            world.on(node.metadata().name()).forEach(other -> there.addAll(attached(other, driver.name())));
            Set<String> then = new HashSet<>(there);
            then.addAll(attached(pod, driver.name()));
            return then.size() == there.size() || then.size() <= driver.allocatable().count();
        });
    }

    private Set<String> attached(Pod pod, String driver) {
        Set<String> handles = new HashSet<>();
        for (String name : names(pod)) {
            PersistentVolumeClaim claim = world.claim(pod.metadata().namespace(), name);
            PersistentVolume volume = claim == null ? null : world.volume(claim.spec().volumeName());
            StorageClass storageClass = claim == null ? null : world.storageClass(claim.spec().storageClassName());
            if (volume != null && volume.spec().hasCsi() && volume.spec().csi().driver().equals(driver)) {
                handles.add(volume.spec().csi().volumeHandle());
            } else if (volume == null && storageClass != null && storageClass.provisioner().equals(driver)) {
                handles.add("of " + pod.metadata().namespace() + "/" + name);
            }
        }
        return handles;
    }
}
