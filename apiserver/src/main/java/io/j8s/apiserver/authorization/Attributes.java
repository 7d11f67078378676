package io.j8s.apiserver.authorization;

import io.j8s.apiserver.authentication.User;

/// What a request wants to do, as authorizers see it.
///
/// @param verb `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or the lower-case HTTP method when it is not about a resource
/// @param path the path when it is not about a resource; empty otherwise
/// @param resource the plural name; empty when it is not about a resource
/// @param fieldSelector, labelSelector as sent with list, watch and deletecollection; empty otherwise
public record Attributes(
        User user,
        String verb,
        String group,
        String version,
        String resource,
        String subresource,
        String namespace,
        String name,
        String path,
        String fieldSelector,
        String labelSelector) {

    public static Attributes ofResource(User user, String verb, String group, String version, String resource, String subresource, String namespace, String name) {
        return new Attributes(user, verb, group, version, resource, subresource, namespace, name, "", "", "");
    }

    public static Attributes ofPath(User user, String verb, String path) {
        return new Attributes(user, verb, "", "", "", "", "", "", path, "", "");
    }

    public boolean aboutResource() {
        return !resource.isEmpty();
    }

    /// Whether nothing can be changed by it.
    public boolean readOnly() {
        return verb.equals("get") || verb.equals("list") || verb.equals("watch");
    }
}
