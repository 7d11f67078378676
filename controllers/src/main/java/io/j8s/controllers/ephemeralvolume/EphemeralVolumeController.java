package io.j8s.controllers.ephemeralvolume;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.loop.Ownership;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.PersistentVolumeClaimTemplate;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.metrics.Counter;
import java.util.List;

/// Watches pods and claims. A claim is named after pod and volume and owned by the pod; one of that name that is not the pod's is never used.
public final class EphemeralVolumeController implements Controller {
    private static final String FAILED = "FailedBinding";

    private final Context context;
    private final Informer<Pod> pods;
    private final Informer<PersistentVolumeClaim> claims;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final Counter creations;
    private final Counter failures;

    public EphemeralVolumeController(Context context, int workers) {
        this.context = context;
        this.pods = context.informers().of(Pod.RESOURCE);
        this.claims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        WorkQueue<ObjectKey> queue = context.queue("ephemeral_volume");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("ephemeral_volume");
        this.creations = context.registry().counter("ephemeral_volume_controller_create_total", "[ALPHA] Number of PersistentVolumeClaim creation requests");
        this.failures = context.registry().counter("ephemeral_volume_controller_create_failures_total", "[ALPHA] Number of PersistentVolumeClaim creation requests");
        creations.add(0);
        failures.add(0);
        pods.addHandler(Handler.each(pod -> {
            if (pod.metadata().deletionTimestamp() == null && pod.spec().volumes().stream().anyMatch(Volume::hasEphemeral)) {
                queue.add(new ObjectKey(pod.metadata().namespace(), pod.metadata().name()));
            }
        }));
        claims.addHandler(new Handler<>() {
            @Override
            public void added(PersistentVolumeClaim claim) {}

            @Override
            public void changed(PersistentVolumeClaim before, PersistentVolumeClaim after) {}

            @Override
            public void deleted(PersistentVolumeClaim last) {
                last.metadata().ownerReferences().stream().filter(o -> o.kind().equals("Pod")).forEach(o -> queue.add(new ObjectKey(last.metadata().namespace(), o.name())));
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
        events.close();
    }

    private Outcome reconcile(ObjectKey key) {
        Pod pod = pods.lister().get(key);
        if (pod == null || pod.metadata().deletionTimestamp() != null) {
            return Outcome.DONE;
        }
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasEphemeral()) {
                ensure(pod, volume);
            }
        }
        return Outcome.DONE;
    }

    private void ensure(Pod pod, Volume volume) {
        String namespace = pod.metadata().namespace();
        String name = pod.metadata().name() + "-" + volume.name();
        PersistentVolumeClaim existing = claims.lister().get(namespace, name);
        if (existing != null) {
            if (!Ownership.controlledBy(existing, pod.metadata().uid())) {
                String why = "PVC " + namespace + "/" + name + " was not created for pod " + namespace + "/" + pod.metadata().name() + " (pod is not owner)";
                events.warning(pod, FAILED, "ephemeral volume " + volume.name() + ": " + why);
                throw new IllegalStateException(why + ": delete it or rename the pod or its volume");
            }
            return;
        }
        PersistentVolumeClaimTemplate template = volume.ephemeral().volumeClaimTemplate();
        ObjectMeta meta = ObjectMeta.EMPTY
                .withName(name)
                .withNamespace(namespace)
                .withLabels(template.metadata().labels())
                .withAnnotations(template.metadata().annotations())
                .withOwnerReferences(List.of(Ownership.controllerReference(Pod.RESOURCE, pod.metadata())));
        creations.increment();
        try {
            context.client().create(PersistentVolumeClaim.RESOURCE, namespace, PersistentVolumeClaim.EMPTY.withMetadata(meta).withSpec(template.spec()));
        } catch (ApiException e) {
            failures.increment();
            if (!e.alreadyExists()) { // else it was made a moment ago, and will be looked at when it is seen
                events.warning(pod, FAILED, "ephemeral volume " + volume.name() + ": create PVC " + name + ": " + e.getMessage());
            }
            throw e;
        }
    }
}
