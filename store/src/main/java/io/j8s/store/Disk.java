package io.j8s.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// The file system as far as the log needs it; tests put one in its place that fails on command.
interface Disk {

    Disk SYSTEM = new SystemDisk();

    /// Opens a file for reading and writing; made, for its owner only, when it is not there.
    Data open(Path file) throws IOException;

    /// Renames atomically, replacing what has the name; durable when it returns.
    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /// An open file. Positions and sizes in bytes.
    interface Data extends Closeable {

        /// Reads until the buffer is full or the file ends.
        void read(ByteBuffer into, long position) throws IOException;

        /// Writes all that the buffer holds.
        void write(ByteBuffer from, long position) throws IOException;

        /// Returns once the contents are on stable storage.
        void sync() throws IOException;

        void truncate(long size) throws IOException;

        long size() throws IOException;
    }

    /// The real one.
    final class SystemDisk implements Disk {

        private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

        static FileAttribute<?>[] ownerOnly(String permissions) {
            return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))} : new FileAttribute<?>[0];
        }

        @Override
        public Data open(Path file) throws IOException {
            Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            return new ChannelData(FileChannel.open(file, options, ownerOnly("rw-------")));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncDirectory(to.resolveSibling("."));
        }

        @Override
        public void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }

        private static void syncDirectory(Path directory) throws IOException {
            if (POSIX) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }

        private record ChannelData(FileChannel channel) implements Data {

            @Override
            public void read(ByteBuffer into, long position) throws IOException {
                long at = position;
                while (into.hasRemaining()) {
                    int count = channel.read(into, at);
                    if (count < 0) {
                        return;
                    }
                    at += count;
                }
            }

            @Override
            public void write(ByteBuffer from, long position) throws IOException {
                long at = position;
                while (from.hasRemaining()) {
                    at += channel.write(from, at);
                }
            }

            @Override
            public void sync() throws IOException {
                channel.force(false);
            }

            @Override
            public void truncate(long size) throws IOException {
                channel.truncate(size);
            }

            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        }
    }
}
