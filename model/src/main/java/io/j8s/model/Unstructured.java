package io.j8s.model;

import io.j8s.model.meta.v1.ObjectMeta;
import java.util.List;

/// The type of objects of which nothing is known but what every object has: `apiVersion`, `kind` and `metadata`. Everything else is kept as it came, in
/// [Struct#unknown()].
public final class Unstructured {

    public static final Type TYPE = new Type("Unstructured", Unstructured::fields, null, true);

    public static final Struct EMPTY = TYPE.empty();

    private Unstructured() {}

    private static List<Field> fields() {
        return List.of(
                Field.of(0, "apiVersion", Shape.Scalar.STRING),
                Field.of(1, "kind", Shape.Scalar.STRING),
                Field.of(2, "metadata", new Shape.Message(() -> ObjectMeta.TYPE)));
    }
}
