package io.j8s.apiserver.resource;

import io.j8s.model.Struct;
import java.util.function.Function;

/// A field that a field selector may name.
///
/// @param value the object's value as text; empty when unset
public record SelectableField<T extends Struct>(String name, Function<T, String> value) {}
