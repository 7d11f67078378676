package io.j8s.client;

/// Names an object within its resource; ordered by namespace, then name.
///
/// @param namespace empty for cluster-scoped objects
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    @Override
    @SuppressWarnings({"ReferenceEquality", "StringEquality"}) // most keys share the text of their namespace: it need not be read
    public int compareTo(ObjectKey other) {
        int byNamespace = namespace == other.namespace ? 0 : namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /// `namespace/name`, or `name`
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
