package io.j8s.model.patch;

import io.j8s.model.Field;
import io.j8s.model.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes a new object share with an old one whatever is equal in both, so that comparing them later is cheap and memory is not held twice.
@SuppressWarnings("ReferenceEquality") // sharing is the point
public final class Sharing {

    private Sharing() {}

    /// An object equal to `changed`, with the parts of `before` where they are equal.
    public static Struct with(Struct before, Struct changed) {
        if (before == changed || before.equals(changed)) {
            return before;
        }
        if (before.structType() != changed.structType()) {
            return changed;
        }
        Struct.Builder out = null;
        for (Field field : changed.structType().fields()) {
            Object value = changed.get(field);
            Object old = before.get(field);
            Object shared = value == null || old == null ? value : shared(old, value);
            if (shared != value) {
                out = out == null ? changed.toBuilder() : out;
                out.set(field, shared);
            }
        }
        return out == null ? changed : out.build();
    }

    private static Object shared(Object before, Object changed) {
        if (before == changed || before.equals(changed)) {
            return before;
        }
        if (before instanceof Struct a && changed instanceof Struct b) {
            return with(a, b);
        }
        if (before instanceof List<?> a && changed instanceof List<?> b && !(before instanceof Map<?, ?>)) {
            List<Object> items = new ArrayList<>(b.size());
            for (int i = 0; i < b.size(); i++) {
                items.add(i < a.size() ? shared(a.get(i), b.get(i)) : b.get(i));
            }
            return items;
        }
        return changed;
    }
}
