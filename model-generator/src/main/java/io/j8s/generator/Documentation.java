package io.j8s.generator;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes what types and fields mean into resources, one for each package: lines of type, field (empty: the type itself) and text, separated by tabs.
/// The texts are read from the annotations of the Kubernetes client for Java, from its class files, without loading them.
final class Documentation {

    private static final String MODELS = "io/kubernetes/client/openapi/models/";

    private Documentation() {}

    static void write(List<TypeFacts> types, Path resources) throws IOException {
        Map<String, StringBuilder> files = new TreeMap<>();
        int documented = 0;
        for (TypeFacts type : types) {
            ClassModel model = find(type);
            if (model != null) {
                documented++;
                lines(type, model, files.computeIfAbsent(type.packageName(), name -> new StringBuilder()));
            }
        }
        if (documented < types.size() / 2) {
            throw new IllegalStateException("only " + documented + " of " + types.size() + " types are documented: is client-java-api on the class path?");
        }
        for (Map.Entry<String, StringBuilder> file : files.entrySet()) {
            Path path = resources.resolve(file.getKey().replace('.', '/')).resolve("documentation.tsv");
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /// Types of one name in several groups carry the group in the client's class name.
    private static @Nullable ClassModel find(TypeFacts type) throws IOException {
        String[] parts = type.name().split("\\.");
        String version = capitalized(parts[parts.length - 2]);
        for (String prefix : List.of(capitalized(parts[parts.length - 3]) + version, version)) {
            try (InputStream bytes = Documentation.class.getClassLoader().getResourceAsStream(MODELS + prefix + type.simpleName() + ".class")) {
                if (bytes != null) {
                    return ClassFile.of().parse(bytes.readAllBytes());
                }
            }
        }
        return null;
    }

    private static String capitalized(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static void lines(TypeFacts type, ClassModel model, StringBuilder file) {
        line(file, type, "", text(model, "description"));
        Map<String, String> byGetter = new HashMap<>();
        for (MethodModel method : model.methods()) {
            String name = method.methodName().stringValue();
            String text = text(method, "value");
            if (!text.isEmpty() && (name.startsWith("get") || name.startsWith("is"))) {
                byGetter.put(key(name.substring(name.startsWith("get") ? 3 : 2)), text);
            }
        }
        for (FieldFacts field : type.fields()) {
            line(file, type, field.name(), byGetter.getOrDefault(key(field.name()), ""));
        }
    }

    private static String key(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    private static String text(AttributedElement element, String key) {
        return element.findAttribute(Attributes.runtimeVisibleAnnotations()).map(all -> text(all.annotations(), key)).orElse("");
    }

    private static String text(List<Annotation> annotations, String key) {
        for (Annotation annotation : annotations) {
            if (annotation.className().stringValue().startsWith("Lio/swagger/annotations/ApiModel")) {
                for (var element : annotation.elements()) {
                    if (element.name().stringValue().equals(key) && element.value() instanceof AnnotationValue.OfString text) {
                        return text.stringValue();
                    }
                }
            }
        }
        return "";
    }

    private static void line(StringBuilder file, TypeFacts type, String field, String text) {
        if (!text.isEmpty()) {
            file.append(type.simpleName()).append('\t').append(field).append('\t').append(text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", " "))
                    .append('\n');
        }
    }
}
