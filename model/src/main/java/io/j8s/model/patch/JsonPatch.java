package io.j8s.model.patch;

import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One JSON patch at work on one document. For one thread; used once.
final class JsonPatch {

    private static final Set<String> MEMBERS = Set.of("op", "path", "from", "value");
    private static final long MOST_COPIED_BYTES = 3L * 1024 * 1024;

    private final Consumer<String> findings;
    private Object document;
    private long copiedBytes;

    JsonPatch(Object document, Consumer<String> findings) {
        this.document = changeable(document);
        this.findings = findings;
    }

    Object apply(List<?> operations) {
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i) == JsonNull.NULL) {
                throw inapplicable("operation " + i + " of the JSON patch says nothing");
            }
            if (!(operations.get(i) instanceof Map<?, ?> operation)) {
                throw new PatchException(PatchException.Kind.MALFORMED, "operation " + i + " of the JSON patch must be an object");
            }
            for (Object member : operation.keySet()) {
                if (!MEMBERS.contains((String) member)) {
                    findings.accept("json patch unknown field \"[" + i + "]." + member + "\"");
                }
            }
        }
        for (Object operation : operations) {
            apply((Map<?, ?>) operation);
        }
        return document;
    }

    private void apply(Map<?, ?> operation) {
        String kind = operation.get("op") instanceof String text ? text : "";
        switch (kind) {
            case "add" -> container(operation, "path").add(value(operation));
            case "remove" -> container(operation, "path").remove();
            case "replace" -> replace(operation);
            case "move" -> {
                Target from = container(operation, "from");
                Object moved = from.get();
                from.remove();
                container(operation, "path").add(moved);
            }
            case "copy" -> {
                Object copied = container(operation, "from").get();
                copiedBytes += Json.writePlain(copied).length;
                if (copiedBytes > MOST_COPIED_BYTES) {
                    throw inapplicable("copy: more than " + MOST_COPIED_BYTES + " bytes copied by one patch");
                }
                container(operation, "path").add(changeable(copied));
            }
            case "test" -> test(operation);
            default -> throw inapplicable("\"" + kind + "\" is no operation: use add, remove, replace, move, copy or test");
        }
    }

    private void replace(Map<?, ?> operation) {
        Object value = value(operation);
        if (path(operation, "path").isEmpty()) {
            if (!(value instanceof Map<?, ?>) && !(value instanceof List<?>)) {
                throw inapplicable("replace: the whole document can only become an object or a list");
            }
            document = changeable(value);
            return;
        }
        container(operation, "path").set(value);
    }

    private void test(Map<?, ?> operation) {
        String path = path(operation, "path");
        if (!tested(operation, path).equals(value(operation))) {
            throw new PatchException(PatchException.Kind.TEST_FAILED, "test: \"" + path + "\" has another value");
        }
    }

    private Object tested(Map<?, ?> operation, String path) {
        if (path.isEmpty()) {
            return document;
        }
        var container = container(operation, "path");
        try {
            return container.get();
        } catch (PatchException missing) {
            throw new PatchException(PatchException.Kind.TEST_FAILED, "test: " + missing.getMessage());
        }
    }

    private static Object value(Map<?, ?> operation) {
        Object value = operation.get("value");
        return value == null ? JsonNull.NULL : changeable(value);
    }

    private static String path(Map<?, ?> operation, String member) {
        if (operation.get(member) instanceof String text) {
            return text;
        }
        throw inapplicable("an operation needs a \"" + member + "\", a JSON pointer such as /spec/replicas");
    }

    /// Where an operation takes place: a member of an object or an element of a list.
    private record Target(Object container, String key, String pointer) {

        Object get() {
            if (container instanceof Map<?, ?> map) {
                Object value = map.get(key);
                return value == null ? JsonNull.NULL : value;
            }
            return list().get(index(list().size()));
        }

        void set(Object value) {
            if (container instanceof Map<?, ?>) {
                map().put(key, value);
            } else {
                list().set(index(list().size()), value);
            }
        }

        void add(Object value) {
            if (container instanceof Map<?, ?>) {
                map().put(key, value);
            } else if (key.equals("-")) {
                list().add(value);
            } else {
                list().add(index(list().size() + 1), value);
            }
        }

        void remove() {
            if (container instanceof Map<?, ?>) {
                if (map().remove(key) == null) {
                    throw inapplicable("\"" + pointer + "\": there is nothing to remove");
                }
            } else {
                list().remove(index(list().size()));
            }
        }

        /// @param size how many places there are; negative indexes count from the end
        private int index(int size) {
            try {
                int index = Integer.parseInt(key);
                int place = index < 0 ? index + size : index;
                if (place >= 0 && place < size) {
                    return place;
                }
            } catch (NumberFormatException e) {
                throw inapplicable("\"" + pointer + "\": \"" + key + "\" is no index of a list");
            }
            throw inapplicable("\"" + pointer + "\": the list has no place " + key);
        }

        @SuppressWarnings("unchecked")
        private Map<String, Object> map() {
            return (Map<String, Object>) container;
        }

        @SuppressWarnings("unchecked")
        private List<Object> list() {
            return (List<Object>) container;
        }
    }

    private Target container(Map<?, ?> operation, String member) {
        String pointer = path(operation, member);
        String[] steps = pointer.split("/", -1);
        if (steps.length < 2) {
            throw inapplicable("\"" + pointer + "\" leads nowhere: a path is /field/field");
        }
        Object at = document;
        for (int i = 1; i < steps.length - 1; i++) {
            at = inner(at, unescaped(steps[i]), pointer);
        }
        if (!(at instanceof Map<?, ?>) && !(at instanceof List<?>)) {
            throw missing(pointer);
        }
        return new Target(at, unescaped(steps[steps.length - 1]), pointer);
    }

    private static Object inner(Object container, String step, String pointer) {
        Object next = container instanceof Map<?, ?> || container instanceof List<?> ? new Target(container, step, pointer).get() : null;
        if (next == null || next == JsonNull.NULL) {
            throw missing(pointer);
        }
        return next;
    }

    private static PatchException missing(String pointer) {
        return inapplicable("\"" + pointer + "\": the object has nothing on the way there");
    }

    private static String unescaped(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }

    private static PatchException inapplicable(String text) {
        return new PatchException(PatchException.Kind.NOT_APPLICABLE, text);
    }

    /// A deep copy whose objects and lists can be changed.
    private static Object changeable(@Nullable Object value) {
        return switch (value) {
            case null -> JsonNull.NULL;
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, item) -> copy.put(key, changeable(item)));
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                list.forEach(item -> copy.add(changeable(item)));
                yield copy;
            }
            default -> value;
        };
    }
}
