package io.j8s.node.spdy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Header blocks of one connection (SPDY draft 3.1, section 2.6.10): all blocks of a direction share one compression state, so
/// that each must be passed here in its order. Used by one thread at a time for each direction.
final class HeaderBlocks implements AutoCloseable {
    private static final int LARGEST_BLOCK_BYTES = 1 << 20;
    private final byte[] dictionary = Dictionary.bytes();
    private final Deflater deflater = new Deflater();
    private final Inflater inflater = new Inflater();

    HeaderBlocks() {
        deflater.setDictionary(dictionary);
    }

    byte[] write(Map<String, String> headers) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        plain.writeBytes(number(headers.size()));
        headers.forEach((name, value) -> {
            text(plain, name);
            text(plain, value);
        });
        deflater.setInput(plain.toByteArray());
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        byte[] buffer = new byte[1024];
        int count;
        do {
            count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            block.write(buffer, 0, count);
        } while (count == buffer.length);
        return block.toByteArray();
    }

    Map<String, String> read(byte[] block, int offset) throws IOException {
        inflater.setInput(block, offset, block.length - offset);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] buffer = new byte[1024];
        try {
            while (true) {
                int count = inflater.inflate(buffer);
                plain.write(buffer, 0, count);
                if (count == 0 && inflater.needsDictionary()) {
                    inflater.setDictionary(dictionary);
                } else if (count == 0) {
                    break;
                }
                if (plain.size() > LARGEST_BLOCK_BYTES) {
                    throw new IOException("SPDY: a header block of more than " + LARGEST_BLOCK_BYTES + " bytes");
                }
            }
        } catch (DataFormatException e) {
            throw new IOException("SPDY: a header block cannot be decompressed", e);
        }
        return pairs(ByteBuffer.wrap(plain.toByteArray()));
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }

    private static Map<String, String> pairs(ByteBuffer plain) throws IOException {
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            for (int left = plain.getInt(); left > 0; left--) {
                headers.put(text(plain), text(plain));
            }
            return headers;
        } catch (java.nio.BufferUnderflowException | NegativeArraySizeException e) {
            throw new IOException("SPDY: a header block ends in the middle", e);
        }
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        if (length > in.remaining()) {
            throw new java.nio.BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void text(ByteArrayOutputStream out, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(number(bytes.length));
        out.writeBytes(bytes);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
