package io.j8s.controllers.attachdetach;

import io.j8s.client.events.EventRecorder;
import io.j8s.controllers.frame.Context;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.storage.v1.VolumeAttachment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Tells pods what becomes of their volumes, each thing once.
final class AttachEvents implements AutoCloseable {
    private final EventRecorder recorder;
    /// what was last said of a volume on a node
    private final Map<String, String> said = new ConcurrentHashMap<>();

    AttachEvents(Context context) {
        this.recorder = context.recorder("attachdetach-controller");
    }

    void succeeded(AttachableVolume volume, List<Pod> users) {
        users.forEach(pod -> recorder.normal(pod, "SuccessfulAttachVolume", "AttachVolume.Attach succeeded for volume \"" + volume.displayName() + "\" "));
        said.keySet().removeIf(key -> key.startsWith(volume.uniqueName() + " "));
    }

    void failed(AttachableVolume volume, VolumeAttachment attachment, List<Pod> users) {
        String what = attachment.metadata().uid() + " " + attachment.status().attachError().time() + " " + attachment.status().attachError().message();
        if (!what.equals(said.put(volume.uniqueName() + " " + attachment.spec().nodeName(), what))) {
            users.forEach(pod -> recorder.warning(pod, "FailedAttachVolume", "AttachVolume.Attach failed for volume \"" + volume.displayName() + "\" : " + attachment.status().attachError().message()));
        }
    }

    /// Its driver's part outside of the cluster does not say anything.
    void late(AttachableVolume volume, List<Pod> users) {
        users.forEach(pod -> recorder.warning(pod, "FailedAttachVolume", "AttachVolume.Attach failed for volume \"" + volume.displayName() + "\" : timed out waiting for external-attacher of "
                + volume.driver() + " CSI driver to attach volume " + volume.handle()));
    }

    /// Another node has it, and only one may.
    void exclusive(AttachableVolume volume, String node, List<Pod> users, Map<String, List<Pod>> usersByNode, Set<String> others) {
        String what = "exclusive " + others;
        if (what.equals(said.put(volume.uniqueName() + " " + node, what))) {
            return;
        }
        List<Pod> holders = new ArrayList<>();
        others.forEach(other -> holders.addAll(usersByNode.getOrDefault(other, List.of())));
        for (Pod pod : users) {
            recorder.warning(pod, "FailedAttachVolume", "Multi-Attach error for volume \"" + volume.displayName() + "\" " + holding(pod, holders));
        }
    }

    private static String holding(Pod pod, List<Pod> holders) {
        if (holders.isEmpty()) {
            return "Volume is already exclusively attached to one node and can't be attached to another";
        }
        Set<String> local = new TreeSet<>();
        holders.stream().filter(h -> h.metadata().namespace().equals(pod.metadata().namespace())).forEach(h -> local.add(h.metadata().name()));
        long foreign = holders.stream().filter(h -> !h.metadata().namespace().equals(pod.metadata().namespace())).count();
        if (local.isEmpty()) {
            return "Volume is already used by " + foreign + " pod(s) in different namespaces";
        }
        return "Volume is already used by pod(s) " + String.join(", ", local) + (foreign == 0 ? "" : " and " + foreign + " pod(s) in different namespaces");
    }

    @Override
    public void close() {
        recorder.close();
    }
}
