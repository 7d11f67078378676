package io.j8s.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Puts the tables together: fields.tsv (every field of every type), kinds.tsv (which types are objects), field-markers.tsv (what OpenAPI says of the
/// fields) and api-resources.tsv (discovery).
final class Facts {

    private final Map<String, Map<String, Table.Row>> markers = new HashMap<>();
    private final Map<String, Table.Row> kinds = new HashMap<>();
    private final Map<String, String> types = new HashMap<>();
    private final Map<String, Table.Row> resources = new HashMap<>();
    private final Map<String, List<FieldFacts>> fields = new LinkedHashMap<>();

    private Facts() {}

    static List<TypeFacts> read(Path directory) throws IOException {
        Facts facts = new Facts();
        for (Table.Row row : Table.read(directory.resolve("field-markers.tsv")).rows()) {
            facts.markers.computeIfAbsent(row.cell("schema"), name -> new HashMap<>()).put(row.cell("field"), row);
        }
        for (Table.Row row : Table.read(directory.resolve("kinds.tsv")).rows()) {
            facts.kinds.put(row.cell("type"), row);
            facts.types.put(row.cell("apiVersion") + "/" + row.cell("kind"), row.cell("type"));
        }
        for (Table.Row row : Table.read(directory.resolve("api-resources.tsv")).rows()) {
            if (!row.cell("resource").contains("/")) {
                facts.resources.put(apiVersion(row) + "/" + row.cell("kind"), row);
            }
        }
        for (Table.Row row : Table.read(directory.resolve("fields.tsv")).rows()) {
            List<FieldFacts> list = facts.fields.computeIfAbsent(row.cell("type"), name -> new ArrayList<>());
            if (!row.cell("field").equals("-")) {
                list.add(facts.field(row));
            }
        }
        return facts.fields.keySet().stream().map(facts::type).toList();
    }

    private static String apiVersion(Table.Row row) {
        return row.cell("group").isEmpty() ? row.cell("version") : row.cell("group") + "/" + row.cell("version");
    }

    private TypeFacts type(String name) {
        Table.Row kind = kinds.get(name);
        List<FieldFacts> own = fields.getOrDefault(name, List.of());
        if (kind == null) {
            return new TypeFacts(name, "", "", own, null);
        }
        String apiVersion = kind.cell("apiVersion");
        Table.Row resource = resources.get(apiVersion + "/" + kind.cell("kind"));
        return new TypeFacts(name, apiVersion, kind.cell("kind"), own, resource == null ? null : resource(apiVersion, resource));
    }

    private TypeFacts.ResourceFacts resource(String apiVersion, Table.Row row) {
        return new TypeFacts.ResourceFacts(
                row.cell("group"),
                row.cell("version"),
                row.cell("resource"),
                row.cell("kind"),
                row.cell("namespaced").equals("y"),
                types.getOrDefault(apiVersion + "/" + row.cell("kind") + "List", ""));
    }

    private FieldFacts field(Table.Row row) {
        String wrappers = row.cell("wrappers");
        String number = row.cell("number").isEmpty() ? "0" : row.cell("number");
        List<String> attributes = new ArrayList<>();
        String shape = row.cell("shape");
        if (shape.contains("items:")) {
            attributes.add("wire=ITEMS");
        } else if (shape.contains("json:schema-or-")) {
            attributes.add("wire=" + shape.substring(shape.indexOf("schema")).replace('-', '_').toUpperCase(java.util.Locale.ROOT));
        }
        Table.Row marked = markers.getOrDefault(row.cell("type"), Map.of()).get(row.cell("field"));
        if (marked != null) {
            marks(marked, attributes);
        }
        return new FieldFacts(
                row.cell("field"), shape.replace("items:", ""), row.cell("presence"), wrappers.isEmpty() ? number : wrappers + "/" + number, attributes);
    }

    /// Whether the field's message or map, or the messages in its list, merge as a whole: the field may say so, or the type of the messages.
    private boolean isAtomic(Table.Row row) {
        if (!row.cell("mapType").isEmpty()) {
            return row.cell("mapType").equals("atomic");
        }
        String type = row.cell("type").startsWith("[]") ? row.cell("type").substring(2) : row.cell("type");
        Table.Row whole = markers.getOrDefault(type, Map.of()).get(".");
        return whole != null && whole.cell("mapType").equals("atomic");
    }

    private void marks(Table.Row row, List<String> attributes) {
        if (row.cell("required").equals("y")) {
            attributes.add("required=y");
        }
        String listType = row.cell("listType");
        if (listType.equals("set") || listType.equals("map")) {
            attributes.add("list=" + listType.toUpperCase(java.util.Locale.ROOT));
        }
        if (!row.cell("listMapKeys").isEmpty()) {
            attributes.add("keys=" + words(row.cell("listMapKeys")));
        }
        if (isAtomic(row)) {
            attributes.add("map=ATOMIC");
        }
        switch (row.cell("patchStrategy")) {
            case "merge" -> attributes.add("patch=MERGE");
            case "retainKeys" -> attributes.add("patch=RETAIN_KEYS");
            case "merge,retainKeys" -> attributes.add("patch=MERGE_RETAIN_KEYS");
            case "replace" -> attributes.add("patch=WHOLE");
            case "" -> {}
            default -> throw new IllegalArgumentException("unknown patch strategy: " + row.cell("patchStrategy"));
        }
        copy(row, "patchMergeKey", "key", attributes);
        copy(row, "default", "default", attributes);
        copy(row, "format", "format", attributes);
        if (!row.cell("enum").isEmpty()) {
            attributes.add("enum=" + words(row.cell("enum")));
        }
    }

    private static void copy(Table.Row row, String column, String key, List<String> attributes) {
        if (!row.cell(column).isEmpty()) {
            attributes.add(key + "=" + row.cell(column));
        }
    }

    /// `["a","b"]` is `a,b`.
    private static String words(String json) {
        return json.replace("[", "").replace("]", "").replace("\"", "");
    }
}
