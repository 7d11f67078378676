package io.j8s.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Writes the API types. Arguments: the directory of the facts, the directory for sources, the directory for resources.
public final class Generator {

    private Generator() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("wanted: FACTS SOURCES RESOURCES (three directories), given: " + List.of(arguments));
        }
        Path sources = Path.of(arguments[1]);
        List<TypeFacts> types = Facts.read(Path.of(arguments[0])).stream().filter(type -> !type.packageName().contains(".pkg.")).toList();
        for (TypeFacts type : types) {
            write(sources, type.packageName(), type.simpleName(), new ClassSource(type).write());
        }
        for (String name : new TreeSet<>(types.stream().map(TypeFacts::packageName).toList())) {
            write(sources, name, "package-info", packageInfo(name));
        }
        write(sources, "io.j8s.model", "GeneratedTypes", registry(types));
        Documentation.write(types, Path.of(arguments[2]));
    }

    private static void write(Path sources, String packageName, String simpleName, String text) throws IOException {
        Path file = sources.resolve(packageName.replace('.', '/')).resolve(simpleName + ".java");
        Files.createDirectories(file.getParent());
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }

    private static String packageInfo(String name) {
        return "/// API types, generated while building.\n@org.jspecify.annotations.NullMarked\npackage " + name + ";\n";
    }

    /// The types by name, and by API version and kind. Switches, so that a class is loaded only when its type is asked for.
    private static String registry(List<TypeFacts> types) {
        StringBuilder text = new StringBuilder("""
                package io.j8s.model;

                import java.util.List;
                import org.jspecify.annotations.Nullable;

                /// The generated types.
                final class GeneratedTypes {

                    private GeneratedTypes() {}

                    static Type named(String name) {
                        Type type = find(name);
                        if (type == null) {
                            throw new IllegalArgumentException("no built-in type is called \\"" + name + "\\"");
                        }
                        return type;
                    }

                    static @Nullable Type find(String name) {
                        return switch (name) {
                """);
        for (TypeFacts type : types) {
            line(text, type.name(), Names.javaClass(type.name()) + ".TYPE");
        }
        text.append("            default -> null;\n        };\n    }\n\n    /// @param kind the API version and the kind, with a slash\n")
                .append("    static @Nullable Type ofKind(String kind) {\n        return switch (kind) {\n");
        Map<String, String> kinds = new TreeMap<>();
        Map<String, String> resources = new TreeMap<>();
        for (TypeFacts type : types) {
            if (!type.kind().isEmpty()) {
                kinds.put(type.apiVersion() + "/" + type.kind(), Names.javaClass(type.name()) + ".TYPE");
            }
            if (type.resource() != null) {
                resources.put(type.apiVersion() + "/" + type.resource().plural(), Names.javaClass(type.name()) + ".RESOURCE");
            }
        }
        kinds.forEach((kind, type) -> line(text, kind, type));
        text.append("            default -> null;\n        };\n    }\n\n    /// All kinds, as [#ofKind] takes them.\n    static List<String> kinds() {\n")
                .append("        return List.of(\n                ").append(joined(kinds.keySet().stream().map(ClassSource::literal).toList())).append(");\n    }\n")
                .append("\n    static List<String> names() {\n        return List.of(\n                ")
                .append(joined(types.stream().map(type -> ClassSource.literal(type.name())).toList())).append(");\n    }\n")
                .append("\n    static List<ApiResource<?>> resources() {\n        return List.of(\n                ")
                .append(joined(List.copyOf(resources.values()))).append(");\n    }\n}\n");
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append("            case ").append(ClassSource.literal(key)).append(" -> ").append(value).append(";\n");
    }

    private static String joined(List<String> items) {
        return String.join(",\n                ", items);
    }
}
