package io.j8s.model;

import io.j8s.model.meta.v1.ListMeta;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.List;

/// The type of objects of which nothing is known but what every object has: `apiVersion`, `kind` and `metadata`. Everything else is kept as it came, in
/// [Struct#unknown()].
public final class Unstructured {

    public static final Type TYPE = new Type("Unstructured", Unstructured::fields, null, true);

    public static final Struct EMPTY = TYPE.empty();

    /// The type of lists of such objects.
    public static final Type LIST_TYPE = new Type("UnstructuredList", Unstructured::listFields, null, true);

    private Unstructured() {}

    private static List<Field> listFields() {
        return List.of(
                Field.of(0, "apiVersion", Shape.Scalar.STRING),
                Field.of(1, "items", new Shape.ListOf(new Shape.Message(() -> TYPE))).withPresence(Field.Presence.ALWAYS),
                Field.of(2, "kind", Shape.Scalar.STRING),
                Field.of(3, "metadata", new Shape.Message(() -> ListMeta.TYPE)).withPresence(Field.Presence.ALWAYS));
    }

    private static List<Field> fields() {
        return List.of(
                Field.of(0, "apiVersion", Shape.Scalar.STRING),
                Field.of(1, "kind", Shape.Scalar.STRING),
                Field.of(2, "metadata", new Shape.Message(() -> ObjectMeta.TYPE)));
    }
}
