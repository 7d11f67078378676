package io.j8s.client.informer;

import io.j8s.client.ObjectKey;
import io.j8s.model.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a local copy: never asks the server, never blocks, safe for any thread. Lists are ordered by namespace and name; each is a fresh list of
/// immutable objects that the caller may keep.
public interface Lister<T extends Struct> {

    @Nullable T get(ObjectKey key);

    default @Nullable T get(String namespace, String name) {
        return get(new ObjectKey(namespace, name));
    }

    List<T> list();

    /// Those of one namespace.
    List<T> list(String namespace);

    int size();
}
