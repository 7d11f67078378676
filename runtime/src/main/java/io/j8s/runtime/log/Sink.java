package io.j8s.runtime.log;

import java.io.FileOutputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Takes whole lines. Its monitor keeps lines of different threads apart and guards the file's size.
final class Sink implements AutoCloseable {
    private final LogOptions options;
    private OutputStream out;
    private long size;

    Sink(LogOptions options) {
        this.options = options;
        this.out = open();
    }

    synchronized void write(byte[] line) {
        try {
            if (options.file() != null && options.maximumBytes() > 0 && size > 0 && size + line.length > options.maximumBytes()) {
                out.close();
                rotate(options.file());
                out = open();
            }
            out.write(line);
            size += line.length;
        } catch (IOException e) {
            // a log that cannot be written must not stop the work; there is nowhere left to say so
        }
    }

    private OutputStream open() {
        Path file = options.file();
        if (file == null) {
            return new FileOutputStream(FileDescriptor.err);
        }
        try {
            if (!Files.exists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
            }
            size = Files.size(file);
            return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the log file " + file + ": make its folder writable or name another file", e);
        }
    }

    private void rotate(Path file) throws IOException {
        for (int i = options.keep(); i >= 1; i--) {
            Path older = i == 1 ? file : numbered(file, i - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(file, i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(file);
    }

    private static Path numbered(Path file, int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public synchronized void close() {
        try {
            if (options.file() != null) {
                out.close();
            }
        } catch (IOException e) {
            // as in write
        }
    }
}
