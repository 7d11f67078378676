package io.j8s.apiserver.audit;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of lines that makes room for a new one when it is large. What was put aside is named after the moment (`audit-2026-01-02T03-04-05.678.log`), may be compressed, and is removed
/// when there are too many of it or it is too old; a task of its own does that. Any thread; one writes at a time, and whoever waits longer than a second for the others gives up.
public final class LogFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);
    private static final int STAMP_LENGTH = 23;
    private static final String ZIPPED = ".gz";
    private static final long LONGEST_WAIT_MILLIS = 1000;

    private final Settings settings;
    private final Timeline timeline;
    /// Guards what follows.
    private final ReentrantLock lock = new ReentrantLock();
    private OutputStream out = OutputStream.nullOutputStream();
    private long written;
    private @Nullable Task tidying;

    /// @param file null: standard output
    /// @param mostBytes a file of this size is put aside (`--audit-log-maxsize`); 0: never
    /// @param mostFiles so many put-aside files are kept (`--audit-log-maxbackup`); 0: all
    /// @param longest put-aside files are kept so long (`--audit-log-maxage`); zero: for ever
    /// @param compressed whether put-aside files are compressed (`--audit-log-compress`)
    public record Settings(@Nullable Path file, long mostBytes, int mostFiles, Duration longest, boolean compressed) {}

    /// @throws IOException when the file cannot be opened
    LogFile(Settings settings, Timeline timeline) throws IOException {
        this.settings = settings;
        this.timeline = timeline;
        open();
    }

    /// Writes lines, each with its end.
    ///
    /// @throws IOException when they cannot be written, or the file is too slow
    void write(byte[] lines) throws IOException {
        try {
            if (!lock.tryLock(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("the file cannot be written as fast as requests come");
            }
        } catch (InterruptedException e) {
            lock.lock(); // the client is gone; its event is kept all the same
            Thread.currentThread().interrupt();
        }
        try {
            Path file = settings.file();
            if (file != null && settings.mostBytes() > 0 && written > 0 && written + lines.length > settings.mostBytes()) {
                putAside(file);
            }
            out.write(lines);
            out.flush();
            written += lines.length;
        } finally {
            lock.unlock();
        }
    }

    private void open() throws IOException {
        Path file = settings.file();
        if (file == null) {
            out = new FileOutputStream(FileDescriptor.out); // one write a batch, and none of the prints' lock
            return;
        }
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        written = Files.size(file);
    }

    private void putAside(Path file) throws IOException {
        out.close();
        Files.move(file, file.resolveSibling(prefix(file) + STAMP.format(timeline.now()) + suffix(file)), StandardCopyOption.REPLACE_EXISTING);
        open();
        Task before = tidying;
        if (before == null || before.done()) {
            tidying = timeline.start("audit log's old files", () -> tidy(file));
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String prefix(Path file) {
        int dot = name(file).lastIndexOf('.');
        return (dot < 0 ? name(file) : name(file).substring(0, dot)) + "-";
    }

    private static String suffix(Path file) {
        int dot = name(file).lastIndexOf('.');
        return dot < 0 ? "" : name(file).substring(dot);
    }

    /// A file that was put aside, and when.
    private record Aside(Path path, Instant moment) {}

    private void tidy(Path file) throws IOException {
        List<Aside> kept = new ArrayList<>();
        TreeSet<Instant> moments = new TreeSet<>();
        Instant oldest = settings.longest().isZero() ? Instant.MIN : timeline.now().minus(settings.longest());
        for (Aside aside : aside(file)) {
            moments.add(aside.moment());
            boolean tooMany = settings.mostFiles() > 0 && moments.size() > settings.mostFiles();
            if (tooMany || aside.moment().isBefore(oldest)) {
                Files.deleteIfExists(aside.path());
            } else {
                kept.add(aside);
            }
        }
        for (Aside aside : kept) {
            if (settings.compressed() && !name(aside.path()).endsWith(ZIPPED)) {
                compress(aside.path());
            }
        }
    }

    /// What was put aside, the newest first.
    private static List<Aside> aside(Path file) throws IOException {
        List<Aside> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(Objects.requireNonNull(file.toAbsolutePath().getParent()))) {
            for (Path each : files.toList()) {
                String name = name(each).endsWith(ZIPPED) ? name(each).substring(0, name(each).length() - ZIPPED.length()) : name(each);
                if (name.startsWith(prefix(file)) && name.endsWith(suffix(file)) && name.length() == prefix(file).length() + STAMP_LENGTH + suffix(file).length()) {
                    try {
                        found.add(new Aside(each, LocalDateTime.parse(name.substring(prefix(file).length(), prefix(file).length() + STAMP_LENGTH), STAMP).toInstant(ZoneOffset.UTC)));
                    } catch (DateTimeParseException e) {
                        LOG.debug("{} is not one of the audit log's files", each);
                    }
                }
            }
        }
        found.sort(Comparator.comparing(Aside::moment).reversed());
        return found;
    }

    private static void compress(Path file) throws IOException {
        Path zipped = file.resolveSibling(name(file) + ZIPPED);
        Path unfinished = file.resolveSibling(name(file) + ZIPPED + ".tmp");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (InputStream in = Files.newInputStream(file); OutputStream to = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
            in.transferTo(to);
        } catch (NoSuchFileException gone) {
            Files.deleteIfExists(unfinished);
            return;
        }
        Files.move(unfinished, zipped, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(file);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (settings.file() != null) {
                out.close();
            }
        } catch (IOException e) {
            LOG.error("{} cannot be closed", settings.file(), e);
        } finally {
            lock.unlock();
        }
        Task last = tidying;
        if (last != null) {
            try {
                last.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
