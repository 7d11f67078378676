package io.j8s.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the built-in types and their fields mean, for OpenAPI and `explain`. The texts of a package are loaded when first asked for and kept as long as
/// this is; whoever needs them once lets it go. Safe for many threads.
public final class Documentation {

    private final Map<String, Map<String, String>> packages = new ConcurrentHashMap<>();

    /// What the type is for; empty when nothing is known.
    public String of(Type type) {
        return text(type, "");
    }

    /// What a field of the type means; empty when nothing is known.
    public String of(Type type, Field field) {
        return text(type, field.name());
    }

    private String text(Type type, String field) {
        Class<?> owner = type.empty().getClass();
        if (owner == DynamicStruct.class) {
            return "";
        }
        return packages.computeIfAbsent(owner.getPackageName(), name -> load(owner)).getOrDefault(owner.getSimpleName() + "\t" + field, "");
    }

    private static Map<String, String> load(Class<?> owner) {
        Map<String, String> texts = new HashMap<>();
        try (InputStream file = owner.getResourceAsStream("documentation.tsv")) {
            if (file != null) {
                for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                    int end = line.indexOf('\t', line.indexOf('\t') + 1);
                    texts.put(line.substring(0, end), line.substring(end + 1).translateEscapes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the documentation of " + owner.getPackageName(), e);
        }
        return texts;
    }
}
