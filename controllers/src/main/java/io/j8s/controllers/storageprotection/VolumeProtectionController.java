package io.j8s.controllers.storageprotection;

import io.j8s.client.ApiException;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.core.v1.PersistentVolume;
import java.util.ArrayList;
import java.util.List;

/// Watches volumes: one that is being deleted is let go when it is not bound.
public final class VolumeProtectionController implements Controller {
    private static final String FINALIZER = "kubernetes.io/pv-protection";

    private final Context context;
    private final Informer<PersistentVolume> volumes;
    private final ControllerLoop<String> loop;

    public VolumeProtectionController(Context context, int workers) {
        this.context = context;
        this.volumes = context.informers().of(PersistentVolume.RESOURCE);
        WorkQueue<String> queue = context.queue("pvprotection");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        volumes.addHandler(Handler.each(volume -> queue.add(volume.metadata().name())));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Outcome reconcile(String name) {
        PersistentVolume volume = volumes.lister().get("", name);
        if (volume == null) {
            return Outcome.DONE;
        }
        List<String> finalizers = new ArrayList<>(volume.metadata().finalizers());
        boolean changed = volume.metadata().deletionTimestamp() == null
                ? !finalizers.contains(FINALIZER) && finalizers.add(FINALIZER)
                : !volume.status().phase().equals("Bound") && finalizers.remove(FINALIZER);
        if (changed) {
            try {
                context.client().update(PersistentVolume.RESOURCE, "", volume.withMetadata(m -> finalizers.isEmpty() ? m.withoutFinalizers() : m.withFinalizers(finalizers)));
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return Outcome.DONE;
    }
}
