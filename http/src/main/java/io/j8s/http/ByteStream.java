package io.j8s.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A connection after an upgrade: bytes both ways, blocking, with back-pressure.
public interface ByteStream extends Closeable {
    InputStream input();

    /// Each write is sent when it returns or at [OutputStream#flush].
    OutputStream output();

    /// Ends our direction only; the peer may still send.
    void closeOutput() throws IOException;

    @Override
    void close();
}
