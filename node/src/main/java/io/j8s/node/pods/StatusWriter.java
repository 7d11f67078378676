package io.j8s.node.pods;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.node.status.PodStatusPatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one pod's status, only what differs from what was written before; that of a static pod goes to its mirror, whose uid is another. Owned by the pod's worker.
final class StatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final Set<String> OWN = Set.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled", "PodResizeInProgress", "PodResizePending",
            "AllContainersRestarting");
    private final Client client;
    private PodStatus written;

    StatusWriter(Client client, PodStatus written) {
        this.client = client;
        this.written = written;
    }

    /// What was written last, with the conditions of others as they are in the pod now.
    PodStatus base(Pod pod) {
        List<PodCondition> conditions = new ArrayList<>(written.conditions().stream().filter(c -> OWN.contains(c.type())).toList());
        pod.status().conditions().stream()
                .filter(c -> !OWN.contains(c.type()) || conditions.stream().noneMatch(own -> own.type().equals(c.type())))
                .forEach(conditions::add);
        return written.withConditions(conditions);
    }

    /// Answers whether the API has the status now (or the pod is gone, so that it does not matter).
    boolean write(Pod pod, PodStatus next) {
        boolean mirrored = "file".equals(pod.metadata().annotations().get(StaticPods.SOURCE));
        String patch = PodStatusPatch.between(mirrored ? pod.withMetadata(m -> m.withoutUid()) : pod, base(pod), next);
        if (patch == null) {
            return true;
        }
        try {
            client.patch(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), new Patch.Strategic(patch), WriteOptions.NONE.onSubresource("status"));
            written = next;
            return true;
        } catch (ApiException e) {
            if (mirrored && e.isNotFound()) {
                return false;
            }
            if (e.isNotFound() || e.code() == 409) {
                return true;
            }
            LOG.warn("the status of pod {}/{} cannot be written: {}", pod.metadata().namespace(), pod.metadata().name(), e.getMessage());
            return false;
        }
    }
}
