package io.j8s.node.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// System calls through the C library (JEP 454). Any thread may call them; a call that fails throws a [HostException] that names
/// the call, its object and the reason. Nothing here keeps state.
public final class Linux {

    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_REMOUNT = 32;
    public static final long MS_BIND = 4096;
    public static final long MS_REC = 16384;
    public static final long MS_SHARED = 1 << 20;

    private static final int MNT_DETACH = 2;
    private static final int CLOEXEC_READ_ONLY = 0x80000;
    /// O_PATH, O_NOFOLLOW and O_CLOEXEC; O_NOFOLLOW is another bit on ARM.
    private static final int PATH_ONLY_NO_LINK = 0x200000 | 0x80000 | (System.getProperty("os.arch").equals("aarch64") ? 0x8000 : 0x20000);
    private static final int CLONE_NEWNET = 0x40000000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle MOUNT = function("mount",
            ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    private static final MethodHandle UMOUNT = function("umount2", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle MKFIFO = function("mkfifo", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle OPEN = function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);
    private static final MethodHandle SETNS = function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle KILL = function("kill", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle CHMOD = function("chmod", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final int STATVFS_BYTES = 112;
    /// f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail: 64 bits each in the C libraries of 64-bit Linux.
    private static final int STATVFS_WORDS = 8;
    private static final MethodHandle STATVFS = function("statvfs", ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    private static final MethodHandle CHOWN = function("lchown", ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    private Linux() {}

    /// mount(2). `source`, `type` and `data` may be empty.
    public static void mount(String source, Path target, String type, long flags, String data) throws IOException {
        call("mount " + (type.isEmpty() ? source : type), target.toString(), (arena, state) -> (int) MOUNT.invokeExact(
                state, text(arena, source), text(arena, target.toString()), text(arena, type), flags, text(arena, data)));
    }

    /// Mounts what `path` is now at `target`: it is opened without following a link at its end, and mounted only if what was opened still lies there.
    public static void bindExactly(Path path, Path target) throws IOException {
        int descriptor = call("open", path.toString(), (arena, state) -> (int) OPEN.invokeExact(state, text(arena, path.toString()), PATH_ONLY_NO_LINK));
        try {
            Path opened = Path.of("/proc/self/fd", Integer.toString(descriptor));
            if (!Files.readSymbolicLink(opened).equals(path)) {
                throw new IOException(path + " was moved while it was opened");
            }
            mount(opened.toString(), target, "", MS_BIND | MS_REC, "");
        } finally {
            close(descriptor);
        }
    }

    /// Takes a mount away, lazily: what still uses it keeps it until its end.
    public static void unmount(Path target) throws IOException {
        call("unmount", target.toString(), (arena, state) -> (int) UMOUNT.invokeExact(state, text(arena, target.toString()), MNT_DETACH));
    }

    public static void makeFifo(Path path, int mode) throws IOException {
        call("mkfifo", path.toString(), (arena, state) -> (int) MKFIFO.invokeExact(state, text(arena, path.toString()), mode));
    }

    /// chmod(2) with all twelve bits (Java's own knows no set-group-id).
    public static void mode(Path path, int mode) throws IOException {
        call("chmod", path.toString(), (arena, state) -> (int) CHMOD.invokeExact(state, text(arena, path.toString()), mode));
    }

    /// lchown(2); -1 keeps the user or group as it is.
    public static void owner(Path path, int user, int group) throws IOException {
        call("chown", path.toString(), (arena, state) -> (int) CHOWN.invokeExact(state, text(arena, path.toString()), user, group));
    }

    /// Sends a signal to a process.
    public static void kill(int pid, int signal) throws IOException {
        call("kill", Integer.toString(pid), (arena, state) -> (int) KILL.invokeExact(state, pid, signal));
    }

    /// How much a file system holds and has free, in bytes and files.
    public record Space(long bytes, long availableBytes, long files, long freeFiles) {}

    /// statvfs(3) of the file system that a path is on.
    public static Space space(Path path) throws IOException {
        long[] words = new long[STATVFS_WORDS];
        call("statvfs", path.toString(), (arena, state) -> {
            MemorySegment answer = arena.allocate(STATVFS_BYTES, 8);
            int result = (int) STATVFS.invokeExact(state, text(arena, path.toString()), answer);
            MemorySegment.copy(answer, ValueLayout.JAVA_LONG, 0, words, 0, words.length);
            return result;
        });
        long fragment = words[1];
        return new Space(words[2] * fragment, words[4] * fragment, words[5], words[7]);
    }

    /// Runs `body` inside another network namespace and returns to our own: what it opens (a socket) stays in that namespace.
    /// `body` must not block, so that its virtual thread stays on the one system thread whose namespace is changed.
    public static <T> T inNetworkNamespace(Path namespace, Body<T> body) throws IOException {
        int own = open(Path.of("/proc/thread-self/ns/net"));
        try {
            int other = open(namespace);
            try {
                enter(other, namespace.toString());
                try {
                    return body.run();
                } finally {
                    enter(own, "our own network namespace");
                }
            } finally {
                close(other);
            }
        } finally {
            close(own);
        }
    }

    /// What runs inside another namespace.
    @FunctionalInterface
    public interface Body<T> {
        T run() throws IOException;
    }

    private static int open(Path path) throws IOException {
        return call("open", path.toString(), (arena, state) -> (int) OPEN.invokeExact(state, text(arena, path.toString()), CLOEXEC_READ_ONLY));
    }

    private static void close(int descriptor) throws IOException {
        call("close", "descriptor " + descriptor, (arena, state) -> (int) CLOSE.invokeExact(state, descriptor));
    }

    private static void enter(int descriptor, String name) throws IOException {
        call("setns", name, (arena, state) -> (int) SETNS.invokeExact(state, descriptor, CLONE_NEWNET));
    }

    @SuppressWarnings("restricted") // calling C is what this class is for
    private static MethodHandle function(String name, MemoryLayout... parameters) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters), Linker.Option.captureCallState("errno"));
    }

    private static MemorySegment text(Arena arena, String value) {
        return value.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(value);
    }

    @FunctionalInterface
    private interface Call {
        int invoke(Arena arena, MemorySegment state) throws Throwable;
    }

    private static int call(String name, String object, Call call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = call.invoke(arena, state);
            if (result < 0) {
                throw new HostException(name, object, (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }
}
