package io.j8s.cluster.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells systemd how the service is (protocol: sd_notify(3)): one datagram to the Unix socket that `NOTIFY_SOCKET` names. The JDK has no Unix datagrams, so the
/// C library's `socket` and `sendto` are called; nothing is loaded when systemd does not ask.
@SuppressWarnings("restricted") // the C library is called by its documented signatures
public final class Systemd {
    private static final Logger LOG = LoggerFactory.getLogger(Systemd.class);
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int FAMILY_BYTES = 2;
    private static final int LONGEST_PATH = 108;

    private Systemd() {}

    /// @param socket the value of `NOTIFY_SOCKET`; null or empty: nobody asks
    /// @param state such as `READY=1` or `STOPPING=1`
    public static void notify(@Nullable String socket, String state) {
        if (socket == null || socket.isEmpty()) {
            return;
        }
        byte[] path = socket.getBytes(StandardCharsets.UTF_8);
        if (path.length >= LONGEST_PATH || path[0] != '/' && path[0] != '@') {
            LOG.warn("NOTIFY_SOCKET is '{}', which is neither a path nor an abstract name: systemd is not told {}", socket, state);
            return;
        }
        try {
            send(path, state.getBytes(StandardCharsets.UTF_8));
        } catch (Throwable e) {
            LOG.warn("systemd could not be told {}", state, e);
        }
    }

    private static void send(byte[] path, byte[] state) throws Throwable {
        Linker linker = Linker.nativeLinker();
        SymbolLookup c = linker.defaultLookup();
        MethodHandle open = linker.downcallHandle(c.findOrThrow("socket"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        MethodHandle sendTo = linker.downcallHandle(c.findOrThrow("sendto"), FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        MethodHandle close = linker.downcallHandle(c.findOrThrow("close"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        int descriptor = (int) open.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new java.io.IOException("no Unix datagram socket can be opened");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(FAMILY_BYTES + LONGEST_PATH);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, path.length);
            if (path[0] == '@') {
                address.set(ValueLayout.JAVA_BYTE, FAMILY_BYTES, (byte) 0);
            }
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, state);
            long sent = (long) sendTo.invokeExact(descriptor, bytes, (long) state.length, 0, address, FAMILY_BYTES + path.length);
            if (sent != state.length) {
                throw new java.io.IOException("the socket takes nothing");
            }
        } finally {
            int ignored = (int) close.invokeExact(descriptor);
            LOG.trace("closed: {}", ignored);
        }
    }
}
