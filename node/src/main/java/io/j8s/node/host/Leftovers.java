package io.j8s.node.host;

import io.j8s.runtime.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Removes a directory tree with the mounts in it: mounts first, innermost first, so that nothing behind a mount is ever deleted.
public final class Leftovers {
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private Leftovers() {}

    /// Removes the tree; a tree that is not there is fine.
    public static void remove(Path directory) throws IOException {
        unmountAll(directory);
        if (!Files.exists(directory)) {
            return;
        }
        Trees.remove(directory);
    }

    /// Takes away every mount at or below a directory.
    public static void unmountAll(Path directory) throws IOException {
        for (Path mount : mountsBelow(directory)) {
            Linux.unmount(mount);
        }
    }

    /// Whether something is mounted there.
    public static boolean isMount(Path place) throws IOException {
        return mountsBelow(place).contains(place.toAbsolutePath());
    }

    /// The mount points at or below a directory, those mounted last first.
    static List<Path> mountsBelow(Path directory) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> Path.of(OCTAL.matcher(line.split(" ")[4]).replaceAll(m -> String.valueOf((char) Integer.parseInt(m.group(1), 8)).replace("\\", "\\\\"))))
                .filter(path -> path.startsWith(directory.toAbsolutePath()))
                .toList()
                .reversed();
    }
}
