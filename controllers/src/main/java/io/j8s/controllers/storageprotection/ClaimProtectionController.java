package io.j8s.controllers.storageprotection;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.pods.MountedClaims;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.List;

/// Watches claims and pods: a claim that is being deleted is let go when no scheduled pod uses it; what the cache says is confirmed by the server first.
public final class ClaimProtectionController implements Controller {
    private static final String FINALIZER = "kubernetes.io/pvc-protection";

    private final Context context;
    private final Informer<PersistentVolumeClaim> claims;
    private final Index<Pod> podsByClaim;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;

    public ClaimProtectionController(Context context, int workers) {
        this.context = context;
        this.claims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        Informer<Pod> pods = context.informers().of(Pod.RESOURCE);
        this.podsByClaim = MountedClaims.index(pods);
        this.queue = context.queue("pvcprotection");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        claims.addHandler(Handler.each(claim -> {
            if ((claim.metadata().deletionTimestamp() != null) == claim.metadata().finalizers().contains(FINALIZER)) {
                queue.add(new ObjectKey(claim.metadata().namespace(), claim.metadata().name()));
            }
        }));
        pods.addHandler(Handler.each(pod -> MountedClaims.names(pod).forEach(name -> {
            PersistentVolumeClaim claim = claims.lister().get(pod.metadata().namespace(), name);
            if (claim != null && claim.metadata().deletionTimestamp() != null) {
                queue.add(new ObjectKey(pod.metadata().namespace(), name));
            }
        })));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Outcome reconcile(ObjectKey key) {
        PersistentVolumeClaim claim = claims.lister().get(key);
        if (claim == null) {
            return Outcome.DONE;
        }
        boolean finalized = claim.metadata().finalizers().contains(FINALIZER);
        if (claim.metadata().deletionTimestamp() == null) {
            return finalized ? Outcome.DONE : write(claim, true);
        }
        return !finalized || used(key) ? Outcome.DONE : write(claim, false);
    }

    private boolean used(ObjectKey key) {
        if (podsByClaim.get(key.toString()).stream().anyMatch(pod -> !pod.spec().nodeName().isEmpty())) {
            return true;
        }
        return context.client().list(Pod.RESOURCE, key.namespace()).stream().anyMatch(pod -> !pod.spec().nodeName().isEmpty() && MountedClaims.names(pod).contains(key.name()));
    }

    private Outcome write(PersistentVolumeClaim claim, boolean protect) {
        List<String> finalizers = new ArrayList<>(claim.metadata().finalizers());
        if (protect) {
            finalizers.add(FINALIZER);
        } else {
            finalizers.remove(FINALIZER);
        }
        try {
            context.client().update(PersistentVolumeClaim.RESOURCE, claim.metadata().namespace(), claim.withMetadata(m -> finalizers.isEmpty() ? m.withoutFinalizers() : m.withFinalizers(finalizers)));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        return Outcome.DONE;
    }
}
