package io.j8s.apiserver.resources.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Changes the elements of an immutable list; the list itself is answered when none changed.
public final class Elements {

    private Elements() {}

    public static <E> List<E> map(List<E> list, UnaryOperator<E> change) {
        List<E> changed = null;
        for (int i = 0; i < list.size(); i++) {
            E before = list.get(i);
            E after = change.apply(before);
            if (after != before && changed == null) {
                changed = new ArrayList<>(list);
            }
            if (changed != null) {
                changed.set(i, after);
            }
        }
        return changed == null ? list : List.copyOf(changed);
    }
}
