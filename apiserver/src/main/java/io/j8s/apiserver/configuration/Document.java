package io.j8s.apiserver.configuration;

import io.j8s.model.Durations;
import io.j8s.model.Yaml;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An object of a configuration file, read field by field. What was not asked for when [#end] is called is an error: a misspelt field would be a guard that is not there.
public final class Document {

    private final String at;
    private final Map<?, ?> members;
    private final Set<String> asked = new HashSet<>();

    private Document(String at, Map<?, ?> members) {
        this.at = at;
        this.members = members;
    }

    /// The only document of a file in YAML or JSON, of this kind and one of these versions.
    ///
    /// @throws ConfigurationException when it is not
    public static Document of(byte[] bytes, String kind, String... versions) {
        Document document = ofAny(bytes);
        String version = document.text("apiVersion");
        String stated = document.text("kind");
        if (!stated.equals(kind) || !List.of(versions).contains(version)) {
            throw new ConfigurationException("apiVersion and kind are \"" + version + "\" and \"" + stated + "\"; they must be one of " + List.of(versions) + " and \"" + kind + "\"");
        }
        return document;
    }

    /// The only document of a file, whatever it is.
    public static Document ofAny(byte[] bytes) {
        List<Object> all;
        try {
            all = Yaml.readAll(bytes).stream().filter(one -> one instanceof Map).toList();
        } catch (RuntimeException e) {
            throw new ConfigurationException("is neither YAML nor JSON: " + e.getMessage(), e);
        }
        if (all.isEmpty()) {
            throw new ConfigurationException(new String(bytes, StandardCharsets.UTF_8).isBlank() ? "empty config data" : "holds no object");
        }
        return of((Map<?, ?>) all.getFirst());
    }

    public static Document of(Map<?, ?> members) {
        return new Document("", members);
    }

    /// The path of a field, for messages.
    public String path(String name) {
        return at.isEmpty() ? name : name.isEmpty() ? at : at + "." + name;
    }

    private @Nullable Object value(String name) {
        asked.add(name);
        return members.get(name);
    }

    public boolean has(String name) {
        asked.add(name);
        return members.get(name) != null;
    }

    /// A text; empty when it is absent.
    public String text(String name) {
        Object value = value(name);
        return switch (value) {
            case null -> "";
            case String text -> text;
            default -> throw wrong(name, value, "a text");
        };
    }

    /// A text, or null when it is absent.
    public @Nullable String textOrNull(String name) {
        return has(name) ? text(name) : null;
    }

    public boolean flag(String name) {
        Object value = value(name);
        return switch (value) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw wrong(name, value, "true or false");
        };
    }

    /// A whole number, or `otherwise` when it is absent.
    public long number(String name, long otherwise) {
        Object value = value(name);
        return switch (value) {
            case null -> otherwise;
            case Number number when number.doubleValue() == number.longValue() -> number.longValue();
            default -> throw wrong(name, value, "a whole number");
        };
    }

    /// A duration such as `5m` or `30s`; null when it is absent.
    public @Nullable Duration duration(String name) {
        String text = text(name);
        try {
            return text.isEmpty() ? null : Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(name, text, "a duration such as 30s");
        }
    }

    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object one : list(name)) {
            if (!(one instanceof String text)) {
                throw wrong(name, one, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    public Map<String, String> textMap(String name) {
        Map<String, String> texts = new java.util.LinkedHashMap<>();
        if (value(name) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        }
        return texts;
    }

    /// The member objects of a list.
    public List<Document> objects(String name) {
        List<Document> objects = new ArrayList<>();
        for (Object one : list(name)) {
            if (!(one instanceof Map<?, ?> map)) {
                throw wrong(name, one, "a list of objects");
            }
            objects.add(new Document(path(name) + "[" + objects.size() + "]", map));
        }
        return objects;
    }

    private List<?> list(String name) {
        Object value = value(name);
        return switch (value) {
            case null -> List.of();
            case List<?> list -> list;
            default -> throw wrong(name, value, "a list");
        };
    }

    /// A member object; an empty one when it is absent.
    public Document object(String name) {
        Object value = value(name);
        return switch (value) {
            case null -> new Document(path(name), Map.of());
            case Map<?, ?> map -> new Document(path(name), map);
            default -> throw wrong(name, value, "an object");
        };
    }

    /// The members as they are: for objects that somebody else reads.
    public Map<?, ?> members() {
        return members;
    }

    /// Refuses what nobody asked for.
    public void end() {
        for (Object name : members.keySet()) {
            if (!asked.contains(String.valueOf(name))) {
                throw new ConfigurationException("strict decoding error: unknown field \"" + path(String.valueOf(name)) + "\"; known here: " + asked.stream().sorted().toList());
            }
        }
    }

    public ConfigurationException wrong(String name, @Nullable Object value, String right) {
        return new ConfigurationException(path(name) + ": Invalid value: \"" + value + "\": must be " + right);
    }
}
