package io.j8s.node.logs;

import io.j8s.runtime.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;

/// Reads one container's log file. For one thread.
public final class LogFile {
    private static final int CHUNK = 64 * 1024;

    private LogFile() {}

    /// Where lines go. A write that fails because the reader went away ends the reading.
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes) throws IOException;
    }

    /// The container that writes a log.
    public interface Writer {
        /// Whether it still runs.
        boolean runs();

        /// Calls `then` when it has ended, unless the answer is closed before.
        Task onEnd(Runnable then);
    }

    /// Writes what is wanted of the log; when following, goes on until the container has ended and its log is read, or the sink fails, or the thread is interrupted.
    ///
    /// @param writer the container
    public static void read(Path file, LogOptions options, Writer writer, Sink sink) throws IOException, InterruptedException {
        Reader reader = new Reader(options, sink);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(options.tailLines() < 0 ? 0 : startOfTail(channel, options.tailLines()));
            if (!options.follow()) {
                reader.drain(channel);
            } else {
                follow(file, channel, reader, writer);
            }
        }
    }

    /// The last lines of a log, without times, at most so many bytes.
    public static String tail(Path file, int lines, int bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Reader reader = new Reader(new LogOptions(false, false, null, lines, -1, "All"), out::writeBytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(startOfTail(channel, lines));
            reader.drain(channel);
        }
        byte[] all = out.toByteArray();
        int from = Math.max(0, all.length - bytes);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    }

    /// Goes on in the new file when the log was rotated.
    private static void follow(Path file, FileChannel first, Reader reader, Writer writer) throws IOException, InterruptedException {
        FileChannel channel = first;
        Object identity = identity(file);
        try (WatchService changes = file.getFileSystem().newWatchService(); Task end = writer.onEnd(() -> close(changes))) {
            java.util.Objects.requireNonNull(file.toAbsolutePath().getParent()).register(changes, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
            while (!reader.full()) {
                boolean ran = writer.runs();
                boolean more = reader.drain(channel);
                if (!more && Files.exists(file) && !identity(file).equals(identity)) {
                    identity = identity(file);
                    FileChannel next = FileChannel.open(file, StandardOpenOption.READ);
                    if (!channel.equals(first)) {
                        channel.close();
                    }
                    channel = next;
                    more = true;
                }
                if (!more && !ran) {
                    return;
                }
                if (!more && end.done()) {
                    reader.drain(channel);
                    return;
                }
                if (!more) {
                    await(changes);
                }
            }
        } finally {
            if (!channel.equals(first)) {
                channel.close();
            }
        }
    }

    private static Object identity(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    /// The kernel tells of writes at once; the container's end closes the watch.
    private static void await(WatchService changes) throws InterruptedException {
        try {
            WatchKey key = changes.take();
            key.pollEvents();
            key.reset();
        } catch (ClosedWatchServiceException e) {
            // it has ended: what it wrote last is read now
        }
    }

    private static void close(WatchService changes) {
        try {
            changes.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Where the last so many lines begin, found by reading backwards.
    private static long startOfTail(FileChannel channel, long lines) throws IOException {
        long position = channel.size();
        if (lines == 0) {
            return position;
        }
        long found = 0;
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        long end = position;
        while (position > 0) {
            int size = (int) Math.min(CHUNK, position);
            position -= size;
            buffer.clear().limit(size);
            while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
                // until the block is whole
            }
            for (int i = size - 1; i >= 0; i--) {
                if (buffer.get(i) == '\n' && position + i != end - 1 && ++found == lines) {
                    return position + i + 1;
                }
            }
        }
        return 0;
    }

    private static final class Reader {
        private final LogOptions options;
        private final Sink sink;
        private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        private byte[] rest = new byte[0];
        private long left;
        private boolean inLine;

        Reader(LogOptions options, Sink sink) {
            this.options = options;
            this.sink = sink;
            this.left = options.limitBytes() < 0 ? Long.MAX_VALUE : options.limitBytes();
        }

        boolean full() {
            return left <= 0;
        }

        /// Takes everything that is there; answers whether there was anything.
        boolean drain(FileChannel channel) throws IOException {
            boolean any = false;
            while (left > 0) {
                buffer.clear();
                int count = channel.read(buffer);
                if (count <= 0) {
                    return any;
                }
                any = true;
                take(java.util.Arrays.copyOf(buffer.array(), count));
            }
            return any;
        }

        private void take(byte[] bytes) throws IOException {
            byte[] all = bytes;
            if (rest.length > 0) {
                all = java.util.Arrays.copyOf(rest, rest.length + bytes.length);
                System.arraycopy(bytes, 0, all, rest.length, bytes.length);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int from = 0;
            for (int i = 0; i < all.length; i++) {
                if (all[i] == '\n') {
                    LogLine line = LogLine.parse(all, from, i + 1);
                    if (line != null) {
                        put(line, out);
                    }
                    from = i + 1;
                }
            }
            rest = java.util.Arrays.copyOfRange(all, from, all.length);
            byte[] ready = out.toByteArray();
            if (ready.length > 0) {
                sink.write(ready.length > left ? java.util.Arrays.copyOf(ready, (int) left) : ready);
                left -= ready.length;
            }
        }

        private void put(LogLine line, ByteArrayOutputStream out) {
            if (!options.stream().equals("All") && !options.stream().equalsIgnoreCase(line.stream())) {
                return;
            }
            Instant since = options.since();
            if (since != null) {
                Instant at = line.instant();
                if (at != null && at.isBefore(since)) {
                    return;
                }
            }
            if (options.timestamps() && !inLine) {
                out.writeBytes((line.time() + " ").getBytes(StandardCharsets.US_ASCII));
            }
            out.writeBytes(line.content());
            inLine = line.partial();
        }
    }
}
