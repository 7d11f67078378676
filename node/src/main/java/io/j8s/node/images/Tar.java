package io.j8s.node.images;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Writes the ustar format (POSIX.1-1988), owner root, time zero. Paths and link targets of up to 100 bytes.
final class Tar {
    private static final int BLOCK = 512;
    private final OutputStream out;

    Tar(OutputStream out) {
        this.out = out;
    }

    void file(String path, int mode, byte[] content) throws IOException {
        header(path, mode, content.length, '0', "");
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    void directory(String path, int mode) throws IOException {
        header(path + "/", mode, 0, '5', "");
    }

    void link(String path, String target) throws IOException {
        header(path, 0777, 0, '2', target);
    }

    void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void header(String path, int mode, long size, char kind, String target) throws IOException {
        byte[] block = new byte[BLOCK];
        text(block, 0, 100, path);
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size);
        octal(block, 136, 12, 0);
        java.util.Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) kind;
        text(block, 157, 100, target);
        text(block, 257, 8, "ustar\00000");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, 148, 7, sum);
        out.write(block);
    }

    private static void text(byte[] block, int offset, int length, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > length) {
            throw new IllegalArgumentException("the path " + value + " is longer than the " + length + " bytes that this archive format has");
        }
        System.arraycopy(bytes, 0, block, offset, bytes.length);
    }

    private static void octal(byte[] block, int offset, int length, long value) {
        text(block, offset, length, ("%0" + (length - 1) + "o").formatted(value) + "\0");
    }
}
