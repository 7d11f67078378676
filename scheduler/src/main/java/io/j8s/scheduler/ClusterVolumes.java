package io.j8s.scheduler;

import io.j8s.client.Client;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informers;
import io.j8s.client.informer.Lister;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.plugins.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Claims, volumes and classes from informers; tells the scheduler which of them changed. Safe for all threads.
final class ClusterVolumes implements Volumes, AutoCloseable {

    private static final WriteOptions OPTIONS = WriteOptions.NONE.by("kube-scheduler");
    private static final Duration BIND_TIMEOUT = Duration.ofMinutes(10);
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    private final Client client;
    private final Gate gate;
    private final Lister<PersistentVolumeClaim> claims;
    private final Lister<PersistentVolume> volumes;
    private final Lister<StorageClass> classes;
    private volatile boolean closed;

    ClusterVolumes(Client client, Timeline timeline, Informers informers, Consumer<ClusterEvent.Kind> changed) {
        this.client = client;
        this.gate = timeline.gate();
        this.claims = watched(informers, PersistentVolumeClaim.RESOURCE, ClusterEvent.Kind.CLAIM, changed, gate);
        this.volumes = watched(informers, PersistentVolume.RESOURCE, ClusterEvent.Kind.VOLUME, changed, gate);
        this.classes = watched(informers, StorageClass.RESOURCE, ClusterEvent.Kind.STORAGE_CLASS, changed, gate);
    }

    private static <T extends Struct> Lister<T> watched(
            Informers informers, ApiResource<T> resource, ClusterEvent.Kind kind, Consumer<ClusterEvent.Kind> changed, Gate gate) {
        informers.of(resource).addHandler(new Handler<T>() {
            @Override
            public void added(T object) {
                tell();
            }

            @Override
            public void changed(T before, T after) {
                tell();
            }

            @Override
            public void deleted(T last) {
                tell();
            }

            private void tell() {
                changed.accept(kind);
                gate.signal();
            }
        });
        return informers.of(resource).lister();
    }

    @Override
    public @Nullable PersistentVolumeClaim claim(String namespace, String name) {
        return claims.get(namespace, name);
    }

    @Override
    public @Nullable PersistentVolume volume(String name) {
        return volumes.get("", name);
    }

    @Override
    public List<PersistentVolume> volumes() {
        return volumes.list();
    }

    @Override
    public @Nullable StorageClass storageClass(String name) {
        return classes.get("", name);
    }

    @Override
    public void give(PersistentVolume volume, PersistentVolumeClaim claim) {
        ObjectReference reference = ObjectReference.EMPTY.withKind("PersistentVolumeClaim").withApiVersion("v1")
                .withNamespace(claim.metadata().namespace()).withName(claim.metadata().name())
                .withUid(claim.metadata().uid()).withResourceVersion(claim.metadata().resourceVersion());
        if (volume.spec().claimRef().uid().equals(claim.metadata().uid())) {
            return; // an earlier try gave it already
        }
        Map<String, String> annotations = new TreeMap<>(volume.metadata().annotations());
        if (!volume.spec().hasClaimRef()) {
            annotations.put("pv.kubernetes.io/bound-by-controller", "yes");
        }
        client.update(PersistentVolume.RESOURCE, "",
                volume.withMetadata(meta -> meta.withAnnotations(annotations)).withSpec(spec -> spec.withClaimRef(reference)), OPTIONS);
    }

    @Override
    public void provision(PersistentVolumeClaim claim, String node) {
        Map<String, String> annotations = new TreeMap<>(claim.metadata().annotations());
        annotations.put(SELECTED_NODE, node);
        client.update(PersistentVolumeClaim.RESOURCE, claim.metadata().namespace(), claim.withMetadata(meta -> meta.withAnnotations(annotations)), OPTIONS);
    }

    @Override
    public void awaitBound(List<PersistentVolumeClaim> before, String node) throws InterruptedException {
        for (PersistentVolumeClaim claim : before) {
            boolean ended = gate.await(() -> closed || state(claim) != State.WAITING, BIND_TIMEOUT);
            if (!ended || state(claim) != State.BOUND) {
                throw new IllegalStateException("persistentvolumeclaim \"" + claim.metadata().name() + "\": was not bound for node " + node + " ("
                        + state(claim) + "), the pod is tried again");
            }
        }
    }

    private enum State { WAITING, BOUND, GONE, REFUSED }

    private State state(PersistentVolumeClaim before) {
        PersistentVolumeClaim now = claims.get(before.metadata().namespace(), before.metadata().name());
        if (now == null || now.metadata().hasDeletionTimestamp()) {
            return State.GONE;
        }
        Map<String, String> annotations = now.metadata().annotations();
        if (!now.spec().volumeName().isEmpty() && annotations.containsKey("pv.kubernetes.io/bind-completed")) {
            return State.BOUND;
        }
        return before.metadata().annotations().containsKey(SELECTED_NODE) && !annotations.containsKey(SELECTED_NODE) ? State.REFUSED : State.WAITING;
    }

    /// Ends all waits.
    @Override
    public void close() {
        closed = true;
        gate.signal();
    }
}
