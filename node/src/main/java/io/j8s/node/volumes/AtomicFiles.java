package io.j8s.node.volumes;

import io.j8s.node.host.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// A directory of files that change all at once: the files lie in a directory of their own, `..data` is a link to it, and the names that a
/// container sees are links through `..data`. A new version is written beside the old one, and one rename of the link shows it.
final class AtomicFiles {
    private static final String DATA = "..data";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy_MM_dd_HH_mm_ss.SSSSSSSSS").withZone(ZoneOffset.UTC);
    private static final int DIRECTORY_MODE = 0755;

    private final Path directory;

    AtomicFiles(Path directory) {
        this.directory = directory;
    }

    /// Shows these files, by their paths relative to the directory. Does nothing when they are what is there.
    ///
    /// @param group that gets the files; -1: none
    void write(Map<String, FileContent> files, int group, Instant now) throws IOException {
        Path link = directory.resolve(DATA);
        Path old = Files.isSymbolicLink(link) ? directory.resolve(Files.readSymbolicLink(link)) : null;
        if (old != null && same(old, files)) {
            return;
        }
        Path next = directory.resolve(".." + STAMP.format(now));
        Files.createDirectory(next);
        Linux.mode(next, DIRECTORY_MODE);
        for (Map.Entry<String, FileContent> file : files.entrySet()) {
            put(next, file.getKey(), file.getValue(), group);
        }
        Path temporary = directory.resolve("..data_tmp");
        Files.deleteIfExists(temporary);
        Files.createSymbolicLink(temporary, next.getFileName());
        Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        show(files.keySet());
        if (old != null) {
            delete(old);
        }
    }

    private void put(Path next, String path, FileContent content, int group) throws IOException {
        Path file = next.resolve(path).normalize();
        if (!file.startsWith(next)) {
            throw new IOException("the path \"" + path + "\" leads out of the volume");
        }
        Files.createDirectories(file.getParent());
        for (Path parent = file.getParent(); parent != null && !parent.equals(next); parent = parent.getParent()) {
            Linux.mode(parent, DIRECTORY_MODE);
        }
        Files.write(file, content.bytes());
        Linux.mode(file, group < 0 ? content.mode() : content.mode() | 0440);
        if (group >= 0) {
            Linux.owner(file, -1, group);
        }
    }

    /// Makes the links of names that are new, and removes those of names that are gone.
    private void show(Set<String> paths) throws IOException {
        Set<String> names = new HashSet<>();
        for (String path : paths) {
            String name = Path.of(path).getName(0).toString();
            names.add(name);
            Path shown = directory.resolve(name);
            if (!Files.exists(shown, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(shown, Path.of(DATA, name));
            }
        }
        try (Stream<Path> present = Files.list(directory)) {
            for (Path path : present.toList()) {
                String name = path.getFileName().toString();
                if (!name.startsWith("..") && !names.contains(name)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static boolean same(Path current, Map<String, FileContent> files) throws IOException {
        try (Stream<Path> present = Files.walk(current)) {
            List<Path> regular = present.filter(Files::isRegularFile).toList();
            if (regular.size() != files.size()) {
                return false;
            }
            for (Path path : regular) {
                FileContent wanted = files.get(current.relativize(path).toString());
                if (wanted == null || !Arrays.equals(Files.readAllBytes(path), wanted.bytes())) {
                    return false;
                }
            }
            return true;
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
