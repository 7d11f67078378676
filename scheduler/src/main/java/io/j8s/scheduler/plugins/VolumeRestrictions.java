package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.PodInfo;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A claim of access mode ReadWriteOncePod serves one pod in the cluster (KEP-2485). Another may take its place if it is of a higher priority.
final class VolumeRestrictions implements FilterPlugin, WakeUpPlugin {

    private static final Rejection IN_USE =
            Rejection.resolvable("node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode");

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
        Set<String> exclusive = new TreeSet<>();
        for (String name : claims(pod)) {
            PersistentVolumeClaim claim = storage.claim(pod.metadata().namespace(), name);
            if (claim != null && claim.spec().accessModes().contains("ReadWriteOncePod")) {
                exclusive.add(name);
            }
        }
        if (exclusive.isEmpty()) {
            return null;
        }
        // a user on any node stands against every node, as long as it is there
        List<String> users = cycle.cluster().nodes().stream().flatMap(node -> node.pods().values().stream())
                .filter(other -> uses(other.pod(), pod, exclusive)).map(PodInfo::uid).toList();
        return node -> users.stream().anyMatch(uid -> cycle.cluster().pod(uid) != null)
                || node.pods().values().stream().anyMatch(other -> uses(other.pod(), pod, exclusive)) ? IN_USE : null;
    }

    private static boolean uses(Pod other, Pod pod, Set<String> exclusive) {
        return other.metadata().namespace().equals(pod.metadata().namespace()) && claims(other).stream().anyMatch(exclusive::contains);
    }

    private static Set<String> claims(Pod pod) {
        Set<String> names = new TreeSet<>();
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasPersistentVolumeClaim()) {
                names.add(volume.persistentVolumeClaim().claimName());
            }
        }
        return names;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case ASSIGNED_POD_DELETED, NODE_ADDED, CLAIM, THIS_POD, TIMER -> true;
            default -> false;
        };
    }
}
