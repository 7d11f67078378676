package io.j8s.generator;

import java.util.Set;

/// How the names of the API become names of Java.
final class Names {

    private static final Set<String> KEYWORDS = Set.of(
            "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue", "default", "do", "double", "else",
            "enum", "extends", "final", "finally", "float", "for", "goto", "if", "implements", "import", "instanceof", "int", "interface", "long",
            "native", "new", "package", "private", "protected", "public", "return", "short", "static", "strictfp", "super", "switch", "synchronized",
            "this", "throw", "throws", "transient", "try", "void", "volatile", "while", "true", "false", "null");

    /// Methods without parameters that every value has already.
    private static final Set<String> TAKEN = Set.of(
            "structType", "unknown", "isEmpty", "size", "toBuilder", "hashCode", "toString", "getClass", "notify", "notifyAll", "wait", "clone", "finalize");

    private static final Set<String> TAKEN_CONSTANTS = Set.of("TYPE", "EMPTY", "RESOURCE");

    private Names() {}

    static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /// `io.k8s.api.core.v1.Pod` is in `io.j8s.model.core.v1`.
    static String javaPackage(String type) {
        String[] parts = type.split("\\.");
        return "io.j8s.model." + parts[parts.length - 3] + "." + parts[parts.length - 2];
    }

    static String javaClass(String type) {
        return javaPackage(type) + "." + simple(type);
    }

    /// The name without what Java does not allow: `$ref` is `ref`, `x-kubernetes-list-type` is `xKubernetesListType`.
    static String plain(String field) {
        StringBuilder name = new StringBuilder();
        boolean capital = false;
        for (char c : field.toCharArray()) {
            if (c == '-') {
                capital = true;
            } else if (c != '$') {
                name.append(capital ? Character.toUpperCase(c) : c);
                capital = false;
            }
        }
        return name.toString();
    }

    static String accessor(String field) {
        String name = plain(field);
        return KEYWORDS.contains(name) || TAKEN.contains(name) ? name + "_" : name;
    }

    static String capitalized(String field) {
        String name = plain(field);
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /// `clusterIPs` is `CLUSTER_IPS`, `nodeName` is `NODE_NAME`.
    static String constant(String field) {
        String words = plain(field)
                .replaceAll("([A-Z]{2,})s(?![a-z])", "$1S")
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
                .toUpperCase(java.util.Locale.ROOT);
        return TAKEN_CONSTANTS.contains(words) ? words + "_" : words;
    }
}
