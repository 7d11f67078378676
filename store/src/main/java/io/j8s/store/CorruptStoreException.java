package io.j8s.store;

import java.nio.file.Path;

/// A file of the store is damaged in a way that no interrupted write explains. The store does not start: guessing would lose acknowledged writes.
public final class CorruptStoreException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Path file;
    private final long offset;

    public CorruptStoreException(Path file, long offset, String what) {
        super(file + ": damaged at byte " + offset + ": " + what + "; restore the data directory from a backup");
        this.file = file;
        this.offset = offset;
    }

    public Path file() {
        return file;
    }

    /// Where in the file the damage begins, in bytes.
    public long offset() {
        return offset;
    }
}
