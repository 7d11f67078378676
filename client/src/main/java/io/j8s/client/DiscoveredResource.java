package io.j8s.client;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.Types;
import io.j8s.model.Unstructured;
import java.util.Set;

/// A resource that a server serves.
///
/// @param resource how to reach it; of an unstructured type when this program has no type for its kind
/// @param verbs what it understands: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`
public record DiscoveredResource(ApiResource<? extends Struct> resource, Set<String> verbs) {
    public DiscoveredResource {
        verbs = Set.copyOf(verbs);
    }

    /// One that is known by its names only.
    public static DiscoveredResource named(String group, String version, String plural, String kind, boolean namespaced, Set<String> verbs) {
        String apiVersion = group.isEmpty() ? version : group + "/" + version;
        Type type = Types.of(apiVersion, kind);
        Type listType = Types.of(apiVersion, kind + "List");
        return new DiscoveredResource(new ApiResource<Struct>(
                group, version, plural, kind, namespaced, type == null ? Unstructured.TYPE : type, listType == null ? Unstructured.TYPE : listType), verbs);
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
