package io.j8s.scheduler;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.StorageClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that a decision of a scheduler depends on, as it is at one moment: plain lists, nothing derived.
///
/// @param placed the pods that are on a node and have not ended
/// @param namespaces the labels of each
record World(
        Collection<Node> nodes, Collection<Pod> placed, Map<String, Map<String, String>> namespaces,
        Collection<PersistentVolume> volumes, Collection<PersistentVolumeClaim> claims, Collection<StorageClass> classes, Collection<CSINode> csiNodes,
        Collection<ResourceClaim> deviceClaims, Collection<ResourceSlice> slices, Collection<DeviceClass> deviceClasses) {

    static World of(Collection<Node> nodes, Collection<Pod> placed) {
        return new World(nodes, placed, Map.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    World with(Pod more) {
        List<Pod> all = new ArrayList<>(placed);
        all.add(more);
        return withPlaced(all);
    }

    World withAll(Collection<Pod> more) {
        List<Pod> all = new ArrayList<>(placed);
        all.addAll(more);
        return withPlaced(all);
    }

    World without(Set<String> uids) {
        return withPlaced(placed.stream().filter(pod -> !uids.contains(pod.metadata().uid())).toList());
    }

    /// As it was before a claim was made for the extended resources of a pod.
    World withoutClaimsOf(String uid) {
        return new World(nodes, placed, namespaces, volumes, claims, classes, csiNodes,
                deviceClaims.stream().filter(claim -> claim.metadata().ownerReferences().stream().noneMatch(owner -> owner.uid().equals(uid))).toList(), slices, deviceClasses);
    }

    World withPlaced(Collection<Pod> pods) {
        return new World(nodes, pods, namespaces, volumes, claims, classes, csiNodes, deviceClaims, slices, deviceClasses);
    }

    List<Pod> on(String node) {
        return placed.stream().filter(pod -> pod.spec().nodeName().equals(node)).toList();
    }

    @Nullable Node node(String name) {
        return nodes.stream().filter(node -> node.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Nullable PersistentVolumeClaim claim(String namespace, String name) {
        return claims.stream().filter(claim -> claim.metadata().namespace().equals(namespace) && claim.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Nullable PersistentVolume volume(String name) {
        return volumes.stream().filter(volume -> volume.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Nullable StorageClass storageClass(String name) {
        return classes.stream().filter(one -> one.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Nullable ResourceClaim deviceClaim(String namespace, String name) {
        return deviceClaims.stream().filter(claim -> claim.metadata().namespace().equals(namespace) && claim.metadata().name().equals(name)).findFirst().orElse(null);
    }

    Map<String, String> labelsOf(String namespace) {
        return Objects.requireNonNullElse(namespaces.get(namespace), Map.of());
    }
}
