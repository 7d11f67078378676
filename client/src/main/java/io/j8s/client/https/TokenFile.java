package io.j8s.client.https;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A bearer token in a file that somebody renews (a projected service account token): read again every minute, and when the server refuses it.
public final class TokenFile implements Credentials {

    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Path file;
    private final Timeline timeline;
    private String header = "";
    private long readNanos;

    public TokenFile(Path file, Timeline timeline) {
        this.file = file;
        this.timeline = timeline;
    }

    /// @throws IOException when the file cannot be read and no token is kept, or it is empty
    @Override
    public synchronized String authorization() throws IOException {
        long now = timeline.nanoTime();
        if (header.isEmpty() || now - readNanos >= FRESH.toNanos()) {
            read(now);
        }
        return header;
    }

    private void read(long now) throws IOException {
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty()) {
                throw new IOException("the token file " + file + " is empty");
            }
            header = "Bearer " + token;
            readNanos = now;
        } catch (IOException e) {
            if (header.isEmpty()) {
                throw new IOException("cannot read the token file " + file + ": " + e.getMessage(), e);
            }
            readNanos = now; // the last token may still do; try again in a minute
        }
    }

    @Override
    public synchronized boolean refused() {
        String before = header;
        header = "";
        try {
            return !authorization().equals(before);
        } catch (IOException e) {
            header = before;
            return false;
        }
    }
}
