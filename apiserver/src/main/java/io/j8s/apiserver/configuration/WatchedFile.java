package io.j8s.apiserver.configuration;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a file says, as it is now. The file is looked at when somebody asks, at most once a second, and read again when it has changed; nothing runs while nobody asks.
/// A file that has become unusable is logged, and what it said before still holds.
///
/// Any thread may ask. One of them reads, the others go on with what is known.
public final class WatchedFile<T> implements Supplier<T> {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path file;
    private final String flag;
    private final Parser<T> parser;
    private final Timeline timeline;
    private final Observer observer;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile long lookedAt;
    private volatile T value;
    /// Guarded by `looking`.
    private byte[] bytes;

    /// Turns the file's bytes into what they mean. Throws [ConfigurationException] or [IllegalArgumentException] when they mean nothing.
    @FunctionalInterface
    public interface Parser<T> {
        T parse(byte[] bytes);
    }

    /// Is told of each time that the file was read again.
    public interface Observer {
        Observer NONE = (bytes, failure) -> {};

        /// @param failure why it could not be used; null when it is used from now on
        void reloaded(byte[] bytes, @Nullable RuntimeException failure);
    }

    /// Reads the file for the first time.
    ///
    /// @param flag that named the file; for messages
    /// @throws ConfigurationException when it cannot be read or used
    public WatchedFile(Path file, String flag, Parser<T> parser, Timeline timeline, Observer observer) {
        this.file = file;
        this.flag = flag;
        this.parser = parser;
        this.timeline = timeline;
        this.observer = observer;
        this.bytes = read();
        this.value = parse(bytes);
        this.lookedAt = timeline.nanoTime();
    }

    public WatchedFile(Path file, String flag, Parser<T> parser, Timeline timeline) {
        this(file, flag, parser, timeline, Observer.NONE);
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException(flag + ": " + file + " cannot be read: " + e, e);
        }
    }

    private T parse(byte[] text) {
        try {
            return parser.parse(text);
        } catch (IllegalArgumentException | ConfigurationException e) {
            throw new ConfigurationException(flag + ": " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public T get() {
        if (timeline.nanoTime() - lookedAt >= LOOK_AGAIN_NANOS && looking.tryLock()) {
            try {
                lookedAt = timeline.nanoTime();
                look();
            } finally {
                looking.unlock();
            }
        }
        return value;
    }

    private void look() {
        byte[] now;
        try {
            now = read();
        } catch (ConfigurationException e) {
            LOG.error("{}; what it said before still holds", e.why());
            return;
        }
        if (Arrays.equals(now, bytes)) {
            return;
        }
        bytes = now;
        try {
            value = parse(now);
            LOG.info("{}: {} was read again", flag, file);
            observer.reloaded(now, null);
        } catch (ConfigurationException e) {
            LOG.error("{}; what it said before still holds", e.why());
            observer.reloaded(now, e);
        }
    }
}
