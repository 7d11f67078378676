package io.j8s.controllers.volumebinding;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import io.j8s.runtime.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/// What becomes of a volume whose claim is gone, by its `persistentVolumeReclaimPolicy`. Volumes of CSI and of external provisioners are their drivers' to delete; most others cannot be deleted or emptied
/// from here, and the volume says so.
final class Reclaim {
    private static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
    private static final String MIGRATED = "pv.kubernetes.io/migrated-to";
    private static final String IN_TREE = "kubernetes.io/";
    private static final String HOST_PATH = "kubernetes.io/host-path";
    private static final String FAILED = "VolumeFailedDelete";
    private static final Path PASSING = Path.of("/tmp");
    private final Client client;
    private final EventRecorder events;
    private final Consumer<PersistentVolume> wrote;

    /// @param wrote told of each volume that was written
    Reclaim(Client client, EventRecorder events, Consumer<PersistentVolume> wrote) {
        this.client = client;
        this.events = events;
        this.wrote = wrote;
    }

    /// Does what is to be done for a volume that is released.
    void of(PersistentVolume volume) {
        Map<String, String> annotations = volume.metadata().annotations();
        if (volume.metadata().deletionTimestamp() != null || annotations.containsKey(MIGRATED)) {
            return;
        }
        switch (volume.spec().persistentVolumeReclaimPolicy()) {
            case "Delete" -> delete(volume, annotations.getOrDefault(PROVISIONED_BY, ""));
            case "Recycle" -> fail(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
            case "Retain", "" -> { }
            default -> fail(volume, "VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy");
        }
    }

    private void delete(PersistentVolume volume, String provisioner) {
        PersistentVolumeSpec spec = volume.spec();
        if (provisioner.startsWith(IN_TREE) && !provisioner.equals(HOST_PATH)) {
            fail(volume, FAILED, "no volume plugin matched name: " + provisioner);
        } else if (spec.hasCsi() || (!provisioner.isEmpty() && !provisioner.startsWith(IN_TREE))) {
            return; // its driver's
        } else if (spec.hasHostPath()) {
            deleteHostPath(volume, Path.of(spec.hostPath().path()).normalize());
        } else {
            String why = spec.hasNfs() || spec.hasFc() || spec.hasIscsi() ? "no deletable volume plugin matched" : "no volume plugin matched";
            fail(volume, FAILED, "error getting deleter volume plugin for volume \"" + volume.metadata().name() + "\": " + why);
        }
    }

    /// For trying things out on one host, as upstream has it: only what lies below the host's folder for passing files is removed.
    private void deleteHostPath(PersistentVolume volume, Path path) {
        if (!path.startsWith(PASSING) || path.equals(PASSING)) {
            fail(volume, FAILED, "host_path deleter only supports " + PASSING + "/.+ but received provided " + volume.spec().hostPath().path());
            return;
        }
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                Trees.remove(path);
            }
            client.delete(PersistentVolume.RESOURCE, "", volume.metadata().name(), DeleteOptions.ofUid(volume.metadata().uid()));
        } catch (IOException e) {
            fail(volume, FAILED, e.toString());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private void fail(PersistentVolume volume, String reason, String message) {
        if (!volume.status().phase().equals("Failed")) {
            try {
                wrote.accept(client.updateStatus(PersistentVolume.RESOURCE, "", volume.withStatus(s -> s.withPhase("Failed").withMessage(message))));
                events.warning(volume, reason, message);
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
    }
}
