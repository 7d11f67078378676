package io.j8s.model;

/// Names one resource in one version: what a client needs to reach it. Generated types have theirs as a constant (`Pod.RESOURCE`).
///
/// @param group the API group; empty for the core group
/// @param plural the resource's name in paths, such as `pods`
/// @param type the type of one object
/// @param listType the type of a list of them
public record ApiResource<T extends Struct>(
        String group, String version, String plural, String kind, boolean namespaced, Type type, Type listType) {

    /// `v1` or `apps/v1`
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// `pods` or `deployments.apps`
    public String qualifiedName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    @Override
    public String toString() {
        return qualifiedName() + "/" + version;
    }
}
