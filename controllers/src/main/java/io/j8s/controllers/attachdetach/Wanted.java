package io.j8s.controllers.attachdetach;

import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.informer.Lister;
import io.j8s.controllers.pods.MountedClaims;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which volume has to be attached where, and for which pods.
final class Wanted {
    private static final String MANAGED = "volumes.kubernetes.io/controller-managed-attach-detach";
    private final Lister<PersistentVolumeClaim> claims;
    private final Lister<PersistentVolume> volumes;
    private final Lister<Node> nodes;
    private final Index<Pod> podsByClaim;
    private final Index<Pod> podsByInlineVolume;
    private final Index<PersistentVolume> volumesByUniqueName;

    Wanted(Informer<Pod> pods, Informer<PersistentVolumeClaim> claims, Informer<PersistentVolume> volumes, Lister<Node> nodes) {
        this.claims = claims.lister();
        this.volumes = volumes.lister();
        this.nodes = nodes;
        this.podsByClaim = MountedClaims.index(pods);
        this.podsByInlineVolume = pods.index("attachableVolume", pod -> pod.spec().volumes().stream().map(AttachableVolume::of).filter(v -> v != null).map(v -> v.uniqueName()).distinct().toList());
        this.volumesByUniqueName = volumes.index("attachableVolume", volume -> {
            AttachableVolume attachable = AttachableVolume.of(volume);
            return attachable == null ? List.of() : List.of(attachable.uniqueName());
        });
    }

    /// Null: no persistent volume of that unique name is known, and no pod names it.
    @Nullable AttachableVolume volume(String uniqueName) {
        List<PersistentVolume> found = volumesByUniqueName.get(uniqueName);
        if (!found.isEmpty()) {
            return AttachableVolume.of(found.getFirst());
        }
        return podsByInlineVolume.get(uniqueName).stream().flatMap(pod -> pod.spec().volumes().stream()).map(AttachableVolume::of).filter(v -> v != null && v.uniqueName().equals(uniqueName)).findFirst().orElse(null);
    }

    /// The pods that need the volume, by the node whose volumes are attached from here.
    Map<String, List<Pod>> podsByNode(String uniqueName) {
        List<Pod> users = new ArrayList<>(podsByInlineVolume.get(uniqueName));
        for (PersistentVolume volume : volumesByUniqueName.get(uniqueName)) {
            ObjectReference reference = volume.spec().claimRef();
            PersistentVolumeClaim claim = claims.get(reference.namespace(), reference.name());
            if (claim != null && claim.metadata().uid().equals(reference.uid()) && bound(claim) && claim.spec().volumeName().equals(volume.metadata().name())) {
                users.addAll(podsByClaim.get(new ObjectKey(reference.namespace(), reference.name()).toString()));
            }
        }
        Map<String, List<Pod>> byNode = new TreeMap<>();
        for (Pod pod : users) {
            Node node = pod.spec().nodeName().isEmpty() ? null : nodes.get("", pod.spec().nodeName());
            if (node != null && node.metadata().annotations().containsKey(MANAGED) && !ended(pod)) {
                byNode.computeIfAbsent(pod.spec().nodeName(), n -> new ArrayList<>()).add(pod);
            }
        }
        return byNode;
    }

    /// The unique names of a pod's attachable volumes, as far as its claims are bound.
    List<String> uniqueNames(Pod pod) {
        List<String> names = new ArrayList<>();
        for (Volume volume : pod.spec().volumes()) {
            String claimName = MountedClaims.name(pod, volume);
            AttachableVolume attachable = claimName.isEmpty() ? AttachableVolume.of(volume) : ofClaim(claims.get(pod.metadata().namespace(), claimName));
            if (attachable != null) {
                names.add(attachable.uniqueName());
            }
        }
        return names;
    }

    @Nullable AttachableVolume ofClaim(@Nullable PersistentVolumeClaim claim) {
        PersistentVolume volume = claim == null || !bound(claim) ? null : volumes.get("", claim.spec().volumeName());
        return volume == null ? null : AttachableVolume.of(volume);
    }

    private static boolean bound(PersistentVolumeClaim claim) {
        return claim.status().phase().equals("Bound") && !claim.spec().volumeName().isEmpty();
    }

    /// Finished, or being deleted with no container at work any more.
    private static boolean ended(Pod pod) {
        return Pods.finished(pod) || (pod.metadata().deletionTimestamp() != null && pod.status().containerStatuses().stream().allMatch(Wanted::still));
    }

    private static boolean still(ContainerStatus status) {
        return status.state().hasTerminated() || status.state().hasWaiting();
    }
}
