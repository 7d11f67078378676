package io.j8s.cluster.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// All state of one cluster on this host: `version` (the format of what is here), `lock` (held while a server runs, with its process id),
/// `flags` (those of the last start), `pki/`, `store/`, `node/`, `logs/`, `run/` and kubeconfig files. Nobody else may enter it (0700).
///
/// @param path absolute
public record DataDirectory(Path path) {

    /// The newest format that this version writes and reads.
    static final int FORMAT = 1;

    public DataDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /// Where the system's one cluster lies.
    public static final Path DEFAULT = Path.of("/var/lib/j8s");

    public boolean isDefault() {
        return path.equals(DEFAULT);
    }

    public Path pki() {
        return path.resolve("pki");
    }

    public Path store() {
        return path.resolve("store");
    }

    public Path node() {
        return path.resolve("node");
    }

    public Path run() {
        return path.resolve("run");
    }

    public Path log() {
        return path.resolve("logs").resolve("j8s.log");
    }

    public Path adminKubeconfig() {
        return path.resolve("admin.conf");
    }

    /// The flags that the last server was started with, one a line.
    public Path flags() {
        return path.resolve("flags");
    }

    private Path version() {
        return path.resolve("version");
    }

    private Path lockFile() {
        return path.resolve("lock");
    }

    /// Whether a cluster was ever made here.
    public boolean exists() {
        return Files.exists(version());
    }

    /// Makes what is missing and checks the format of what is there.
    public void prepare() {
        try {
            var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path, mode);
            }
            for (Path each : new Path[] {path.resolve("logs"), run()}) {
                if (!Files.isDirectory(each)) {
                    Files.createDirectory(each, mode);
                }
            }
            if (exists()) {
                checkFormat(Files.readString(version()).strip());
            } else {
                Files.writeString(version(), FORMAT + "\n");
            }
        } catch (IOException e) {
            throw unusable(path + " cannot be used as the data directory", "choose another one with --data-dir, or fix its owner and permissions", e);
        }
    }

    private void checkFormat(String found) {
        int format;
        try {
            format = Integer.parseInt(found);
        } catch (NumberFormatException e) {
            throw new Failure(Failure.Kind.DATA_DIRECTORY_UNUSABLE, version() + " says '" + found + "', which is no format version",
                    "restore the file (this version writes " + FORMAT + "), or choose another --data-dir", e);
        }
        if (format > FORMAT) {
            throw new Failure(Failure.Kind.DATA_DIRECTORY_NEWER, path + " was written by a newer j8s (format " + format + "; this one knows up to " + FORMAT + ")",
                    "use that version, or choose another --data-dir");
        }
    }

    /// Takes the directory for this process until closed; the system gives it back when the process dies, however it dies.
    public Lock lock() {
        try {
            FileChannel channel = FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new Failure(Failure.Kind.DATA_DIRECTORY_IN_USE, path + " is in use by " + holder().map(Processes::describe).orElse("another process"),
                        "stop it with `j8s down`, or choose another --data-dir");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new Lock(channel);
        } catch (IOException e) {
            throw unusable(lockFile() + " cannot be locked", "choose a --data-dir on a local file system", e);
        }
    }

    private static Failure unusable(String what, String nextStep, IOException e) {
        boolean full = String.valueOf(e.getMessage()).contains("No space left on device");
        return new Failure(full ? Failure.Kind.DISK_FULL : Failure.Kind.DATA_DIRECTORY_UNUSABLE, what + ": " + e, full ? "free some space on that disk (df), and start again" : nextStep, e);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    /// The server that runs on this directory now, if any.
    public Optional<ProcessHandle> runningServer() {
        if (!Files.exists(lockFile())) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(lockFile(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                lock.release();
                return Optional.empty();
            }
            return holder();
        } catch (IOException e) {
            return holder().filter(ProcessHandle::isAlive);
        }
    }

    private Optional<ProcessHandle> holder() {
        OptionalLong pid = Processes.readPid(lockFile());
        return pid.isPresent() ? ProcessHandle.of(pid.getAsLong()) : Optional.empty();
    }

    /// Held while a server runs.
    public static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.truncate(0);
                channel.close();
            } catch (IOException e) {
                throw new Failure(Failure.Kind.DATA_DIRECTORY_UNUSABLE, "the lock of the data directory cannot be given back: " + e, "end the process", e);
            }
        }
    }
}
