package io.j8s.apiserver.operation;

import io.j8s.apiserver.registry.Stored;
import io.j8s.model.Struct;

/// What came of a write.
///
/// @param created whether the object is new
public record Written<T extends Struct>(Stored<T> stored, boolean created) {}
