package io.j8s.apiserver.audit;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file with an event a line, which makes room for a new one when it is large (`--audit-log-path` and its fellows).
///
/// One task writes; requests put their events into a queue of bounded length and wait at most a second when it is full. An event that finds no room then is lost, and
/// the loss is logged.
public final class AuditLog implements AuditSink {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int MOST_QUEUED = 10_000;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

    private final Settings settings;
    private final Timeline timeline;
    private final Gate gate;
    /// Guarded by itself.
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private final Task writer;
    private volatile boolean closing;
    private OutputStream out = OutputStream.nullOutputStream();
    private long written;

    /// @param mostBytes a file of this size is put aside (`--audit-log-maxsize`); 0: never
    /// @param mostFiles so many put-aside files are kept (`--audit-log-maxbackup`); 0: all
    /// @param longest put-aside files are kept so long (`--audit-log-maxage`); zero: for ever
    public record Settings(Path file, long mostBytes, int mostFiles, Duration longest) {}

    /// @throws IOException when the file cannot be opened
    public AuditLog(Settings settings, Timeline timeline) throws IOException {
        this.settings = settings;
        this.timeline = timeline;
        this.gate = timeline.gate();
        open();
        this.writer = timeline.start("audit log", this::writeAll);
    }

    @Override
    public void take(byte[] event) {
        try {
            if (closing || (queued() >= MOST_QUEUED && !gate.await(() -> queued() < MOST_QUEUED, LONGEST_WAIT))) {
                LOG.error("an audit event is lost: {} cannot be written as fast as requests come", settings.file());
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the client is gone; its event is kept all the same
        }
        synchronized (queue) {
            queue.add(event);
        }
        gate.signal();
    }

    private int queued() {
        synchronized (queue) {
            return queue.size();
        }
    }

    private void writeAll() throws InterruptedException {
        while (!closing || queued() > 0) {
            gate.await(() -> closing || queued() > 0);
            List<byte[]> batch;
            synchronized (queue) {
                batch = new ArrayList<>(queue);
                queue.clear();
            }
            gate.signal();
            try {
                for (byte[] event : batch) {
                    write(event);
                }
                out.flush();
            } catch (IOException e) {
                LOG.error("{} audit events are lost: {} cannot be written", batch.size(), settings.file(), e);
            }
        }
    }

    private void write(byte[] event) throws IOException {
        if (settings.mostBytes() > 0 && written > 0 && written + event.length + 1 > settings.mostBytes()) {
            putAside();
        }
        out.write(event);
        out.write('\n');
        written += event.length + 1;
    }

    private void open() throws IOException {
        Path folder = settings.file().toAbsolutePath().getParent();
        Files.createDirectories(Objects.requireNonNull(folder));
        out = new BufferedOutputStream(Files.newOutputStream(settings.file(), StandardOpenOption.CREATE, StandardOpenOption.APPEND), 64 * 1024);
        written = Files.size(settings.file());
    }

    private void putAside() throws IOException {
        out.close();
        Files.move(settings.file(), settings.file().resolveSibling(prefix() + STAMP.format(timeline.now()) + suffix()), StandardCopyOption.REPLACE_EXISTING);
        open();
        removeOld();
    }

    private String name() {
        return String.valueOf(settings.file().getFileName());
    }

    private String prefix() {
        int dot = name().lastIndexOf('.');
        return (dot < 0 ? name() : name().substring(0, dot)) + "-";
    }

    private String suffix() {
        int dot = name().lastIndexOf('.');
        return dot < 0 ? "" : name().substring(dot);
    }

    private void removeOld() throws IOException {
        List<Path> aside;
        try (Stream<Path> files = Files.list(Objects.requireNonNull(settings.file().toAbsolutePath().getParent()))) {
            aside = files.filter(file -> String.valueOf(file.getFileName()).matches("\\Q" + prefix() + "\\E\\d{4}-\\d{2}-\\d{2}T[-0-9.]+\\Q" + suffix() + "\\E"))
                    .sorted(Comparator.comparing((Path file) -> String.valueOf(file.getFileName())).reversed()).toList();
        }
        Instant oldest = settings.longest().isZero() ? Instant.MIN : timeline.now().minus(settings.longest());
        for (int i = 0; i < aside.size(); i++) {
            boolean tooMany = settings.mostFiles() > 0 && i >= settings.mostFiles();
            if (tooMany || Files.getLastModifiedTime(aside.get(i)).toInstant().isBefore(oldest)) {
                Files.delete(aside.get(i));
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        gate.signal();
        try {
            writer.join();
            out.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("{} cannot be closed", settings.file(), e);
        }
    }
}
