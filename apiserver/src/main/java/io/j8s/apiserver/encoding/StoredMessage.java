package io.j8s.apiserver.encoding;

import io.j8s.model.ByteOutput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes an object's protobuf message out of the bytes it is stored as: they lack nothing but the resourceVersion, which is put in at the end of the metadata (the
/// order of fields means nothing in protobuf).
final class StoredMessage {

    private static final int MAGIC_BYTES = 4;
    private static final int TYPE_META = 1 << 3 | 2;
    private static final int RAW = 2 << 3 | 2;
    private static final int METADATA = 1 << 3 | 2;
    private static final int RESOURCE_VERSION = 6 << 3 | 2;

    private final byte[] bytes;
    private int at;

    private StoredMessage(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /// The message with its resourceVersion; null when the bytes are not laid out as this server writes them.
    static byte @Nullable [] of(byte[] value, long revision) {
        if (value.length < MAGIC_BYTES || value[0] != 'k' || value[3] != 0) {
            return null;
        }
        StoredMessage in = new StoredMessage(value, MAGIC_BYTES);
        if (!in.enters(TYPE_META)) {
            return null;
        }
        int typeMetaLength = in.length();
        in.at += typeMetaLength;
        if (typeMetaLength < 0 || !in.enters(RAW)) {
            return null;
        }
        int rawLength = in.length();
        int rawEnd = in.at + rawLength;
        if (rawLength <= 0 || rawEnd > value.length || !in.enters(METADATA)) {
            return null;
        }
        int metaLength = in.length();
        int metaEnd = in.at + metaLength;
        return metaLength < 0 || metaEnd > rawEnd ? null : spliced(value, in.at, metaEnd, rawEnd, revision);
    }

    private static byte[] spliced(byte[] value, int metaStart, int metaEnd, int rawEnd, long revision) {
        byte[] version = Long.toString(revision).getBytes(StandardCharsets.US_ASCII);
        ByteOutput out = new ByteOutput(rawEnd - metaStart + version.length + 16);
        out.put(METADATA);
        varint(out, metaEnd - metaStart + version.length + 2);
        out.put(value, metaStart, metaEnd - metaStart);
        out.put(RESOURCE_VERSION);
        out.put(version.length);
        out.put(version);
        out.put(value, metaEnd, rawEnd - metaEnd);
        return out.length() == out.array().length ? out.array() : Arrays.copyOf(out.array(), out.length());
    }

    private boolean enters(int tag) {
        if (at < bytes.length && bytes[at] == tag) {
            at++;
            return true;
        }
        return false;
    }

    private int length() {
        int value = 0;
        for (int shift = 0; at < bytes.length && shift < 32; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }

    private static void varint(ByteOutput out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.put(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.put(rest);
    }
}
