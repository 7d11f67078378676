package io.j8s.model.patch;

import org.jspecify.annotations.Nullable;

/// Where in an object a value stands, written only when it is asked for: `spec.containers[0].image`.
///
/// @param parent null for the object itself
/// @param step a field's name (`String`) or an index (`Integer`)
public record Place(@Nullable Place parent, Object step) {

    public static final Place ROOT = new Place(null, "");

    public Place field(String name) {
        return new Place(this, name);
    }

    public Place index(int index) {
        return new Place(this, index);
    }

    @Override
    public String toString() {
        if (parent == null) {
            return "";
        }
        String before = parent.toString();
        return step instanceof Integer ? before + "[" + step + "]" : before.isEmpty() ? step.toString() : before + "." + step;
    }
}
