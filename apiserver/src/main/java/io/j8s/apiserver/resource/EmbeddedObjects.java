package io.j8s.apiserver.resource;

import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.DecodeException;
import io.j8s.model.PlainJson;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.schema.Schema;
import io.j8s.model.schema.SchemaProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules for objects within objects (`x-kubernetes-embedded-resource`): they have an apiVersion, a kind, and metadata like any other object's.
public final class EmbeddedObjects {

    private final List<FieldError> found = new ArrayList<>();

    private EmbeddedObjects() {}

    /// What is wrong with the objects within a value (plain JSON).
    ///
    /// @param path where the value stands; empty for a whole object
    /// @param itself whether the value is such an object, too
    public static List<FieldError> check(Schema schema, Object value, String path, boolean itself) {
        EmbeddedObjects objects = new EmbeddedObjects();
        if (itself && !schema.embeddedResource() && value instanceof Map<?, ?> map) {
            objects.object(map, path);
        }
        objects.value(schema, value, path);
        return objects.found;
    }

    private void value(@Nullable Schema schema, Object value, String path) {
        if (schema == null) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            if (schema.embeddedResource()) {
                object(map, path);
            }
            map.forEach((name, member) -> {
                Schema property = schema.properties().get(name);
                value(property == null ? schema.additional() : property, member, property == null ? path + "[" + name + "]" : child(path, (String) name));
            });
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                value(schema.items(), list.get(i), path + "[" + i + "]");
            }
        }
    }

    private static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private void object(Map<?, ?> object, String path) {
        text(object.get("apiVersion"), child(path, "apiVersion"), apiVersion -> apiVersion.chars().filter(c -> c == '/').count() > 1
                ? List.of("unexpected GroupVersion string: " + apiVersion) : List.of());
        text(object.get("kind"), child(path, "kind"), kind -> {
            List<String> problems = Names.dnsLabel1035(kind.toLowerCase(Locale.ROOT));
            return problems.isEmpty() ? problems : List.of("may have mixed case, but should otherwise match: " + String.join(",", problems));
        });
        Object metadata = object.get("metadata");
        if (metadata != null) {
            metadata(metadata, child(path, "metadata"));
        }
    }

    private void text(@Nullable Object value, String path, NameRule rule) {
        if (value == null) {
            add(FieldError.Kind.REQUIRED, path, null, "");
        } else if (!(value instanceof String text)) {
            add(FieldError.Kind.INVALID, path, String.valueOf(value), "must be a string");
        } else if (text.isEmpty()) {
            add(FieldError.Kind.INVALID, path, "\"\"", "must not be empty");
        } else {
            rule.problems(text).forEach(problem -> add(FieldError.Kind.INVALID, path, '"' + text + '"', problem));
        }
    }

    @SuppressWarnings("unchecked") // keys of plain JSON objects are strings
    private void metadata(Object metadata, String path) {
        try {
            if (!(metadata instanceof Map<?, ?> map)) {
                throw new DecodeException("", "must be an object");
            }
            metadata((ObjectMeta) PlainJson.struct(ObjectMeta.TYPE, (Map<String, ?>) map), path);
        } catch (DecodeException e) {
            add(FieldError.Kind.INVALID, path, "", String.valueOf(e.getMessage()));
        }
    }

    private void metadata(ObjectMeta meta, String path) {
        FieldErrors errors = new FieldErrors();
        FieldPath here = FieldPath.of(path);
        all(Names.pathSegment(meta.name()), meta.name(), here.child("name"), errors);
        all(Names.pathSegment(meta.generateName()), meta.generateName(), here.child("generateName"), errors);
        if (!meta.namespace().isEmpty()) {
            all(Names.dnsLabel(meta.namespace()), meta.namespace(), here.child("namespace"), errors);
        }
        if (meta.generation() < 0) {
            errors.invalid(here.child("generation"), meta.generation(), "must be greater than or equal to 0");
        }
        meta.labels().forEach((key, value) -> {
            all(Names.qualifiedName(key), key, here.child("labels"), errors);
            all(Names.labelValue(value), value, here.child("labels"), errors);
        });
        meta.annotations().forEach((key, value) -> all(Names.qualifiedName(key.toLowerCase(Locale.ROOT)), key, here.child("annotations"), errors));
        meta.finalizers().forEach(finalizer -> all(Names.qualifiedName(finalizer), finalizer, here.child("finalizers"), errors));
        found.addAll(errors.list());
    }

    private static void all(List<String> problems, String value, FieldPath path, FieldErrors errors) {
        problems.forEach(problem -> errors.invalid(path, value, problem));
    }

    private void add(FieldError.Kind kind, String path, @Nullable String value, String detail) {
        found.add(new FieldError(kind, path.isEmpty() ? SchemaProblem.NO_FIELD : path, value, detail));
    }
}
