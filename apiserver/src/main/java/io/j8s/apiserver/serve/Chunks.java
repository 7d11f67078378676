package io.j8s.apiserver.serve;

import io.j8s.http.BodyWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Joins many small pieces into chunks before they go to a body: one copy here costs less than thousands of buffers below. Large pieces go through as they are.
final class Chunks {

    private static final int CHUNK_BYTES = 64 * 1024;

    private final BodyWriter body;
    private byte[] chunk = new byte[CHUNK_BYTES];
    private int length;

    Chunks(BodyWriter body) {
        this.body = body;
    }

    /// The array must not change afterwards.
    void write(byte[] array, int offset, int count) throws IOException {
        if (count > chunk.length - length) {
            end();
            if (count >= CHUNK_BYTES) {
                body.write(array, offset, count);
                return;
            }
        }
        System.arraycopy(array, offset, chunk, length, count);
        length += count;
    }

    void write(byte[] array) throws IOException {
        write(array, 0, array.length);
    }

    void text(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Hands over what was joined so far.
    void end() throws IOException {
        if (length > 0) {
            body.write(chunk, 0, length);
            chunk = new byte[CHUNK_BYTES];
            length = 0;
        }
    }
}
