package io.j8s.controllers.resourceclaim;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.informer.Lister;
import io.j8s.client.loop.Ownership;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceClaimConsumerReference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Takes pods that are done off the list of those for whom a claim is reserved; a claim that is then nobody's is deallocated, and deleted if it was made for a pod that is done.
final class ClaimRelease {
    private static final String FINALIZER = "resource.kubernetes.io/delete-protection";
    private static final int MOST_REMEMBERED = 500;

    private final Client client;
    private final Lister<Pod> pods;
    // guarded by itself
    private final Set<String> gone = new LinkedHashSet<>();

    ClaimRelease(Client client, Lister<Pod> pods) {
        this.client = client;
        this.pods = pods;
    }

    /// The informer saw the pod go: the server need not be asked about it.
    void podGone(String uid) {
        synchronized (gone) {
            gone.add(uid);
            if (gone.size() > MOST_REMEMBERED) {
                gone.remove(gone.iterator().next());
            }
        }
    }

    void reconcile(ResourceClaim claim) {
        List<ResourceClaimConsumerReference> remaining = claim.status().reservedFor().stream().filter(consumer -> stillNeeds(consumer, claim.metadata().namespace())).toList();
        boolean guarded = claim.metadata().finalizers().contains(FINALIZER);
        if (remaining.size() < claim.status().reservedFor().size()) {
            ResourceClaim released = writeStatus(remaining.isEmpty() && guarded
                    ? claim.withStatus(s -> s.withoutReservedFor().withoutAllocation())
                    : claim.withStatus(s -> remaining.isEmpty() ? s.withoutReservedFor() : s.withReservedFor(remaining)));
            if (released.metadata().finalizers().contains(FINALIZER) && !released.status().hasAllocation()) {
                unguard(released);
            }
        } else if (guarded && claim.metadata().deletionTimestamp() != null && remaining.isEmpty()) {
            unguard(claim.status().hasAllocation() ? writeStatus(claim.withStatus(s -> s.withoutAllocation())) : claim);
        }
        if (remaining.isEmpty()) {
            deleteIfOwnerIsDone(claim);
        }
    }

    private boolean stillNeeds(ResourceClaimConsumerReference consumer, String namespace) {
        if (!consumer.apiGroup().isEmpty() || !consumer.resource().equals("pods")) {
            return true;
        }
        synchronized (gone) {
            if (gone.contains(consumer.uid())) {
                return false;
            }
        }
        Pod pod = pods.get(namespace, consumer.name());
        if (pod == null) {
            // it may be new, and not known here yet
            Pod fresh = client.find(Pod.RESOURCE, namespace, consumer.name());
            return fresh != null && fresh.metadata().uid().equals(consumer.uid());
        }
        return pod.metadata().uid().equals(consumer.uid()) && !ResourceClaimController.done(pod);
    }

    private ResourceClaim writeStatus(ResourceClaim claim) {
        return client.updateStatus(ResourceClaim.RESOURCE, claim.metadata().namespace(), claim);
    }

    private void unguard(ResourceClaim claim) {
        List<String> finalizers = new ArrayList<>(claim.metadata().finalizers());
        finalizers.remove(FINALIZER);
        client.update(ResourceClaim.RESOURCE, claim.metadata().namespace(), claim.withMetadata(m -> finalizers.isEmpty() ? m.withoutFinalizers() : m.withFinalizers(finalizers)));
    }

    private void deleteIfOwnerIsDone(ResourceClaim claim) {
        OwnerReference owner = Ownership.controllerOf(claim);
        if (owner == null || !owner.apiVersion().equals("v1") || !owner.kind().equals("Pod") || claim.metadata().deletionTimestamp() != null) {
            return;
        }
        Pod pod = pods.get(claim.metadata().namespace(), owner.name());
        // without a pod the garbage collector deletes it
        if (pod != null && (!pod.metadata().uid().equals(owner.uid()) || ResourceClaimController.done(pod))) {
            try {
                client.delete(ResourceClaim.RESOURCE, claim.metadata().namespace(), claim.metadata().name(), DeleteOptions.ofUid(claim.metadata().uid()));
            } catch (ApiException e) {
                if (!e.isNotFound() && !e.isConflict()) {
                    throw e;
                }
            }
        }
    }
}
