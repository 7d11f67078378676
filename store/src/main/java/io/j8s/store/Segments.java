package io.j8s.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files in a store's directory: segments of the log, and snapshots.
record Segments(Path directory, Disk disk, RandomGenerator random) {

    private static final Logger LOGGER = LoggerFactory.getLogger(Segments.class);

    record Segment(Path file, Disk.Data data, long salt) {
        /// Gives back the room that was prepared and not needed.
        void finish(long end) {
            try {
                data.truncate(end);
            } catch (IOException e) {
                LOGGER.warn("{}: the room prepared behind byte {} cannot be given back", file, end, e);
            }
            closeQuietly();
        }

        void closeQuietly() {
            try {
                data.close();
            } catch (IOException e) {
                LOGGER.warn("{}: cannot be closed", file, e);
            }
        }
    }

    /// What all files take; -1 when they cannot be looked at.
    long sizeBytes() {
        long sum = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                sum += Files.size(file);
            }
            return sum;
        } catch (IOException | DirectoryIteratorException e) {
            return -1; // one was just removed, or all are out of reach
        }
    }

    /// Makes a new segment, durable in its directory.
    Segment create(long first) throws IOException {
        int part = 0;
        for (Name name : list("log-")) {
            part = name.number() == first ? Math.max(part, name.part() + 1) : part;
        }
        Path file = directory.resolve(Name.of("log-", first, part));
        Path draft = directory.resolve(file.getFileName() + ".new");
        long salt = random.nextLong();
        Disk.Data data = disk.open(draft);
        try {
            data.truncate(0);
            data.write(Frames.header(salt, first), 0);
            data.sync();
            disk.rename(draft, file);
            return new Segment(file, data, salt);
        } catch (IOException e) {
            new Segment(draft, data, salt).closeQuietly();
            disk.delete(draft);
            throw e;
        }
    }

    /// The files of one kind in order.
    List<Name> list(String prefix) throws IOException {
        List<Name> names = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory, prefix + "*")) {
            for (Path file : files) {
                Name name = Name.parse(prefix, file);
                if (name != null) {
                    names.add(name);
                }
            }
        }
        names.sort(Comparator.comparingLong(Name::number).thenComparingInt(Name::part));
        return names;
    }

    /// Deletes what a snapshot that ends before a frame has made superfluous: segments that hold only earlier frames, and older snapshots.
    void deleteBefore(long frame) throws IOException {
        List<Name> names = list("log-");
        for (int i = 0; i + 1 < names.size(); i++) {
            if (names.get(i + 1).number() <= frame) {
                disk.delete(names.get(i).file());
            }
        }
        for (Name name : list("snapshot-")) {
            if (name.number() < frame) {
                disk.delete(name.file());
            }
        }
    }

    /// Deletes what an interrupted creation left.
    void deleteDrafts() throws IOException {
        try (var files = Files.newDirectoryStream(directory, "*.new")) {
            for (Path file : files) {
                disk.delete(file);
            }
        }
    }

    /// A file `log-NUMBER-PART` or `snapshot-NUMBER-0000`, numbers in hexadecimal.
    ///
    /// @param part distinguishes segments that begin with the same frame: the highest counts
    record Name(Path file, long number, int part) {

        static String of(String prefix, long number, int part) {
            return String.format(Locale.ROOT, "%s%016x-%04x", prefix, number, part);
        }

        static @Nullable Name parse(String prefix, Path file) {
            String text = String.valueOf(file.getFileName());
            int start = prefix.length();
            if (!text.matches(prefix + "[0-9a-f]{16}-[0-9a-f]{4}")) {
                return null;
            }
            return new Name(file, Long.parseUnsignedLong(text, start, start + 16, 16), Integer.parseInt(text, start + 17, start + 21, 16));
        }
    }
}
