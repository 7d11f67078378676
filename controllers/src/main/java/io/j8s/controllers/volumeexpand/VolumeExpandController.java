package io.j8s.controllers.volumeexpand;

import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;

/// Watches bound claims. All volumes that can grow are enlarged by controllers of their drivers: those of drivers that took over an older volume type find their name in an annotation of the claim,
/// and an event on the claim says for whom it waits.
public final class VolumeExpandController implements Controller {
    private static final String RESIZER = "volume.kubernetes.io/storage-resizer";
    private static final String PRE_RESIZE = "volume.alpha.kubernetes.io/pre-resize-capacity";

    private final Context context;
    private final Informer<PersistentVolumeClaim> claims;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;

    public VolumeExpandController(Context context, int workers) {
        this.context = context;
        this.claims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        this.queue = context.queue("volume_expand");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("volume_expand");
        claims.addHandler(new Handler<>() {
            @Override
            public void added(PersistentVolumeClaim claim) {
                enqueue(claim);
            }

            @Override
            public void changed(PersistentVolumeClaim before, PersistentVolumeClaim after) {
                if (requested(after).compareTo(requested(before)) > 0 || capacity(after).compareTo(capacity(before)) > 0) {
                    enqueue(after);
                }
            }

            @Override
            public void deleted(PersistentVolumeClaim last) {}
        });
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
    }

    private void enqueue(PersistentVolumeClaim claim) {
        if (claim.status().phase().equals("Bound")) {
            queue.add(new ObjectKey(claim.metadata().namespace(), claim.metadata().name()));
        }
    }

    private static Quantity requested(PersistentVolumeClaim claim) {
        return claim.spec().resources().requests().getOrDefault("storage", Quantity.ZERO);
    }

    private static Quantity capacity(PersistentVolumeClaim claim) {
        return claim.status().capacity().getOrDefault("storage", Quantity.ZERO);
    }

    private Outcome reconcile(ObjectKey key) {
        PersistentVolumeClaim claim = claims.lister().get(key);
        if (claim == null) {
            return Outcome.DONE;
        }
        PersistentVolume volume = context.client().get(PersistentVolume.RESOURCE, "", claim.spec().volumeName());
        ObjectReference reference = volume.spec().claimRef();
        if (!reference.namespace().equals(key.namespace()) || !reference.uid().equals(claim.metadata().uid())) {
            throw new IllegalStateException("persistent volume " + volume.metadata().name() + " is not bound to claim " + key + ", which names it");
        }
        if (requested(claim).compareTo(capacity(claim)) <= 0 && !volume.metadata().annotations().containsKey(PRE_RESIZE)) {
            return Outcome.DONE;
        }
        MigratedVolumes migrated = MigratedVolumes.of(volume);
        if (migrated == null) {
            events.normal(claim, "ExternalExpanding", "waiting for an external controller to expand this PVC");
            return Outcome.DONE;
        }
        events.normal(claim, "ExternalExpanding", "CSI migration enabled for " + migrated.plugin() + "; waiting for external resizer to expand the pvc");
        if (!migrated.driver().equals(claim.metadata().annotations().get(RESIZER))) {
            java.util.Map<String, String> annotations = new java.util.LinkedHashMap<>(claim.metadata().annotations());
            annotations.put(RESIZER, migrated.driver());
            context.client().update(PersistentVolumeClaim.RESOURCE, key.namespace(), claim.withMetadata(m -> m.withAnnotations(annotations)));
        }
        return Outcome.DONE;
    }
}
