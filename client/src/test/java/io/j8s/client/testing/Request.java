package io.j8s.client.testing;

import io.j8s.model.ApiResource;
import org.jspecify.annotations.Nullable;

/// One call of the API.
///
/// @param verb `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`
/// @param subresource empty for the object itself
public record Request(String verb, ApiResource<?> resource, String subresource, String namespace, String name) {

    public boolean writes() {
        return !verb.equals("get") && !verb.equals("list") && !verb.equals("watch");
    }

    /// Decides which calls fail.
    @FunctionalInterface
    public interface Faults {
        /// The error to answer with, or null to go on.
        io.j8s.client.@Nullable ApiException on(Request request);
    }

    @Override
    public String toString() {
        return verb + " " + resource.qualifiedName() + (subresource.isEmpty() ? "" : "/" + subresource) + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
