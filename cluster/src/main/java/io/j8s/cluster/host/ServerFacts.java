package io.j8s.cluster.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a running server tells other commands about itself, in `run/server`.
///
/// @param apiAddress such as `https://127.0.0.1:6443`
/// @param node how nodes are run, for people
public record ServerFacts(String apiAddress, String node) {

    public void write(DataDirectory directory) throws IOException {
        Files.writeString(file(directory), apiAddress + "\n" + node + "\n");
    }

    /// What was written; empty when nothing, or not all of it yet.
    public static Optional<ServerFacts> read(DataDirectory directory) {
        try {
            List<String> lines = Files.readAllLines(file(directory));
            return lines.size() < 2 ? Optional.empty() : Optional.of(new ServerFacts(lines.get(0), lines.get(1)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path file(DataDirectory directory) {
        return directory.run().resolve("server");
    }
}
