package io.j8s.cluster.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// TCP ports of this host, and who listens on them.
public final class Ports {
    private Ports() {}

    /// Fails when nobody could listen on the port now; says who does.
    ///
    /// @param flag the flag with which another port is chosen, for the message
    public static void check(InetSocketAddress address, String flag) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            String by = listener(address.getPort()).map(p -> " by " + Processes.describe(p)).orElse("");
            if (!by.isEmpty() || String.valueOf(e.getMessage()).contains("in use")) {
                throw new Failure(Failure.Kind.PORT_IN_USE, "port " + address.getPort() + " is in use" + by, "stop that process, or choose another port with " + flag, e);
            }
            throw new Failure(Failure.Kind.NOT_ALLOWED, "cannot listen on " + address.getAddress().getHostAddress() + ":" + address.getPort() + ": " + e.getMessage(),
                    "choose an address of this host with --bind-address and a port with " + flag, e);
        }
    }

    /// The process that listens on a port, as far as this user may see it.
    public static Optional<ProcessHandle> listener(int port) {
        Set<String> inodes = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                lines.skip(1).map(l -> l.strip().split("\\s+")).filter(f -> listens(f, port)).forEach(f -> inodes.add("socket:[" + f[9] + "]"));
            } catch (IOException e) {
                // no such family here
            }
        }
        return inodes.isEmpty() ? Optional.empty() : ProcessHandle.allProcesses().filter(p -> holdsOne(p, inodes)).findFirst();
    }

    private static boolean listens(String[] fields, int port) {
        return fields.length > 9 && fields[3].equals("0A") && fields[1].endsWith(String.format(Locale.ROOT, ":%04X", port));
    }

    private static boolean holdsOne(ProcessHandle process, Set<String> inodes) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return open.anyMatch(fd -> {
                try {
                    return inodes.contains(Files.readSymbolicLink(fd).toString());
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        } catch (IOException e) {
            return false; // another user's, or gone
        }
    }
}
