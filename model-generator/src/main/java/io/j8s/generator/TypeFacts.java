package io.j8s.generator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of one type.
///
/// @param name its OpenAPI name, such as `io.k8s.api.core.v1.Pod`
/// @param apiVersion of the objects of this type; empty for a type that is none by itself
/// @param resource the resource whose objects are of this type, or null
record TypeFacts(String name, String apiVersion, String kind, List<FieldFacts> fields, @Nullable ResourceFacts resource) {

    /// @param listType the name of the type of its lists; empty when it is never listed
    record ResourceFacts(String group, String version, String plural, String kind, boolean namespaced, String listType) {}

    String simpleName() {
        return Names.simple(name);
    }

    String packageName() {
        return Names.javaPackage(name);
    }
}
