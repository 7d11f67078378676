package io.j8s.controllers.nodes;

import io.j8s.client.Client;
import io.j8s.client.JsonText;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Writes single facts into the status of pods whose node does not.
public final class PodStatuses {
    private PodStatuses() {}

    /// Sets a condition, and the phase if one is given; nothing is written when both are so already.
    ///
    /// @param phase empty: as it is
    public static void set(Client client, Pod pod, String phase, String type, String status, String reason, String message, Instant now) {
        PodCondition before = Pods.condition(pod, type);
        boolean same = before != null && before.status().equals(status) && before.reason().equals(reason) && before.message().equals(message);
        if (same && (phase.isEmpty() || phase.equals(pod.status().phase()))) {
            return;
        }
        StringBuilder patch = begin(pod, phase);
        patch.append("\"conditions\":[{\"type\":").append(JsonText.quote(type)).append(",\"status\":").append(JsonText.quote(status));
        patch.append(",\"reason\":").append(reason.isEmpty() ? "null" : JsonText.quote(reason)).append(",\"message\":").append(message.isEmpty() ? "null" : JsonText.quote(message));
        if (before == null || !before.status().equals(status)) {
            patch.append(",\"lastTransitionTime\":\"").append(now.truncatedTo(ChronoUnit.SECONDS)).append('"');
        }
        if (pod.metadata().generation() > 0) {
            patch.append(",\"observedGeneration\":").append(pod.metadata().generation());
        }
        write(client, pod, patch.append("}]}}"));
    }

    /// Sets the phase.
    public static void phase(Client client, Pod pod, String phase) {
        if (!pod.status().phase().equals(phase)) {
            StringBuilder patch = begin(pod, phase);
            patch.setLength(patch.length() - 1);
            write(client, pod, patch.append("}}"));
        }
    }

    private static StringBuilder begin(Pod pod, String phase) {
        StringBuilder patch = new StringBuilder("{\"metadata\":{\"uid\":").append(JsonText.quote(pod.metadata().uid())).append("},\"status\":{");
        return phase.isEmpty() ? patch : patch.append("\"phase\":").append(JsonText.quote(phase)).append(',');
    }

    private static void write(Client client, Pod pod, StringBuilder patch) {
        client.patch(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), new Patch.Strategic(patch.toString()), WriteOptions.NONE.onSubresource("status"));
    }
}
