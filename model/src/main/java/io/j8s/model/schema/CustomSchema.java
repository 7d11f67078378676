package io.j8s.model.schema;

import io.j8s.model.DecodeException;
import io.j8s.model.Field;
import io.j8s.model.JsonNull;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.ListMeta;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.patch.PatchException;
import io.j8s.model.patch.Place;
import io.j8s.model.patch.PlainReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// One version of a custom resource: its type, and what its schema does with its objects. Immutable; safe for many threads.
///
/// A request's object goes through [#read] (defaults, pruning) and, after admission, [#validate]. A stored object goes through [#readStored], which never
/// refuses: the schema may have changed since it was written.
public final class CustomSchema {

    private final String apiVersion;
    private final String kind;
    private final Schema schema;
    private final Type type;
    private final Type openType;
    private final Type listType;

    /// @param schema of the whole object; [Schema#OPEN] for a definition without one
    public CustomSchema(String group, String version, String kind, Schema schema) {
        this(group, version, kind, schema, schema);
    }

    /// @param holding what its values can hold, which may be more than the schema allows
    public CustomSchema(String group, String version, String kind, Schema schema, Schema holding) {
        this.apiVersion = group + "/" + version;
        this.kind = kind;
        this.schema = schema;
        this.type = SchemaTypes.root(group + "." + version + "." + kind, apiVersion, kind, holding);
        this.openType = SchemaTypes.open(group + "." + version + "." + kind, apiVersion, kind, holding);
        this.listType = new Type(group + "." + version + "." + kind + "List", apiVersion, kind + "List", this::listFields, null, false);
    }

    private List<Field> listFields() {
        return List.of(
                Field.of(0, "apiVersion", Shape.Scalar.STRING),
                Field.of(1, "items", new Shape.ListOf(new Shape.Message(() -> type))),
                Field.of(2, "kind", Shape.Scalar.STRING),
                Field.of(3, "metadata", new Shape.Message(() -> ListMeta.TYPE)));
    }

    public Type type() {
        return type;
    }

    /// Whether values of this type are objects of this very schema.
    public boolean holds(Type of) {
        return of == type || of == openType;
    }

    public Type listType() {
        return listType;
    }

    public Schema schema() {
        return schema;
    }

    /// An object of a request: defaults are put in, unknown fields and unwanted nulls taken out.
    ///
    /// @param plain plain JSON
    /// @param findings told of unknown fields, in upstream's words and order
    /// @throws DecodeException when it is no object or its metadata are none (400)
    /// @throws SchemaException when it cannot be held as a value of the type (422)
    public Struct read(Object plain, Consumer<String> findings) {
        Map<?, ?> shaped = shaped(plain, findings);
        if (hasNullElement(shaped)) {
            refuse(shaped);
        }
        try {
            return struct(type, shaped);
        } catch (PatchException e) {
            refuse(shaped);
            throw new DecodeException("", String.valueOf(e.getMessage()));
        }
    }

    private void refuse(Map<?, ?> shaped) {
        List<SchemaProblem> problems = new ArrayList<>(SchemaValidation.problems(schema, shaped, null));
        if (!problems.isEmpty()) {
            problems.addAll(ListRules.problems(schema, shaped));
        }
        if (!problems.isEmpty()) {
            Object name = shaped.get("metadata") instanceof Map<?, ?> metadata ? metadata.get("name") : null;
            throw new SchemaException(name instanceof String text ? text : "", problems);
        }
    }

    /// A null among the elements of a list would be held as an empty element.
    private static boolean hasNullElement(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map.values().stream().anyMatch(CustomSchema::hasNullElement);
            case List<?> list -> list.contains(JsonNull.NULL) || list.stream().anyMatch(CustomSchema::hasNullElement);
            default -> false;
        };
    }

    /// A stored object, shaped as [#read] does. One that does not fit the type (any more) is held as an object about which nothing is known.
    ///
    /// @throws DecodeException when it is no object or its metadata are none: it was damaged
    public Struct readStored(Object plain) {
        return held(shaped(plain, text -> {}));
    }

    private Map<?, ?> shaped(Object plain, Consumer<String> findings) {
        if (!(plain instanceof Map<?, ?> map)) {
            throw new DecodeException("", "must be an object of kind " + kind);
        }
        List<String> ofMetadata = new ArrayList<>();
        List<String> ofSchema = new ArrayList<>();
        List<String> ofEmbedded = new ArrayList<>();
        Object metadata = map.get("metadata");
        if (metadata != null) {
            readMetadata(metadata, place -> ofMetadata.add(place.toString()));
        }
        Object shaped = Shaping.defaulted(Shaping.normal(map), schema);
        shaped = Embedded.coerced(shaped, schema, Place.ROOT, place -> ofEmbedded.add(place.toString()));
        shaped = Shaping.prunedRoot(shaped, schema, place -> ofSchema.add(place.toString()));
        for (List<String> unknown : List.of(ofMetadata, ofSchema, ofEmbedded)) { // in which order upstream looks at them
            Collections.sort(unknown);
            unknown.forEach(place -> findings.accept("unknown field \"" + place + "\""));
        }
        return (Map<?, ?>) Shaping.withoutUnwantedNulls(shaped, schema);
    }

    private static void readMetadata(Object metadata, Consumer<Place> unknown) {
        try {
            new PlainReader(unknown).value(new Shape.Message(() -> ObjectMeta.TYPE), metadata, Place.ROOT.field("metadata"));
        } catch (PatchException e) {
            throw new DecodeException("", String.valueOf(e.getMessage()));
        }
    }

    private static Struct struct(Type type, Map<?, ?> plain) {
        // What is unknown was told of, or is kept on purpose.
        return new PlainReader(place -> {}).message(type, plain, Place.ROOT);
    }

    /// The object as plain JSON, without the owners of its fields.
    public Map<String, Object> plain(Struct object) {
        ObjectMeta metadata = Objects.metadata(object);
        Struct small = metadata.managedFields().isEmpty() ? object : Objects.withMetadata(object, metadata.withoutManagedFields());
        Map<String, Object> plain = new LinkedHashMap<>(PlainJson.of(small));
        plain.put("apiVersion", apiVersion);
        plain.put("kind", kind);
        return plain;
    }

    /// An object of another version (plain JSON) as one of this: what this version does not know is gone, nothing is added.
    public Struct readConverted(Map<String, Object> plain) {
        Map<String, Object> renamed = new LinkedHashMap<>(plain);
        renamed.put("apiVersion", apiVersion);
        return held(pruned(renamed));
    }

    /// An object of this version as its next reader finds it: with the defaults that it may lack because another version knows nothing of them.
    public Struct withDefaults(Struct object) {
        Map<String, Object> plain = PlainJson.of(object);
        Object defaulted = Shaping.defaulted(plain, schema);
        return defaulted.equals(plain) ? object : held((Map<?, ?>) defaulted);
    }

    private Map<?, ?> pruned(Map<String, Object> plain) {
        return (Map<?, ?>) Shaping.withoutUnwantedNulls(Shaping.prunedRoot(plain, schema, place -> {}), schema);
    }

    private Struct held(Map<?, ?> plain) {
        try {
            return struct(type, plain);
        } catch (PatchException e) {
            return struct(openType, plain);
        }
    }
}
