package io.j8s.node.probes;

/// What one probe saw.
public sealed interface ProbeOutcome {

    ProbeOutcome HEALTHY = new Healthy();

    record Healthy() implements ProbeOutcome {}

    /// It counts as healthy, but somebody should look at it.
    record Doubtful(String message) implements ProbeOutcome {}

    record Unhealthy(String message) implements ProbeOutcome {}

    /// The probe itself could not be made; it counts neither way.
    record Unknown(String message) implements ProbeOutcome {}
}
