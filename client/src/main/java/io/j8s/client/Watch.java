package io.j8s.client;

import io.j8s.model.Struct;
import org.jspecify.annotations.Nullable;

/// A stream of changes. One thread takes events; any may close it.
public interface Watch<T extends Struct> extends AutoCloseable {

    /// The next event; blocks. Null when the watch has ended without an error (closed here, or the server's time was up).
    @Nullable WatchEvent<T> next() throws InterruptedException;

    @Override
    void close();
}
