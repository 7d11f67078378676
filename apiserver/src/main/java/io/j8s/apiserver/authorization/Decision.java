package io.j8s.apiserver.authorization;

/// What an authorizer says. `reason` is for people and audit; it may be empty.
public sealed interface Decision {

    String reason();

    record Allow(String reason) implements Decision {}

    /// No other authorizer is asked.
    record Deny(String reason) implements Decision {}

    /// The next authorizer decides; when there is none, the request is refused.
    record NoOpinion(String reason) implements Decision {}
}
