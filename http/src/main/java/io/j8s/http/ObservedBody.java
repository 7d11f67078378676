package io.j8s.http;

import java.io.IOException;

/// A body whose bytes somebody sees on their way: before they go on, in their order, on the thread that writes them.
///
/// @param body where they go
/// @param observer sees them
public record ObservedBody(BodyWriter body, Observer observer) implements BodyWriter {

    /// Takes note of some of an array's bytes; keeps no array.
    @FunctionalInterface
    public interface Observer {
        void passing(byte[] bytes, int offset, int length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        observer.passing(bytes, offset, length);
        body.write(bytes, offset, length);
    }

    @Override
    public void append(byte[] bytes, int offset, int length) throws IOException {
        observer.passing(bytes, offset, length);
        body.append(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        body.flush();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
