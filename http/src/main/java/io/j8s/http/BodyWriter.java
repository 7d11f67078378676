package io.j8s.http;

import java.io.IOException;

/// The body of an answer or request in progress. Writes block while the peer does not take bytes (back-pressure), so memory stays bounded.
/// A write after the peer went away throws [java.io.IOException]. Used by one thread at a time.
public interface BodyWriter extends AutoCloseable {

    /// Takes the bytes as they are: the array must not change afterwards (shared, already encoded objects are not copied).
    /// Bytes may be held back and joined with later ones until [#flush] or [#close].
    void write(byte[] bytes, int offset, int length) throws IOException;

    default void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /// Copies the bytes into chunks that are used again when they have left: for bodies of many pieces, such as lists. The array may change afterwards.
    void append(byte[] bytes, int offset, int length) throws IOException;

    /// Sends what was held back.
    void flush() throws IOException;

    /// Ends the body.
    @Override
    void close() throws IOException;
}
