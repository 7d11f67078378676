package io.j8s.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folders with all that is in them.
public final class Trees {
    private static final Logger LOG = LoggerFactory.getLogger(Trees.class);

    private Trees() {}

    /// Makes a folder in java.io.tmpdir for this process, named after it, so that [#sweep] can tell when nobody needs it any more.
    public static Path passing(String prefix) throws IOException {
        return Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), prefix + ProcessHandle.current().pid() + "-");
    }

    /// Removes the passing folders of this prefix whose processes are gone: killed before they could tidy up.
    public static void sweep(String prefix) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), prefix + "[0-9]*-*")) {
            for (Path folder : left) {
                String process = folder.getFileName().toString().substring(prefix.length()).replaceFirst("-.*", "");
                if (process.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(process)).isEmpty()) {
                    removeIfPossible(folder);
                }
            }
        }
    }

    private static void removeIfPossible(Path folder) {
        try {
            remove(folder);
        } catch (IOException e) {
            LOG.debug("{} stays: {}", folder, e.toString()); // another user's, or being removed by another process
        }
    }

    /// Removes a folder and everything below it; links are removed, not followed. What somebody else removes meanwhile is as good as removed.
    public static void remove(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) throws IOException {
                if (error != null) {
                    throw error;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
