package io.j8s.client;

import io.j8s.model.Struct;

/// A change of an object.
public sealed interface Patch {

    /// RFC 6902, as JSON text.
    record Json(String text) implements Patch {}

    /// RFC 7386, as JSON text.
    record Merge(String text) implements Patch {}

    /// Kubernetes' strategic merge, as JSON text.
    record Strategic(String text) implements Patch {}

    /// Server-side apply of the fields that are set here.
    record Apply(Struct fields) implements Patch {}
}
