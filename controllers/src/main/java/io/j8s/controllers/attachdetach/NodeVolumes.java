package io.j8s.controllers.attachdetach;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.JsonText;
import io.j8s.model.core.v1.AttachedVolume;
import io.j8s.model.core.v1.Node;
import java.util.ArrayList;
import java.util.List;

/// Keeps `status.volumesAttached` of nodes: what a kubelet waits for before it mounts.
final class NodeVolumes {
    private static final int TRIES = 5;
    private final Client client;

    NodeVolumes(Client client) {
        this.client = client;
    }

    static boolean attached(Node node, String uniqueName) {
        return node.status().volumesAttached().stream().anyMatch(v -> v.name().equals(uniqueName));
    }

    static boolean inUse(Node node, String uniqueName) {
        return node.status().volumesInUse().contains(uniqueName);
    }

    /// Reports the volume as attached, or no longer so. Nothing is written when the node says so already, or is gone.
    void report(String nodeName, String uniqueName, boolean attached) {
        for (int tries = 1; ; tries++) {
            Node node = client.find(Node.RESOURCE, "", nodeName);
            if (node == null || attached(node, uniqueName) == attached) {
                return;
            }
            List<AttachedVolume> volumes = new ArrayList<>(node.status().volumesAttached());
            if (attached) {
                volumes.add(AttachedVolume.EMPTY.withName(uniqueName).withDevicePath(""));
            } else {
                volumes.removeIf(v -> v.name().equals(uniqueName));
            }
            try {
                client.patch(Node.RESOURCE, "", nodeName, patch(node, volumes), WriteOptions.NONE.onSubresource("status"));
                return;
            } catch (ApiException e) {
                if (!e.isConflict() || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /// Only this field, so that a kubelet that reports at the same time loses nothing; for just this version, because other workers write the same list.
    private static Patch patch(Node node, List<AttachedVolume> volumes) {
        StringBuilder text = new StringBuilder("{\"metadata\":{\"resourceVersion\":").append(JsonText.quote(node.metadata().resourceVersion())).append("},\"status\":{\"volumesAttached\":[");
        for (int i = 0; i < volumes.size(); i++) {
            text.append(i == 0 ? "" : ",").append("{\"name\":").append(JsonText.quote(volumes.get(i).name())).append(",\"devicePath\":").append(JsonText.quote(volumes.get(i).devicePath())).append('}');
        }
        return new Patch.Merge(text.append("]}}").toString());
    }
}
