package io.j8s.node.environment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file of variables that one container writes for others (`fileKeyRef`, KEP-3721): lines `NAME='value'`, where the quotes are required, the value may span lines and
/// nothing in it is special; empty lines and `# comments` are passed over.
final class EnvironmentFile {
    /// The largest file that is read.
    private static final int MOST_BYTES = 64 * 1024;
    private final List<String> lines;

    private EnvironmentFile(List<String> lines) {
        this.lines = lines;
    }

    /// The value of a variable in a file of a volume; null: the file does not have it, or has it empty.
    ///
    /// @param path relative to the volume; links in it may not lead out of the volume
    static @Nullable String value(Path volume, String path, String name) throws ConfigurationException {
        Path file = volume.resolve(path).normalize();
        try {
            if (!file.startsWith(volume) || !Files.isRegularFile(file) || !file.toRealPath().startsWith(volume.toRealPath())) {
                throw new ConfigurationException("couldn't parse env file");
            }
            try (InputStream in = Files.newInputStream(file.toRealPath(), LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    throw new ConfigurationException("couldn't parse env file");
                }
                return of(new String(bytes, StandardCharsets.UTF_8)).value(name);
            }
        } catch (IOException e) {
            throw new ConfigurationException("couldn't parse env file");
        }
    }

    static EnvironmentFile of(String text) {
        return new EnvironmentFile(text.lines().toList());
    }

    /// Null: there is none, or an empty one.
    ///
    /// @throws ConfigurationException when a line before it is not understood
    @Nullable String value(String name) throws ConfigurationException {
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at).replaceFirst("^[ \t]+", "");
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0 || !line.substring(0, equals).equals(line.substring(0, equals).stripTrailing())) {
                throw malformed();
            }
            boolean wanted = line.substring(0, equals).equals(name);
            String rest = line.substring(equals + 1);
            if (rest.startsWith(" ") || rest.startsWith("\t")) { // as in a shell, `NAME= …` is an empty value
                if (wanted) {
                    return null;
                }
                continue;
            }
            if (!rest.startsWith("'")) {
                throw malformed();
            }
            Quoted quoted = quoted(rest.substring(1), at);
            if (wanted) {
                return quoted.text().isEmpty() ? null : quoted.text();
            }
            at = quoted.lastLine();
        }
        return null;
    }

    private record Quoted(String text, int lastLine) {}

    private Quoted quoted(String first, int line) throws ConfigurationException {
        StringBuilder text = new StringBuilder();
        String rest = first;
        int at = line;
        for (int end = rest.indexOf('\''); end < 0; end = rest.indexOf('\'')) {
            text.append(rest).append('\n');
            if (++at == lines.size()) {
                throw malformed();
            }
            rest = lines.get(at);
        }
        int end = rest.indexOf('\'');
        String after = rest.substring(end + 1).strip();
        if (!after.isEmpty() && !after.startsWith("#")) {
            throw malformed();
        }
        return new Quoted(text.append(rest, 0, end).toString(), at);
    }

    private static ConfigurationException malformed() {
        return new ConfigurationException("couldn't parse env file");
    }
}
