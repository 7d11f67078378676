package io.j8s.client.https;

import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Protobuf;
import io.j8s.model.meta.v1.WatchEvent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes the events of a watch apart. JSON: objects one after the other, told apart by their braces, whatever space is between them. Protobuf: each after its length, four bytes, big endian.
final class WatchFrames {

    private static final int LARGEST_EVENT_BYTES = 64 * 1024 * 1024;

    private final InputStream in;
    private final boolean protobuf;
    private byte[] buffer = new byte[8 * 1024];
    private int start;
    private int end;

    WatchFrames(InputStream in, boolean protobuf) {
        this.in = in;
        this.protobuf = protobuf;
    }

    /// The next event; null at the end of the stream between two of them.
    @Nullable WatchEvent next() throws IOException {
        byte[] frame = protobuf ? lengthPrefixed() : json();
        if (frame == null) {
            return null;
        }
        try {
            return (WatchEvent) (protobuf ? Protobuf.readMessage(WatchEvent.TYPE, frame) : Json.read(WatchEvent.TYPE, frame));
        } catch (DecodeException e) {
            throw new IOException("an event of the watch cannot be read: " + e.getMessage(), e);
        }
    }

    private byte @Nullable [] lengthPrefixed() throws IOException {
        if (end - start == 0 && !fill()) {
            return null;
        }
        need(4);
        int length = (buffer[start] & 0xff) << 24 | (buffer[start + 1] & 0xff) << 16 | (buffer[start + 2] & 0xff) << 8 | buffer[start + 3] & 0xff;
        if (length < 0 || length > LARGEST_EVENT_BYTES) {
            throw new IOException("an event of the watch claims to be " + (length & 0xffffffffL) + " bytes long; at most " + LARGEST_EVENT_BYTES + " are taken");
        }
        start += 4;
        need(length);
        return take(length);
    }

    private void need(int size) throws IOException {
        while (end - start < size) {
            if (!fill()) {
                throw new EOFException("the watch ended in the middle of an event");
            }
        }
    }

    private byte @Nullable [] json() throws IOException {
        int depth = 0;
        boolean inString = false;
        boolean escaped = false;
        int at = start;
        while (true) {
            while (at < end) {
                byte c = buffer[at++];
                if (inString) {
                    inString = escaped || c != '"';
                    escaped = !escaped && c == '\\';
                } else if (c == '"') {
                    inString = true;
                } else if (c == '{') {
                    depth++;
                } else if (c == '}' && --depth == 0) {
                    return take(at - start);
                } else if (depth == 0) {
                    start = at; // space between events
                }
            }
            int scanned = at - start;
            if (!fill()) {
                if (depth > 0) {
                    throw new EOFException("the watch ended in the middle of an event");
                }
                return null;
            }
            at = start + scanned;
        }
    }

    private byte[] take(int length) {
        byte[] frame = Arrays.copyOfRange(buffer, start, start + length);
        start += length;
        if (start == end) {
            start = 0;
            end = 0;
        }
        return frame;
    }

    /// Reads more behind what is there; answers false at the end of the stream.
    private boolean fill() throws IOException {
        if (end == buffer.length) {
            int size = end - start;
            if (size > LARGEST_EVENT_BYTES) {
                throw new IOException("an event of the watch is larger than " + LARGEST_EVENT_BYTES + " bytes");
            }
            byte[] next = start > buffer.length / 2 ? buffer : new byte[2 * buffer.length];
            System.arraycopy(buffer, start, next, 0, size);
            buffer = next;
            start = 0;
            end = size;
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            return false;
        }
        end += read;
        return true;
    }
}
