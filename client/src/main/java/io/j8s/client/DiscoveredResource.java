package io.j8s.client;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.util.Set;

/// A resource that a server serves.
///
/// @param resource how to reach it; of an unstructured type when this program has no type for its kind
/// @param verbs what it understands: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`
public record DiscoveredResource(ApiResource<? extends Struct> resource, Set<String> verbs) {
    public DiscoveredResource {
        verbs = Set.copyOf(verbs);
    }

    /// Whether it understands all of these verbs.
    public boolean supports(String... wanted) {
        for (String verb : wanted) {
            if (!verbs.contains(verb)) {
                return false;
            }
        }
        return true;
    }
}
