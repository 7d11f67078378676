package io.j8s.generator;

import java.util.HashMap;
import java.util.Map;

/// The source of one type's class.
final class ClassSource {

    private static final Map<String, String> LETTERS = Map.ofEntries(
            Map.entry("string", "s"), Map.entry("bool", "b"), Map.entry("int32", "i"), Map.entry("int64", "l"), Map.entry("double", "d"),
            Map.entry("bytes", "y"), Map.entry("quantity", "q"), Map.entry("time", "t"), Map.entry("microtime", "u"), Map.entry("intorstring", "o"),
            Map.entry("duration", "D"), Map.entry("raw", "r"), Map.entry("fields", "f"), Map.entry("json", "j"), Map.entry("any", "j"),
            Map.entry("json:schema-or-bool", "j"), Map.entry("json:schema-or-array", "j"), Map.entry("json:schema-or-strings", "j"));

    private static final Map<String, String> JAVA = Map.ofEntries(
            Map.entry("s", "String"), Map.entry("b", "Boolean"), Map.entry("i", "Integer"), Map.entry("l", "Long"), Map.entry("d", "Double"),
            Map.entry("y", "io.j8s.model.Bytes"), Map.entry("q", "io.j8s.model.Quantity"), Map.entry("t", "java.time.Instant"),
            Map.entry("u", "java.time.Instant"), Map.entry("o", "io.j8s.model.IntOrString"), Map.entry("D", "java.time.Duration"),
            Map.entry("r", "io.j8s.model.RawObject"), Map.entry("f", "io.j8s.model.FieldSet"), Map.entry("j", "Object"));

    /// Scalars whose accessor never gives null: the primitive type and the value when not set.
    private static final Map<String, String[]> PLAIN = Map.of(
            "s", new String[] {"String", "\"\""}, "b", new String[] {"boolean", "false"}, "i", new String[] {"int", "0"},
            "l", new String[] {"long", "0L"}, "d", new String[] {"double", "0.0"}, "y", new String[] {"io.j8s.model.Bytes", "io.j8s.model.Bytes.EMPTY"});

    private final TypeFacts type;
    private final StringBuilder text = new StringBuilder();

    ClassSource(TypeFacts type) {
        this.type = type;
    }

    String write() {
        String name = type.simpleName();
        text.append("package ").append(type.packageName()).append(";\n\n");
        text.append("/// `").append(type.name()).append("`\n");
        text.append("@SuppressWarnings({\"unchecked\", \"cast\"})\n");
        text.append("public final class ").append(name).append(" extends io.j8s.model.Struct {\n\n");
        text.append("    public static final ").append(name).append(" EMPTY = new ").append(name).append("(Content.empty());\n");
        text.append("    public static final io.j8s.model.Type TYPE = io.j8s.model.Type.generated(").append(literal(type.name())).append(", ")
                .append(literal(type.apiVersion())).append(", ").append(literal(type.kind())).append(",\n            ").append(declaration())
                .append(", EMPTY);\n");
        resource();
        for (int i = 0; i < type.fields().size(); i++) {
            text.append("    public static final io.j8s.model.Field ").append(Names.constant(type.fields().get(i).name()))
                    .append(" = TYPE.fields().get(").append(i).append(");\n");
        }
        text.append("\n    private ").append(name).append("(Content content) {\n        super(content);\n    }\n");
        text.append("\n    @Override\n    public io.j8s.model.Type structType() {\n        return TYPE;\n    }\n");
        text.append("\n    @Override\n    protected ").append(name).append(" make(Content content) {\n        return new ").append(name)
                .append("(content);\n    }\n");
        for (int i = 0; i < type.fields().size(); i++) {
            field(i, type.fields().get(i));
        }
        return text.append("}\n").toString();
    }

    private void resource() {
        TypeFacts.ResourceFacts resource = type.resource();
        if (resource != null) {
            String listType = resource.listType().isEmpty() ? "TYPE" : Names.javaClass(resource.listType()) + ".TYPE";
            text.append("    public static final io.j8s.model.ApiResource<").append(type.simpleName()).append("> RESOURCE = new io.j8s.model.ApiResource<>(")
                    .append(literal(resource.group())).append(", ").append(literal(resource.version())).append(", ").append(literal(resource.plural()))
                    .append(", ").append(literal(resource.kind())).append(", ").append(resource.namespaced()).append(", TYPE, ").append(listType)
                    .append(");\n");
        }
    }

    private String declaration() {
        StringBuilder lines = new StringBuilder();
        for (FieldFacts field : type.fields()) {
            lines.append(lines.isEmpty() ? "" : "\n").append(field.name()).append('\t').append(field.numbers()).append('\t').append(code(field.shape()))
                    .append('\t').append(presence(field.presence()));
            for (String attribute : field.attributes()) {
                lines.append('\t').append(attribute);
            }
        }
        return literal(lines.toString());
    }

    private static String presence(String name) {
        return switch (name) {
            case "EXPLICIT" -> "e";
            case "NULLABLE" -> "n";
            case "OMIT_ZERO" -> "o";
            case "OMIT_EMPTY" -> "m";
            case "ALWAYS" -> "a";
            default -> throw new IllegalArgumentException("unknown presence: " + name);
        };
    }

    private static String code(String shape) {
        if (shape.startsWith("[]")) {
            return "[" + code(shape.substring(2));
        }
        if (shape.startsWith("map:")) {
            return "{" + code(shape.substring(4));
        }
        String letter = LETTERS.get(shape);
        if (letter == null && !shape.contains(".")) {
            throw new IllegalArgumentException("unknown shape: " + shape);
        }
        return letter == null ? "M" + shape : letter;
    }

    private static String java(String code) {
        return switch (code.charAt(0)) {
            case '[' -> "java.util.List<" + java(code.substring(1)) + ">";
            case '{' -> "java.util.Map<String, " + java(code.substring(1)) + ">";
            case 'M' -> Names.javaClass(code.substring(1));
            default -> JAVA.getOrDefault(code, "");
        };
    }

    private void field(int index, FieldFacts field) {
        String code = code(field.shape());
        Map<String, String> values = new HashMap<>();
        String boxed = java(code);
        String[] plain = PLAIN.get(code);
        boolean absentIsNull = plain == null && "[{M".indexOf(code.charAt(0)) < 0;
        values.put("self", type.simpleName());
        values.put("index", Integer.toString(index));
        values.put("accessor", Names.accessor(field.name()));
        values.put("capital", Names.capitalized(field.name()));
        values.put("boxed", boxed);
        values.put("given", plain == null ? boxed : plain[0]);
        values.put("returned", absentIsNull ? nullable(boxed) : values.get("given"));
        values.put("taken", values.get("returned"));
        values.put("absent", switch (code.charAt(0)) {
            case '[' -> "java.util.List.of()";
            case '{' -> "java.util.Map.of()";
            case 'M' -> boxed + ".EMPTY";
            default -> plain == null ? "null" : plain[1];
        });
        text.append(fill(ACCESSORS, values));
        if (code.charAt(0) == 'M') {
            text.append(fill(CHANGE, values));
        }
    }

    private static String nullable(String java) {
        int simple = java.lastIndexOf('.') + 1;
        return java.substring(0, simple) + "@org.jspecify.annotations.Nullable " + java.substring(simple);
    }

    private static final String ACCESSORS = """

                public ${returned} ${accessor}() {
                    Object value = valueAt(${index});
                    return value == null ? ${absent} : (${boxed}) value;
                }

                public boolean has${capital}() {
                    return hasAt(${index});
                }

                public ${self} with${capital}(${taken} value) {
                    return new ${self}(contentWith(${index}, value));
                }

                public ${self} without${capital}() {
                    return new ${self}(contentWith(${index}, null));
                }
            """;

    private static final String CHANGE = """

                public ${self} with${capital}(java.util.function.UnaryOperator<${boxed}> change) {
                    return with${capital}(change.apply(${accessor}()));
                }
            """;

    private static String fill(String template, Map<String, String> values) {
        String filled = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("${" + value.getKey() + "}", value.getValue());
        }
        return filled;
    }

    static String literal(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t") + "\"";
    }
}
