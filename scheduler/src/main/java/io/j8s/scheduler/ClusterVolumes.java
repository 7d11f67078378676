package io.j8s.scheduler;

import io.j8s.client.Client;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informers;
import io.j8s.client.informer.Lister;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.CSIStorageCapacity;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.model.storage.v1.VolumeAttachment;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.plugins.Volumes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Storage from informers, with what is assumed laid over it; tells the scheduler what changed. Safe for all threads.
final class ClusterVolumes implements Volumes, AutoCloseable {

    private static final WriteOptions OPTIONS = WriteOptions.NONE.by("kube-scheduler");

    private final Client client;
    private final Gate gate;
    private final Lister<PersistentVolumeClaim> claims;
    private final Lister<PersistentVolume> volumes;
    private final Index<PersistentVolume> byClass;
    private final Lister<StorageClass> classes;
    private final Lister<CSINode> csiNodes;
    private final Lister<CSIDriver> csiDrivers;
    private final Lister<CSIStorageCapacity> capacities;
    private final Index<VolumeAttachment> attachments;
    private final Map<String, PersistentVolume> assumedVolumes = new ConcurrentHashMap<>();
    private final Map<String, PersistentVolumeClaim> assumedClaims = new ConcurrentHashMap<>();
    private volatile boolean closed;

    ClusterVolumes(Client client, Timeline timeline, Informers informers, Consumer<ClusterEvent> changed) {
        this.client = client;
        this.gate = timeline.gate();
        this.claims = watched(informers, PersistentVolumeClaim.RESOURCE, ClusterEvent.Kind.CLAIM, changed);
        this.volumes = watched(informers, PersistentVolume.RESOURCE, ClusterEvent.Kind.VOLUME, changed);
        this.byClass = informers.of(PersistentVolume.RESOURCE).index("storageClass", volume -> List.of(volume.spec().storageClassName()));
        this.classes = watched(informers, StorageClass.RESOURCE, ClusterEvent.Kind.STORAGE_CLASS, changed);
        this.csiNodes = watched(informers, CSINode.RESOURCE, ClusterEvent.Kind.CSI_NODE, changed);
        this.csiDrivers = watched(informers, CSIDriver.RESOURCE, ClusterEvent.Kind.CSI_DRIVER, changed);
        this.capacities = watched(informers, CSIStorageCapacity.RESOURCE, ClusterEvent.Kind.STORAGE_CAPACITY, changed);
        this.attachments = informers.of(VolumeAttachment.RESOURCE).index("node", attachment -> List.of(attachment.spec().nodeName()));
        watched(informers, VolumeAttachment.RESOURCE, ClusterEvent.Kind.VOLUME_DETACHED, event -> {
            if (event.after() == null) {
                changed.accept(event);
            }
        });
    }

    private <T extends Struct> Lister<T> watched(Informers informers, ApiResource<T> resource, ClusterEvent.Kind kind, Consumer<ClusterEvent> changed) {
        Gate woken = gate;
        informers.of(resource).addHandler(new Handler<T>() {
            @Override
            public void added(T object) {
                tell(null, object);
            }

            @Override
            public void changed(T before, T after) {
                tell(before, after);
            }

            @Override
            public void deleted(T last) {
                tell(last, null);
            }

            private void tell(@Nullable T before, @Nullable T after) {
                changed.accept(new ClusterEvent(kind, before, after));
                woken.signal();
            }
        });
        return informers.of(resource).lister();
    }

    /// The assumed one, as long as nothing newer than what it was made of is known.
    private static <T extends Struct> @Nullable T newest(Map<String, T> assumed, String key, @Nullable T known) {
        T mine = assumed.get(key);
        if (mine == null || (known != null && !sameOrOlder(known, mine))) {
            assumed.remove(key);
            return known;
        }
        return mine;
    }

    private static boolean sameOrOlder(Struct known, Struct mine) {
        ObjectMeta one = io.j8s.model.Objects.metadata(known);
        ObjectMeta other = io.j8s.model.Objects.metadata(mine);
        if (!one.uid().equals(other.uid())) {
            return false;
        }
        String a = one.resourceVersion();
        String b = other.resourceVersion();
        return a.length() != b.length() ? a.length() < b.length() : a.compareTo(b) <= 0;
    }

    @Override
    public @Nullable PersistentVolumeClaim claim(String namespace, String name) {
        PersistentVolumeClaim known = claims.get(namespace, name);
        return assumedClaims.isEmpty() ? known : newest(assumedClaims, namespace + "/" + name, known);
    }

    @Override
    public @Nullable PersistentVolume volume(String name) {
        PersistentVolume known = volumes.get("", name);
        return assumedVolumes.isEmpty() ? known : newest(assumedVolumes, name, known);
    }

    @Override
    public List<PersistentVolume> volumes(String storageClass) {
        List<PersistentVolume> known = byClass.get(storageClass);
        if (assumedVolumes.isEmpty()) {
            return known;
        }
        List<PersistentVolume> all = new ArrayList<>(known.size());
        for (PersistentVolume volume : known) {
            PersistentVolume now = newest(assumedVolumes, volume.metadata().name(), volume);
            all.add(now == null ? volume : now);
        }
        return all;
    }

    @Override
    public @Nullable StorageClass storageClass(String name) {
        return classes.get("", name);
    }

    @Override
    public @Nullable CSINode csiNode(String node) {
        return csiNodes.get("", node);
    }

    @Override
    public @Nullable CSIDriver csiDriver(String name) {
        return csiDrivers.get("", name);
    }

    @Override
    public List<CSIStorageCapacity> capacities() {
        return capacities.list();
    }

    @Override
    public List<VolumeAttachment> attachments(String node) {
        return attachments.get(node);
    }

    @Override
    public void assume(PersistentVolume volume) {
        assumedVolumes.put(volume.metadata().name(), volume);
    }

    @Override
    public void assume(PersistentVolumeClaim claim) {
        assumedClaims.put(claim.metadata().namespace() + "/" + claim.metadata().name(), claim);
    }

    @Override
    public void forgetVolume(String name) {
        assumedVolumes.remove(name);
    }

    @Override
    public void forgetClaim(String namespace, String name) {
        assumedClaims.remove(namespace + "/" + name);
    }

    @Override
    public PersistentVolume write(PersistentVolume volume) {
        return client.update(PersistentVolume.RESOURCE, "", volume, OPTIONS);
    }

    @Override
    public PersistentVolumeClaim write(PersistentVolumeClaim claim) {
        return client.update(PersistentVolumeClaim.RESOURCE, claim.metadata().namespace(), claim, OPTIONS);
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        boolean held = gate.await(() -> closed || condition.getAsBoolean(), atMost);
        return held && !closed;
    }

    /// Ends all waits.
    @Override
    public void close() {
        closed = true;
        gate.signal();
    }
}
