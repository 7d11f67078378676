package io.j8s.it.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A Java file that a person wrote.
///
/// @param path from the project's root
/// @param module the room's folder, such as `store`
/// @param tree `main` or `test`
record SourceFile(Path path, String module, String tree, List<String> lines) {

    /// All of them, below `MODULE/src/TREE/java`.
    static List<SourceFile> all(Path root) {
        try (Stream<Path> modules = Files.list(root)) {
            return modules.filter(m -> Files.isDirectory(m.resolve("src"))).sorted()
                    .flatMap(m -> Stream.of("main", "test").flatMap(tree -> below(root, m, tree).stream()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<SourceFile> below(Path root, Path module, String tree) {
        Path top = module.resolve("src").resolve(tree).resolve("java");
        if (!Files.isDirectory(top)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(f -> f.toString().endsWith(".java")).sorted()
                    .map(f -> read(root, f, module.getFileName().toString(), tree))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile read(Path root, Path file, String module, String tree) {
        try {
            return new SourceFile(root.relativize(file), module, tree, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return path.getFileName().toString();
    }

    /// A line without its comment and without what stands in string literals: what the compiler acts on.
    static String code(String line) {
        String bare = line.strip();
        if (bare.startsWith("//") || bare.startsWith("*") || bare.startsWith("/*")) {
            return "";
        }
        String noStrings = line.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"");
        int comment = noStrings.indexOf("//");
        return comment < 0 ? noStrings : noStrings.substring(0, comment);
    }
}
