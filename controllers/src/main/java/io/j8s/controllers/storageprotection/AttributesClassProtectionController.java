package io.j8s.controllers.storageprotection;

import io.j8s.client.ApiException;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.VolumeAttributesClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Watches volume attributes classes, volumes and claims: a class that is being deleted is let go when no volume has it and no claim has it, asks for it or is being changed to it.
public final class AttributesClassProtectionController implements Controller {
    private static final String FINALIZER = "kubernetes.io/vac-protection";

    private final Context context;
    private final Informer<VolumeAttributesClass> classes;
    private final Index<PersistentVolume> volumesByClass;
    private final Index<PersistentVolumeClaim> claimsByClass;
    private final ControllerLoop<String> loop;

    public AttributesClassProtectionController(Context context, int workers) {
        this.context = context;
        this.classes = context.informers().of(VolumeAttributesClass.RESOURCE);
        Informer<PersistentVolume> volumes = context.informers().of(PersistentVolume.RESOURCE);
        Informer<PersistentVolumeClaim> claims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        this.volumesByClass = volumes.index("attributesClass", AttributesClassProtectionController::named);
        this.claimsByClass = claims.index("attributesClass", AttributesClassProtectionController::named);
        WorkQueue<String> queue = context.queue("vacprotection");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        classes.addHandler(Handler.each(c -> queue.add(c.metadata().name())));
        volumes.addHandler(new Handler<>() {
            @Override
            public void added(PersistentVolume volume) {}

            @Override
            public void changed(PersistentVolume before, PersistentVolume after) {
                Set<String> released = named(before);
                released.removeAll(named(after));
                released.forEach(queue::add);
            }

            @Override
            public void deleted(PersistentVolume last) {
                named(last).forEach(queue::add);
            }
        });
        claims.addHandler(new Handler<>() {
            @Override
            public void added(PersistentVolumeClaim claim) {}

            @Override
            public void changed(PersistentVolumeClaim before, PersistentVolumeClaim after) {
                Set<String> released = named(before);
                released.removeAll(named(after));
                released.forEach(queue::add);
            }

            @Override
            public void deleted(PersistentVolumeClaim last) {
                named(last).forEach(queue::add);
            }
        });
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private static Set<String> named(PersistentVolume volume) {
        Set<String> names = new TreeSet<>(Set.of(volume.spec().volumeAttributesClassName()));
        names.remove("");
        return names;
    }

    private static Set<String> named(PersistentVolumeClaim claim) {
        Set<String> names = new TreeSet<>(List.of(claim.spec().volumeAttributesClassName(), claim.status().currentVolumeAttributesClassName(), claim.status().modifyVolumeStatus().targetVolumeAttributesClassName()));
        names.remove("");
        return names;
    }

    private Outcome reconcile(String name) {
        VolumeAttributesClass found = classes.lister().get("", name);
        if (found == null) {
            return Outcome.DONE;
        }
        List<String> finalizers = new ArrayList<>(found.metadata().finalizers());
        boolean used = !volumesByClass.get(name).isEmpty() || !claimsByClass.get(name).isEmpty();
        boolean changed = found.metadata().deletionTimestamp() == null
                ? !finalizers.contains(FINALIZER) && finalizers.add(FINALIZER)
                : !used && finalizers.remove(FINALIZER);
        if (changed) {
            try {
                context.client().update(VolumeAttributesClass.RESOURCE, "", found.withMetadata(m -> finalizers.isEmpty() ? m.withoutFinalizers() : m.withFinalizers(finalizers)));
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return Outcome.DONE;
    }
}
