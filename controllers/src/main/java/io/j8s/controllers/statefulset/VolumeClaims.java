package io.j8s.controllers.statefulset;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Lister;
import io.j8s.client.loop.Ownership;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The claims of a set's pods: made from the templates, and owned by the set, by the pod or by nobody as the retention policy wants (KEP-1847), so that the garbage collector keeps or deletes them.
final class VolumeClaims {
    private static final String DELETE = "Delete";

    private final Client client;
    private final Lister<PersistentVolumeClaim> claims;
    private final EventRecorder events;

    VolumeClaims(Client client, Lister<PersistentVolumeClaim> claims, EventRecorder events) {
        this.client = client;
        this.claims = claims;
        this.events = events;
    }

    /// Makes the claims of a pod that are missing.
    void create(StatefulSet set, int ordinal) {
        String namespace = set.metadata().namespace();
        for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
            String name = Members.claimName(set, template, ordinal);
            if (claims.get(namespace, name) != null) {
                continue;
            }
            Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
            labels.putAll(set.spec().selector().matchLabels());
            String what = "Claim " + name + " Pod " + set.metadata().name() + "-" + ordinal + " in StatefulSet " + set.metadata().name();
            try {
                ObjectMeta meta = template.metadata().withName(name).withNamespace(namespace).withLabels(labels);
                client.create(PersistentVolumeClaim.RESOURCE, namespace, template.withMetadata(meta).withoutStatus());
                events.normal(set, "SuccessfulCreate", "Create " + what + " success");
            } catch (ApiException e) {
                if (!e.alreadyExists()) {
                    events.warning(set, "FailedCreate", "Create " + what + " failed error: " + e.getMessage());
                    throw e;
                }
            }
        }
    }

    /// Whether a claim still belongs to an earlier pod of the same name, and is about to go with it: a new pod must wait for a new claim.
    boolean stale(StatefulSet set, int ordinal) {
        if (!set.spec().persistentVolumeClaimRetentionPolicy().whenScaled().equals(DELETE)) {
            return false;
        }
        String pod = set.metadata().name() + "-" + ordinal;
        for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
            PersistentVolumeClaim claim = claims.get(set.metadata().namespace(), Members.claimName(set, template, ordinal));
            if (claim != null && claim.metadata().ownerReferences().stream().anyMatch(o -> Ownership.controlledByKind(o, Pod.RESOURCE) && o.name().equals(pod))) {
                return true;
            }
        }
        return false;
    }

    /// Makes the claims of a pod owned as the policy wants.
    void own(StatefulSet set, Pod pod) {
        int ordinal = Members.ordinal(set, pod);
        for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
            PersistentVolumeClaim claim = claims.get(set.metadata().namespace(), Members.claimName(set, template, ordinal));
            if (claim == null) {
                continue;
            }
            List<OwnerReference> owners = owners(set, pod, claim);
            if (!owners.equals(claim.metadata().ownerReferences())) {
                client.update(PersistentVolumeClaim.RESOURCE, set.metadata().namespace(), claim.withMetadata(m -> owners.isEmpty() ? m.withoutOwnerReferences() : m.withOwnerReferences(owners)));
            }
        }
    }

    private List<OwnerReference> owners(StatefulSet set, Pod pod, PersistentVolumeClaim claim) {
        boolean whenDeleted = set.spec().persistentVolumeClaimRetentionPolicy().whenDeleted().equals(DELETE);
        boolean whenScaled = set.spec().persistentVolumeClaimRetentionPolicy().whenScaled().equals(DELETE);
        boolean condemned = !Members.inRange(set, Members.ordinal(set, pod));
        List<OwnerReference> owners = new ArrayList<>();
        for (OwnerReference owner : claim.metadata().ownerReferences()) {
            boolean ofSet = Ownership.controlledByKind(owner, StatefulSet.RESOURCE) && owner.name().equals(set.metadata().name());
            boolean ofPod = Ownership.controlledByKind(owner, Pod.RESOURCE) && owner.name().equals(pod.metadata().name());
            boolean stale = (ofSet && !owner.uid().equals(set.metadata().uid())) || (ofPod && !owner.uid().equals(pod.metadata().uid()));
            if (stale) {
                return claim.metadata().ownerReferences(); // it goes with its former owner
            }
            if (!ofSet && !ofPod) {
                owners.add(owner);
            }
        }
        if ((whenDeleted || whenScaled) && owners.stream().anyMatch(OwnerReference::controller)) {
            events.warning(set, "ConflictingController", "PersistentVolumeClaim " + claim.metadata().name() + " is controlled by something else, so that the retention policy is ignored for it");
            return owners;
        }
        if (whenScaled && condemned) {
            owners.add(Ownership.controllerReference(Pod.RESOURCE, pod.metadata()));
        } else if (whenDeleted) {
            owners.add(Ownership.controllerReference(StatefulSet.RESOURCE, set.metadata()));
        }
        return owners;
    }
}
