package io.j8s.apiserver.openapi;

import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes into a v2 document what other servers say of the groups and versions that they serve: their paths, and the definitions that these need. A definition of a name that is taken, and
/// says something else, gets another name, as upstream does it (`NAME_v2`).
final class ForeignSpec {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignSpec.class);
    private static final String DEFINITION = "#/definitions/";
    private static final String PARAMETER = "#/parameters/";

    private final Map<String, Object> paths;
    private final Map<String, Object> definitions;

    private ForeignSpec(Map<?, ?> document) {
        this.paths = new TreeMap<>(members(document.get("paths")));
        this.definitions = new TreeMap<>(members(document.get("definitions")));
    }

    /// The document with what they say.
    static Map<String, Object> merged(Map<String, Object> document, List<ForeignDocuments> others) {
        ForeignSpec merged = new ForeignSpec(document);
        for (ForeignDocuments other : others) {
            try {
                if (other.v2().length > 0 && Json.readPlain(other.v2()) instanceof Map<?, ?> theirs) {
                    merged.add(theirs, "/apis/" + other.group() + "/" + other.version() + "/");
                }
            } catch (DecodeException e) {
                LOG.info("The OpenAPI document of {}/{} cannot be read: {}", other.group(), other.version(), e.getMessage());
            }
        }
        Map<String, Object> result = new LinkedHashMap<>(document);
        result.put("paths", merged.paths);
        result.put("definitions", merged.definitions);
        return result;
    }

    private void add(Map<?, ?> theirs, String below) {
        Map<String, Object> theirDefinitions = members(theirs.get("definitions"));
        Map<String, Object> parameters = members(theirs.get("parameters"));
        Map<String, Object> added = new LinkedHashMap<>();
        members(theirs.get("paths")).forEach((path, item) -> {
            if (path.startsWith(below) && !paths.containsKey(path)) {
                added.put(path, inlined(item, parameters));
            }
        });
        Map<String, Object> needed = needed(added.values(), theirDefinitions);
        Map<String, String> names = new HashMap<>();
        needed.forEach((name, definition) -> names.put(name, nameFor(name, definition)));
        UnaryOperator<String> renamed = reference -> reference.startsWith(DEFINITION) ? DEFINITION + names.getOrDefault(reference.substring(DEFINITION.length()), reference.substring(DEFINITION.length())) : reference;
        needed.forEach((name, definition) -> definitions.putIfAbsent(names.getOrDefault(name, name), referring(definition, renamed)));
        added.forEach((path, item) -> paths.put(path, referring(item, renamed)));
    }

    private static Map<String, Object> needed(Iterable<Object> items, Map<String, Object> definitions) {
        Map<String, Object> needed = new TreeMap<>();
        Deque<Object> open = new ArrayDeque<>();
        items.forEach(open::push);
        while (!open.isEmpty()) {
            referring(open.pop(), reference -> {
                String name = reference.startsWith(DEFINITION) ? reference.substring(DEFINITION.length()) : "";
                Object definition = definitions.get(name);
                if (definition != null && needed.putIfAbsent(name, definition) == null) {
                    open.push(definition);
                }
                return reference;
            });
        }
        return needed;
    }

    private String nameFor(String name, Object definition) {
        String free = name;
        for (int i = 2; isTaken(free, definition); i++) {
            free = name + "_v" + i;
        }
        return free;
    }

    private boolean isTaken(String name, Object definition) {
        Object known = definitions.get(name);
        return known != null && !text(known).equals(text(definition));
    }

    private static String text(Object plain) {
        return new String(Json.writePlain(Json.sorted(plain)), StandardCharsets.UTF_8);
    }

    /// A copy in which references are changed.
    private static Object referring(Object plain, UnaryOperator<String> references) {
        return switch (plain) {
            case Map<?, ?> map -> {
                Map<String, Object> members = new LinkedHashMap<>();
                map.forEach((name, value) -> members.put(String.valueOf(name), "$ref".equals(name) && value instanceof String reference ? references.apply(reference) : referring(value, references)));
                yield members;
            }
            case List<?> list -> list.stream().map(element -> referring(element, references)).toList();
            default -> plain;
        };
    }

    /// With the parameters themselves in place of references to them.
    private static Object inlined(Object plain, Map<String, Object> parameters) {
        return switch (plain) {
            case Map<?, ?> map when map.get("$ref") instanceof String reference && reference.startsWith(PARAMETER) && parameters.containsKey(reference.substring(PARAMETER.length())) ->
                Objects.requireNonNull(parameters.get(reference.substring(PARAMETER.length())));
            case Map<?, ?> map -> {
                Map<String, Object> members = new LinkedHashMap<>();
                map.forEach((name, value) -> members.put(String.valueOf(name), inlined(value, parameters)));
                yield members;
            }
            case List<?> list -> list.stream().map(element -> inlined(element, parameters)).toList();
            default -> plain;
        };
    }

    private static Map<String, Object> members(@Nullable Object value) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), member));
        }
        return members;
    }
}
