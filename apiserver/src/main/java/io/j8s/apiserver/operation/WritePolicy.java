package io.j8s.apiserver.operation;

/// How a client wants a write to be made.
///
/// @param manager the name under which changes are owned
/// @param force for apply: take fields from other managers
/// @param options the options as an object, for admission (CreateOptions, UpdateOptions, PatchOptions)
public record WritePolicy(boolean dryRun, String manager, boolean force, io.j8s.model.Struct options) {}
