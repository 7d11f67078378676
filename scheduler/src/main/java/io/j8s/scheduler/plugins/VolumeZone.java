package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.Unschedulable;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Volumes that say by label in which zone they are draw their pods there. A label of several zones joins them by `__`.
final class VolumeZone implements FilterPlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.CLAIM, ClusterEvent.Kind.STORAGE_CLASS, ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_LABELS, ClusterEvent.Kind.VOLUME);
    private static final Rejection OTHER_ZONE = Rejection.unresolvable("node(s) had no available volume zone");
    private static final Map<String, String> NEWER = Map.of(
            "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
            "topology.kubernetes.io/zone", "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region", "topology.kubernetes.io/region");

    private final Volumes storage;

    private record Zones(String key, Set<String> values) {}

    VolumeZone(Volumes storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return "VolumeZone";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        Pod pod = cycle.pod().pod();
        if (!PodClaims.any(pod)) {
            return null;
        }
        List<Zones> zones = new ArrayList<>(0);
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasPersistentVolumeClaim()) {
                add(pod.metadata().namespace(), volume.persistentVolumeClaim().claimName(), zones);
            }
        }
        return zones.isEmpty() ? null : node -> reject(node, zones);
    }

    private void add(String namespace, String name, List<Zones> zones) {
        PersistentVolumeClaim claim = storage.claim(namespace, name);
        if (claim == null) {
            throw new Unschedulable(PodClaims.notFound(name));
        }
        if (claim.spec().volumeName().isEmpty()) {
            checkWaits(claim);
            return;
        }
        PersistentVolume volume = storage.volume(claim.spec().volumeName());
        if (volume == null) {
            throw new Unschedulable("persistentvolume \"" + claim.spec().volumeName() + "\" not found");
        }
        for (String key : NEWER.keySet()) {
            String value = volume.metadata().labels().get(key);
            Set<String> names = value == null ? Set.of() : names(value);
            if (!names.isEmpty()) {
                zones.add(new Zones(key, names));
            }
        }
    }

    /// The zones that a label names, one perhaps more than once; none when one of them has no name: then the label does not count.
    private static Set<String> names(String label) {
        Set<String> names = new TreeSet<>();
        for (String part : label.split("__", -1)) {
            names.add(part.strip());
        }
        return names.contains("") ? Set.of() : names;
    }

    private void checkWaits(PersistentVolumeClaim claim) {
        String className = claim.spec().storageClassName();
        if (className.isEmpty()) {
            throw new Unschedulable("PersistentVolumeClaim had no pv name and storageClass name");
        }
        StorageClass storageClass = storage.storageClass(className);
        if (storageClass == null) {
            throw new Unschedulable("storageclass.storage.k8s.io \"" + className + "\" not found");
        }
        if (!storageClass.volumeBindingMode().equals("WaitForFirstConsumer")) {
            throw new Unschedulable("PersistentVolume had no name");
        }
    }

    private static @Nullable Rejection reject(NodeInfo node, List<Zones> zones) {
        if (NEWER.keySet().stream().noneMatch(node.labels()::containsKey)) {
            return null;
        }
        for (Zones one : zones) {
            String here = node.labels().get(one.key);
            here = here == null ? node.labels().get(NEWER.getOrDefault(one.key, one.key)) : here;
            if (here == null || !one.values.contains(here)) {
                return OTHER_ZONE;
            }
        }
        return null;
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case CLAIM -> event.after() instanceof PersistentVolumeClaim claim && claim.metadata().namespace().equals(pod.namespace())
                    && PodClaims.names(pod.pod()).contains(claim.metadata().name());
            case STORAGE_CLASS -> event.after() instanceof StorageClass storageClass && storageClass.volumeBindingMode().equals("WaitForFirstConsumer");
            case NODE_ADDED, NODE_LABELS, VOLUME -> true;
            default -> false;
        };
    }
}
