package io.j8s.apiserver.serve;

import io.j8s.http.BodyWriter;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Compressed answers, for clients that ask for them.
final class Compression {

    private static final int BUFFER_BYTES = 16 * 1024;

    /// Shorter answers are not worth it.
    static final int FROM_BYTES = 128 * 1024;

    private Compression() {}

    static Headers mark(Headers headers) {
        return headers.with("content-encoding", "gzip").with("vary", "Accept-Encoding");
    }

    static byte[] compressed(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new Fast(out)) {
            gzip.write(body);
        }
        return out.toByteArray();
    }

    static boolean accepted(Exchange exchange) {
        for (String one : exchange.headers().getOr("accept-encoding", "").split(",")) {
            if (one.strip().equals("gzip")) {
                return true;
            }
        }
        return false;
    }

    /// Compresses fast (level 1) into a body. Closing it ends the compressed data, not the body.
    static GZIPOutputStream into(BodyWriter body) throws IOException {
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                body.write(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                byte[] copy = new byte[length];
                System.arraycopy(bytes, offset, copy, 0, length);
                body.write(copy, 0, length);
            }
        };
        return new Fast(out);
    }

    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
