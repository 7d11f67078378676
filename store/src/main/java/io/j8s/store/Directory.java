package io.j8s.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A store's directory, locked against other processes while it is open. A second opening in the same process is refused as well, but (this is how POSIX locks are) it
/// ends the protection against other processes.
final class Directory implements AutoCloseable {

    private final FileChannel channel;

    private Directory(FileChannel channel) {
        this.channel = channel;
    }

    /// Makes the directory (for its owner only) if need be, and locks it.
    static Directory lock(Path directory) throws IOException {
        Files.createDirectories(directory, Disk.SystemDisk.ownerOnly("rwx------"));
        Path file = directory.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), Disk.SystemDisk.ownerOnly("rw-------"));
        boolean locked = false;
        try {
            if (lock(channel, directory) == null) {
                throw new StoreOpenException(directory + ": in use by the process " + holder(file) + "; stop it, or choose another data directory");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
            locked = true;
            return new Directory(channel);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock lock(FileChannel channel, Path directory) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new StoreOpenException(directory + ": already open in this process; close the store that has it, or choose another data directory", e);
        }
    }

    private static String holder(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "(its number cannot be read: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
