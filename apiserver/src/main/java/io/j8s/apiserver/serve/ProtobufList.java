package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.MediaType;
import io.j8s.http.BodyWriter;
import io.j8s.model.ByteOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes a list in its protobuf envelope: `k8s\0`, runtime.Unknown{typeMeta, raw}, where raw is the list's message {metadata = 1, items = 2}.
final class ProtobufList {

    private static final int LENGTH_DELIMITED = 2;

    private ProtobufList() {}

    static void write(RequestContext request, String kind, String apiVersion, byte[] meta, List<byte[]> items) throws IOException {
        long raw = fieldSize(meta.length);
        for (byte[] item : items) {
            raw += fieldSize(item.length);
        }
        ByteOutput head = new ByteOutput(64);
        head.put(new byte[] {'k', '8', 's', 0});
        byte[] typeMeta = typeMeta(apiVersion, kind);
        field(head, 1, typeMeta.length);
        head.put(typeMeta);
        field(head, 2, raw);
        field(head, 1, meta.length);
        head.put(meta);
        try (BodyWriter body = request.answer().begin(MediaType.PROTOBUF.text(), request.call())) {
            append(body, head.toArray());
            for (byte[] item : items) {
                ByteOutput tag = new ByteOutput(8);
                field(tag, 2, item.length);
                append(body, tag.toArray());
                append(body, item);
            }
            ByteOutput tail = new ByteOutput(8);
            field(tail, 3, 0);
            field(tail, 4, 0);
            append(body, tail.toArray());
        }
    }

    private static void append(BodyWriter body, byte[] bytes) throws IOException {
        body.append(bytes, 0, bytes.length);
    }

    private static byte[] typeMeta(String apiVersion, String kind) {
        ByteOutput out = new ByteOutput(32);
        byte[] version = apiVersion.getBytes(StandardCharsets.UTF_8);
        byte[] name = kind.getBytes(StandardCharsets.UTF_8);
        field(out, 1, version.length);
        out.put(version);
        field(out, 2, name.length);
        out.put(name);
        return out.toArray();
    }

    private static long fieldSize(long length) {
        return 1 + varintSize(length) + length;
    }

    private static int varintSize(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    private static void field(ByteOutput out, int number, long length) {
        out.put(number << 3 | LENGTH_DELIMITED);
        long rest = length;
        while (rest >= 0x80) {
            out.put((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.put((int) rest);
    }
}
