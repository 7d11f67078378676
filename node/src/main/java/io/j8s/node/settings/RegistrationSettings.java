package io.j8s.node.settings;

import io.j8s.model.core.v1.Taint;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How a node shows itself in the API.
///
/// @param register whether the agent makes the Node object itself (`--register-node`); else it waits until somebody has
/// @param labels beside the usual ones (`--node-labels`)
/// @param taints of a newly registered node (`--register-with-taints`)
/// @param providerId (`--provider-id`); empty: none
/// @param statusUpdate how often the agent looks at its status (`--node-status-update-frequency`)
/// @param statusReport how often it writes one that did not change (`nodeStatusReportFrequency`)
/// @param leaseSeconds how long its lease lasts (`nodeLeaseDurationSeconds`); it is renewed four times as often
/// @param mostImages how many images its status names (`--node-status-max-images`); negative: all
public record RegistrationSettings(
        boolean register, Map<String, String> labels, List<Taint> taints, String providerId, Duration statusUpdate, Duration statusReport, int leaseSeconds, int mostImages) {

    public static final RegistrationSettings DEFAULT = new RegistrationSettings(true, Map.of(), List.of(), "", Duration.ofSeconds(10), Duration.ofMinutes(5), 40, 50);

    public RegistrationSettings {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
        if (leaseSeconds <= 0) {
            throw new IllegalArgumentException("nodeLeaseDurationSeconds must be greater than 0");
        }
    }

    public RegistrationSettings with(Map<String, String> nodeLabels, List<Taint> nodeTaints) {
        return new RegistrationSettings(register, nodeLabels, nodeTaints, providerId, statusUpdate, statusReport, leaseSeconds, mostImages);
    }
}
