package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.Unschedulable;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A claim of access mode ReadWriteOncePod serves one pod in the cluster (KEP-2485); another may take its place if it is of a higher priority. Some old kinds of disk
/// can be on a node once only.
final class VolumeRestrictions implements FilterPlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.ASSIGNED_POD_DELETED, ClusterEvent.Kind.CLAIM, ClusterEvent.Kind.NODE_ADDED);
    private static final Rejection IN_USE = Rejection.resolvable(
            "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod");
    private static final Rejection NO_DISK = Rejection.resolvable("node(s) had no available disk");

    private final Volumes storage;

    VolumeRestrictions(Volumes storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return "VolumeRestrictions";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        Pod pod = cycle.pod().pod();
        if (pod.spec().volumes().isEmpty()) {
            return null;
        }
        Set<String> exclusive = exclusive(pod);
        List<Volume> disks = pod.spec().volumes().stream().filter(VolumeRestrictions::isOldDisk).toList();
        // a user on any node stands against every node, as long as it is there
        boolean used = exclusive.stream().anyMatch(name -> cycle.cluster().claimUsers(pod.metadata().namespace(), name) > 0);
        if (disks.isEmpty() && !used) {
            return null;
        }
        return node -> {
            for (Volume disk : disks) {
                if (conflicts(disk, node)) {
                    return NO_DISK;
                }
            }
            return used ? IN_USE : null;
        };
    }

    private Set<String> exclusive(Pod pod) {
        Set<String> exclusive = new TreeSet<>();
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasPersistentVolumeClaim()) {
                String name = volume.persistentVolumeClaim().claimName();
                PersistentVolumeClaim claim = storage.claim(pod.metadata().namespace(), name);
                if (claim == null) {
                    throw new Unschedulable(PodClaims.notFound(name));
                }
                if (claim.spec().accessModes().contains("ReadWriteOncePod")) {
                    exclusive.add(name);
                }
            }
        }
        return exclusive;
    }

    private static boolean isOldDisk(Volume volume) {
        return volume.hasGcePersistentDisk() || volume.hasAwsElasticBlockStore() || volume.hasIscsi() || volume.hasRbd();
    }

    private static boolean conflicts(Volume disk, NodeInfo node) {
        return node.pods().values().stream().anyMatch(pod -> pod.pod().spec().volumes().stream().anyMatch(other -> conflict(disk, other)));
    }

    private static boolean conflict(Volume one, Volume other) {
        if (one.hasGcePersistentDisk() && other.hasGcePersistentDisk()) {
            return one.gcePersistentDisk().pdName().equals(other.gcePersistentDisk().pdName())
                    && !(one.gcePersistentDisk().readOnly() && other.gcePersistentDisk().readOnly());
        }
        if (one.hasAwsElasticBlockStore() && other.hasAwsElasticBlockStore()) {
            return one.awsElasticBlockStore().volumeID().equals(other.awsElasticBlockStore().volumeID());
        }
        if (one.hasIscsi() && other.hasIscsi()) {
            return one.iscsi().iqn().equals(other.iscsi().iqn()) && !(one.iscsi().readOnly() && other.iscsi().readOnly());
        }
        return one.hasRbd() && other.hasRbd()
                && !Collections.disjoint(one.rbd().monitors(), other.rbd().monitors())
                && one.rbd().pool().equals(other.rbd().pool())
                && one.rbd().image().equals(other.rbd().image())
                && !(one.rbd().readOnly() && other.rbd().readOnly());
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case ASSIGNED_POD_DELETED -> event.before() instanceof Pod gone && !gone.spec().volumes().isEmpty();
            case CLAIM -> event.after() instanceof PersistentVolumeClaim claim && claim.metadata().namespace().equals(pod.namespace())
                    && PodClaims.names(pod.pod()).contains(claim.metadata().name());
            case NODE_ADDED -> true;
            default -> false;
        };
    }
}
