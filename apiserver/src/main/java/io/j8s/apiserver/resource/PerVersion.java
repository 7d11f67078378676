package io.j8s.apiserver.resource;

import io.j8s.model.Struct;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// What a resource whose objects are held in any of its versions (custom resources) has for one version: the other resources have the same for all of theirs.
///
/// @param columns of the version's tables
/// @param resets by subresource (empty: the object), the paths that a write of it cannot change
/// @param deprecation what requests for the version are warned of; empty: nothing
/// @param working brings an object of any version into this one; may ask another server, and throws a refusal when that fails
/// @param together does so for many objects at once, for `working` to find them done
public record PerVersion<T extends Struct>(
        List<Column<T>> columns, Map<String, Subresource<T>> subresources, Map<String, Set<List<String>>> resets, String deprecation,
        UnaryOperator<T> working, Consumer<List<T>> together) {

    public PerVersion {
        columns = List.copyOf(columns);
        subresources = Map.copyOf(subresources);
        resets = Map.copyOf(resets);
    }
}
