package io.j8s.scheduler.config;

import io.j8s.model.DecodeException;
import io.j8s.model.Durations;
import io.j8s.model.JsonNull;
import io.j8s.model.PlainJson;
import io.j8s.model.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What fields an object of the configuration has. Reading makes a copy that holds only those, each of its kind.
sealed interface Fields {

    /// An object with these fields.
    record Group(String goType, Map<String, Fields> fields) implements Fields {
        public Group {
            fields = new TreeMap<>(fields);
        }
    }

    record ListOf(Fields each) implements Fields {}

    /// An object of the API.
    record Of(Type type) implements Fields {}

    /// Anything, read later.
    record Raw() implements Fields {}

    enum Scalar implements Fields { TEXT, SWITCH, INT32, INT64, NUMBER, DURATION, BYTES }

    static Map<String, Object> read(Group group, Map<?, ?> sent, Consumer<String> findings) {
        return group(group, sent, "", group.goType, findings);
    }

    private static Map<String, Object> group(Group group, Map<?, ?> sent, String path, String goPath, Consumer<String> findings) {
        Map<String, Object> read = new TreeMap<>();
        sent.forEach((key, value) -> {
            String name = String.valueOf(key);
            String at = path.isEmpty() ? name : path + "." + name;
            Fields field = group.fields.get(name);
            if (field == null) {
                findings.accept("unknown field \"" + at + "\"");
            } else if (value != JsonNull.NULL) {
                read.put(name, value(field, value, at, goPath + "." + name, findings));
            }
        });
        return read;
    }

    private static Object value(Fields field, Object sent, String path, String goPath, Consumer<String> findings) {
        return switch (field) {
            case Group group -> {
                if (!(sent instanceof Map<?, ?> map)) {
                    throw mismatch(sent, goPath, "v1." + group.goType);
                }
                yield group(group, map, path, goPath, findings);
            }
            case ListOf list -> {
                if (!(sent instanceof List<?> elements)) {
                    throw mismatch(sent, goPath, "[]" + (list.each instanceof Group group ? "v1." + group.goType : "string"));
                }
                List<Object> read = new ArrayList<>();
                for (Object element : elements) {
                    read.add(value(list.each, element, path + "[" + read.size() + "]", goPath, findings));
                }
                yield read;
            }
            case Of of -> api(of.type, sent, path, goPath, findings);
            case Raw raw -> sent;
            case Scalar scalar -> scalar(scalar, sent, goPath);
        };
    }

    private static Object api(Type type, Object sent, String path, String goPath, Consumer<String> findings) {
        if (!(sent instanceof Map<?, ?> map)) {
            throw mismatch(sent, goPath, "v1." + type);
        }
        Map<String, Object> members = new TreeMap<>();
        map.forEach((key, value) -> members.put(String.valueOf(key), value));
        try {
            return PlainJson.of(PlainJson.struct(type, members, finding -> findings.accept(finding.replace("field \"", "field \"" + path + "."))));
        } catch (DecodeException e) {
            throw new ConfigurationException(path + ": " + e.getMessage());
        }
    }

    private static Object scalar(Scalar scalar, Object sent, String goPath) {
        return switch (scalar) {
            case TEXT, BYTES -> {
                if (!(sent instanceof String)) {
                    throw mismatch(sent, goPath, "string");
                }
                yield sent;
            }
            case SWITCH -> {
                if (!(sent instanceof Boolean)) {
                    throw mismatch(sent, goPath, "bool");
                }
                yield sent;
            }
            case INT32 -> whole(sent, goPath, "int32", Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> whole(sent, goPath, "int64", Long.MIN_VALUE, Long.MAX_VALUE);
            case NUMBER -> {
                if (!(sent instanceof Number)) {
                    throw mismatch(sent, goPath, "float32");
                }
                yield sent;
            }
            case DURATION -> duration(sent, goPath);
        };
    }

    private static Object whole(Object sent, String goPath, String type, long least, long most) {
        if (!(sent instanceof Number number) || number.doubleValue() != Math.rint(number.doubleValue())) {
            throw mismatch(sent, goPath, type);
        }
        if (number.longValue() < least || number.longValue() > most) {
            throw new ConfigurationException("json: cannot unmarshal number " + sent + " into Go struct field " + goPath + " of type " + type);
        }
        return number.longValue();
    }

    private static Object duration(Object sent, String goPath) {
        if (!(sent instanceof String text)) {
            throw mismatch(sent, goPath, "string");
        }
        try {
            return Durations.format(Durations.parse(text));
        } catch (RuntimeException e) {
            throw new ConfigurationException("time: invalid duration \"" + text + "\"");
        }
    }

    private static ConfigurationException mismatch(Object sent, String goPath, String type) {
        String kind = switch (sent) {
            case String s -> "string";
            case Boolean b -> "bool";
            case Number n -> n.doubleValue() == Math.rint(n.doubleValue()) ? "number" : "number " + n;
            case List<?> l -> "array";
            default -> "object";
        };
        return new ConfigurationException("json: cannot unmarshal " + kind + " into Go struct field " + goPath + " of type " + type);
    }
}
