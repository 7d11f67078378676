package io.j8s.node.pods;

/// Why a node does not take a pod, or does not give it other resources.
///
/// @param reason in one word, such as `OutOfcpu`
public record Rejection(String reason, String message) {}
