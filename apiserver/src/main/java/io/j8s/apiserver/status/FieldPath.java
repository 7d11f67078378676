package io.j8s.apiserver.status;

import org.jspecify.annotations.Nullable;

/// Where a field stands in an object: `spec.containers[0].ports[name].hostPort`. Immutable, cheap to make (a link to its parent); the text is made only when asked for.
public final class FieldPath {

    private final @Nullable FieldPath parent;
    private final String name;
    private final boolean subscript;

    private FieldPath(@Nullable FieldPath parent, String name, boolean subscript) {
        this.parent = parent;
        this.name = name;
        this.subscript = subscript;
    }

    /// A path from the object itself; dots in the name are taken as they stand. The empty name means the object as a whole.
    public static FieldPath of(String name) {
        return new FieldPath(null, name, false);
    }

    /// A field within.
    public FieldPath child(String field) {
        return new FieldPath(this, field, false);
    }

    /// An element of a list.
    public FieldPath index(int index) {
        return new FieldPath(this, Integer.toString(index), true);
    }

    /// A value of a map.
    public FieldPath key(String key) {
        return new FieldPath(this, key, true);
    }

    private void writeTo(StringBuilder text) {
        if (parent != null) {
            parent.writeTo(text);
        }
        if (subscript) {
            text.append('[').append(name).append(']');
        } else {
            if (!text.isEmpty()) {
                text.append('.');
            }
            text.append(name);
        }
    }

    @Override
    public String toString() {
        if (parent == null) {
            return name.isEmpty() ? "[]" : name;
        }
        StringBuilder text = new StringBuilder();
        writeTo(text);
        return text.toString();
    }
}
