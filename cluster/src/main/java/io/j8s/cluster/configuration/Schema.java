package io.j8s.cluster.configuration;

import io.j8s.model.Json;
import io.j8s.model.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All fields and flags of one component.
///
/// @param kind of its configuration files
/// @param apiVersion of its configuration files
public record Schema(String kind, String apiVersion, List<Field> fields) {
    public Schema {
        fields = List.copyOf(fields);
    }

    /// What a file says: values by path.
    ///
    /// @throws IllegalArgumentException when it cannot be read, is of another kind, or has a field that is not known
    Map<String, Object> read(Path file) {
        try {
            Object root = Json.readPlain(Yaml.toJson(Files.readAllBytes(file)));
            if (!(root instanceof Map<?, ?> map)) {
                throw new IllegalArgumentException("it is no " + kind);
            }
            if (!kind.equals(map.get("kind")) || !apiVersion.equals(map.get("apiVersion"))) {
                throw new IllegalArgumentException("no kind \"" + map.get("kind") + "\" is registered for version \"" + map.get("apiVersion") + "\": " + kind + " of " + apiVersion + " is expected");
            }
            Map<String, Object> values = new LinkedHashMap<>();
            Map<String, Field> byPath = fields.stream().filter(f -> !f.path().isEmpty()).collect(Collectors.toMap(Field::path, Function.identity()));
            map.forEach((name, value) -> {
                if (!name.equals("kind") && !name.equals("apiVersion")) {
                    collect(name.toString(), value, byPath, values);
                }
            });
            return values;
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("failed to load config file " + file + ": " + e.getMessage(), e);
        }
    }

    /// What a file and the drop-in files of a folder say, later ones before earlier ones.
    Map<String, Object> read(Path file, Path dropIns) {
        Map<String, Object> values = new LinkedHashMap<>(file.toString().isEmpty() ? Map.of() : read(file));
        if (dropIns.toString().isEmpty()) {
            return values;
        }
        try (Stream<Path> files = Files.walk(dropIns)) {
            files.filter(f -> f.getFileName().toString().endsWith(".conf") && Files.isRegularFile(f)).sorted().forEach(f -> values.putAll(read(f)));
            return values;
        } catch (IOException e) {
            throw new IllegalArgumentException("--config-dir " + dropIns + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void collect(String path, Object value, Map<String, Field> byPath, Map<String, Object> values) {
        Field field = byPath.get(path);
        if (field != null) {
            if (!field.kind().holds(value)) {
                throw new IllegalArgumentException("field " + path + ": " + value + " is not " + field.kind().description());
            }
            values.put(path, value);
        } else if (value instanceof Map<?, ?> map && byPath.keySet().stream().anyMatch(known -> known.startsWith(path + "."))) {
            map.forEach((name, inner) -> collect(path + "." + name, inner, byPath, values));
        } else {
            throw new IllegalArgumentException("strict decoding error: unknown field \"" + path + "\"" + nearest(path, byPath.keySet()));
        }
    }

    private static String nearest(String path, Iterable<String> known) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String each : known) {
            int distance = distance(path.toLowerCase(java.util.Locale.ROOT), each.toLowerCase(java.util.Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = each;
            }
        }
        return least <= Math.max(2, path.length() / 4) ? "; did you mean " + best + "?" : "";
    }

    /// How many letters have to be changed, added or left out to get from one word to the other.
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(before[j], row[j - 1]) + 1);
            }
            before = row;
        }
        return before[to.length()];
    }
}
