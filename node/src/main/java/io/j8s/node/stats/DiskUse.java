package io.j8s.node.stats;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// What a directory tree takes of its disk.
public record DiskUse(long bytes, long inodes) {

    /// Of a tree that may change while it is looked at; nothing when it is not there. Mounts below it are not told apart.
    public static DiskUse of(Path tree) {
        long[] sums = new long[2];
        try {
            if (Files.exists(tree)) {
                Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        sums[0] += attributes.size();
                        sums[1]++;
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE; // it is gone by now
                    }
                });
            }
        } catch (IOException e) {
            return new DiskUse(sums[0], sums[1]);
        }
        return new DiskUse(sums[0], sums[1]);
    }
}
