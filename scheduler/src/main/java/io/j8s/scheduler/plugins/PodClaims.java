package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.scheduler.framework.Unschedulable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The claims that a pod's volumes name.
final class PodClaims {

    private PodClaims() {}

    /// The name of a volume's claim, of its own (ephemeral) one too; empty when it has none.
    static String nameOf(Pod pod, Volume volume) {
        if (volume.hasPersistentVolumeClaim()) {
            return volume.persistentVolumeClaim().claimName();
        }
        return volume.hasEphemeral() ? pod.metadata().name() + "-" + volume.name() : "";
    }

    static boolean any(Pod pod) {
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasPersistentVolumeClaim() || volume.hasEphemeral()) {
                return true;
            }
        }
        return false;
    }

    /// The names of the claims, ephemeral ones included.
    static Set<String> names(Pod pod) {
        Set<String> names = new TreeSet<>();
        for (Volume volume : pod.spec().volumes()) {
            String name = nameOf(pod, volume);
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    /// The claims, all of which must be there and fit to be used.
    static List<PersistentVolumeClaim> usable(Pod pod, Volumes storage) {
        List<PersistentVolumeClaim> claims = new ArrayList<>(0);
        for (Volume volume : pod.spec().volumes()) {
            String name = nameOf(pod, volume);
            if (name.isEmpty()) {
                continue;
            }
            boolean ephemeral = volume.hasEphemeral();
            PersistentVolumeClaim claim = storage.claim(pod.metadata().namespace(), name);
            if (claim == null) {
                throw new Unschedulable(ephemeral
                        ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \"" + name + "\""
                        : notFound(name));
            }
            check(pod, claim, ephemeral);
            claims.add(claim);
        }
        return claims;
    }

    static String notFound(String name) {
        return "persistentvolumeclaim \"" + name + "\" not found";
    }

    private static void check(Pod pod, PersistentVolumeClaim claim, boolean ephemeral) {
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
    }
}
