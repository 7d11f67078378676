package io.j8s.cluster.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a component was told, by file and flags; flags win. Asking for a field that the schema lacks is a fault of the program.
public final class Configuration {
    private final Schema schema;
    private final Map<String, Object> values;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    private Configuration(Schema schema, Map<String, Object> values) {
        this.schema = schema;
        this.values = values;
        schema.fields().forEach(field -> fields.put(field.name(), field));
    }

    /// @param flags what stood after each flag that was given
    /// @throws IllegalArgumentException when a file or flag cannot be understood
    public static Configuration of(Schema schema, Map<Field, List<String>> flags) {
        Map<String, Object> given = new LinkedHashMap<>();
        flags.forEach((field, texts) -> {
            try {
                given.put(field.name(), field.kind().parse(texts));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("invalid argument for --" + field.flag() + ": " + e.getMessage(), e);
            }
        });
        Map<String, Object> values = new LinkedHashMap<>(schema.read(
                Path.of(given.getOrDefault("--config", "").toString()), Path.of(given.getOrDefault("--config-dir", "").toString())));
        values.putAll(given);
        return new Configuration(schema, values);
    }

    /// One sentence for each field that was set to something that has no effect.
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        values.forEach((name, value) -> {
            Field field = field(name);
            if (!field.noEffect().isEmpty() && !field.isUsual(value)) {
                String flag = field.flag().isEmpty() || field.path().isEmpty() ? "" : " (--" + field.flag() + ")";
                warnings.add(name + flag + " has no effect: " + field.noEffect());
            }
        });
        return warnings;
    }

    public boolean isSet(String name) {
        return values.containsKey(field(name).name());
    }

    public String text(String name) {
        return value(name).toString();
    }

    public boolean flag(String name) {
        return (Boolean) value(name);
    }

    public long number(String name) {
        return ((Number) value(name)).longValue();
    }

    /// @throws IllegalArgumentException when it is not in this range
    public int number(String name, int least, int most) {
        long number = number(name);
        if (number < least || number > most) {
            throw new IllegalArgumentException(name + " " + number + " must be between " + least + " and " + most + ", inclusive");
        }
        return (int) number;
    }

    public Duration duration(String name) {
        return Kind.duration(text(name));
    }

    /// A duration inside of another value.
    ///
    /// @param what for the message when it is none
    public static Duration duration(String what, String text) {
        try {
            return Kind.duration(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }

    public List<String> texts(String name) {
        return value(name) instanceof List<?> list ? list.stream().map(Object::toString).toList() : List.of();
    }

    public Map<String, String> map(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        if (value(name) instanceof Map<?, ?> entries) {
            entries.forEach((key, text) -> map.put(key.toString(), text.toString()));
        }
        return map;
    }

    /// As it stands in the file.
    public Object value(String name) {
        Field field = field(name);
        return values.getOrDefault(field.name(), field.usual());
    }

    /// The whole as a file would say it, with all defaults.
    public Map<String, Object> document() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("kind", schema.kind());
        root.put("apiVersion", schema.apiVersion());
        for (Field field : schema.fields()) {
            if (!field.path().isEmpty()) {
                put(root, field.path(), value(field.name()));
            }
        }
        return root;
    }

    @SuppressWarnings("unchecked") // only this method makes the inner maps
    private static void put(Map<String, Object> root, String path, Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            root.put(path, value);
        } else {
            put((Map<String, Object>) root.computeIfAbsent(path.substring(0, dot), name -> new LinkedHashMap<String, Object>()), path.substring(dot + 1), value);
        }
    }

    private Field field(String name) {
        Field field = fields.get(name);
        if (field == null) {
            throw new IllegalStateException("the schema of " + schema.kind() + " has no field " + name);
        }
        return field;
    }
}
