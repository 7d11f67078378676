package io.j8s.node.volumes;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.node.host.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Volumes that pods claim: what a claim is bound to, if it lies on this host (hostPath and local volumes).
final class Claims {
    private final Client client;

    Claims(Client client) {
        this.client = client;
    }

    Path ready(Pod pod, Volume volume, String claimName) throws VolumeException, IOException {
        try {
            PersistentVolumeClaim claim = client.find(PersistentVolumeClaim.RESOURCE, pod.metadata().namespace(), claimName);
            if (claim == null) {
                throw new VolumeException(volume.name(), "persistentvolumeclaim \"" + claimName + "\" not found");
            }
            boolean own = !volume.hasEphemeral() || claim.metadata().ownerReferences().stream().anyMatch(o -> o.uid().equals(pod.metadata().uid()));
            if (!own) {
                throw new VolumeException(volume.name(), "PVC " + pod.metadata().namespace() + "/" + claimName + " was not created for pod " + pod.metadata().name() + " (pod is not owner)");
            }
            if (!claim.status().phase().equals("Bound") || claim.spec().volumeName().isEmpty()) {
                throw new VolumeException(volume.name(), "persistentvolumeclaim \"" + claimName + "\" is not bound to a volume yet");
            }
            PersistentVolume bound = client.find(PersistentVolume.RESOURCE, "", claim.spec().volumeName());
            if (bound == null || !bound.spec().claimRef().uid().equals(claim.metadata().uid())) {
                throw new VolumeException(volume.name(), "persistentvolume \"" + claim.spec().volumeName() + "\" is not bound to claim \"" + claimName + "\"");
            }
            return place(pod, volume, bound);
        } catch (ApiException e) {
            throw new VolumeException(volume.name(), String.valueOf(e.getMessage()));
        }
    }

    private static Path place(Pod pod, Volume volume, PersistentVolume bound) throws VolumeException, IOException {
        if (bound.spec().volumeMode().equals("Block")) {
            throw new VolumeException(volume.name(), "persistentvolume \"" + bound.metadata().name() + "\" is a block device, which cannot be mounted on this node; use volumeMode Filesystem");
        }
        if (bound.spec().hasHostPath()) {
            return HostPaths.ready(volume.name(), bound.spec().hostPath().path(), bound.spec().hostPath().type());
        }
        if (bound.spec().hasLocal()) {
            Path path = Path.of(bound.spec().local().path());
            if (!Files.isDirectory(path)) {
                throw new VolumeException(volume.name(), "path \"" + path + "\" does not exist");
            }
            if (pod.spec().securityContext().hasFsGroup()) {
                Linux.owner(path, -1, (int) pod.spec().securityContext().fsGroup());
                Linux.mode(path, ((int) Files.getAttribute(path, "unix:mode") & 0777) | 02070);
            }
            return path;
        }
        throw new VolumeException(volume.name(), "persistentvolume \"" + bound.metadata().name()
                + "\" is of a kind that this node cannot mount; hostPath and local volumes can be");
    }
}
