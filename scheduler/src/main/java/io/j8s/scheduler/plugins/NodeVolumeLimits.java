package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.CSINodeDriver;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.model.storage.v1.VolumeAttachment;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A node takes only as many volumes of a CSI driver as its CSINode says.
final class NodeVolumeLimits implements FilterPlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.ASSIGNED_POD_DELETED, ClusterEvent.Kind.CLAIM, ClusterEvent.Kind.CSI_NODE, ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.VOLUME_DETACHED);
    private static final Rejection FULL = Rejection.resolvable("node(s) exceed max volume count");

    private final Volumes storage;

    NodeVolumeLimits(Volumes storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return "NodeVolumeLimits";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        Pod pod = cycle.pod().pod();
        if (!PodClaims.any(pod)) {
            return null;
        }
        Map<String, String> wanted = new HashMap<>();
        addVolumes(pod, wanted);
        return wanted.isEmpty() ? null : node -> reject(node, wanted);
    }

    private @Nullable Rejection reject(NodeInfo node, Map<String, String> wanted) {
        CSINode csi = storage.csiNode(node.name());
        if (csi == null || csi.spec().drivers().stream().noneMatch(driver -> driver.allocatable().hasCount())) {
            return null;
        }
        Map<String, String> attached = new HashMap<>();
        node.pods().values().forEach(pod -> addVolumes(pod.pod(), attached));
        Map<String, Integer> counts = new HashMap<>();
        attached.values().forEach(driver -> counts.merge(driver, 1, Integer::sum));
        Set<String> seen = new HashSet<>(attached.keySet());
        for (VolumeAttachment attachment : storage.attachments(node.name())) {
            PersistentVolume volume = storage.volume(attachment.spec().source().persistentVolumeName());
            if (volume != null && volume.spec().hasCsi() && seen.add(unique(attachment.spec().attacher(), volume.spec().csi().volumeHandle()))) {
                counts.merge(attachment.spec().attacher(), 1, Integer::sum);
            }
        }
        Map<String, Integer> added = new HashMap<>();
        wanted.forEach((unique, driver) -> {
            if (!attached.containsKey(unique)) {
                added.merge(driver, 1, Integer::sum);
            }
        });
        for (CSINodeDriver driver : csi.spec().drivers()) {
            int more = added.getOrDefault(driver.name(), 0);
            if (more > 0 && driver.allocatable().hasCount() && counts.getOrDefault(driver.name(), 0) + more > driver.allocatable().count()) {
                return FULL;
            }
        }
        return null;
    }

    /// The CSI volumes of a pod, by a name that is theirs alone, with their driver.
    private void addVolumes(Pod pod, Map<String, String> volumes) {
        for (String name : PodClaims.names(pod)) {
            PersistentVolumeClaim claim = storage.claim(pod.metadata().namespace(), name);
            if (claim == null) {
                continue; // another plugin says so
            }
            PersistentVolume volume = claim.spec().volumeName().isEmpty() ? null : storage.volume(claim.spec().volumeName());
            if (volume != null && volume.spec().hasCsi()) {
                volumes.put(unique(volume.spec().csi().driver(), volume.spec().csi().volumeHandle()), volume.spec().csi().driver());
            } else if (volume == null) {
                StorageClass storageClass = storage.storageClass(claim.spec().storageClassName());
                if (storageClass != null && !storageClass.provisioner().isEmpty()) {
                    volumes.put(unique(storageClass.provisioner(), "to be made for " + pod.metadata().namespace() + "/" + name), storageClass.provisioner());
                }
            }
        }
    }

    private static String unique(String driver, String handle) {
        return driver + "/" + handle;
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case ASSIGNED_POD_DELETED -> event.before() instanceof Pod gone && PodClaims.any(gone);
            case CLAIM -> event.before() == null && event.after() instanceof PersistentVolumeClaim claim && claim.metadata().namespace().equals(pod.namespace())
                    && PodClaims.names(pod.pod()).contains(claim.metadata().name());
            case CSI_NODE, NODE_ADDED, VOLUME_DETACHED -> true;
            default -> false;
        };
    }
}
