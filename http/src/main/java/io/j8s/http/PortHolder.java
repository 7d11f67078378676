package io.j8s.http;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Finds out from /proc which process listens on a TCP port.
final class PortHolder {

    private static final String LISTENING = "0A";

    private PortHolder() {}

    /// ` (held by process 123, "name")`, or empty when the system does not tell.
    static String describe(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            collectSockets(Path.of(table), port, sockets);
        }
        if (sockets.isEmpty()) {
            return "";
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    return " (held by process " + process.getFileName() + ", \"" + name(process) + "\")";
                }
            }
        } catch (IOException e) {
            return "";
        }
        return "";
    }

    private static void collectSockets(Path table, int port, Set<String> sockets) {
        String hexPort = String.format(Locale.ROOT, ":%04X", port);
        try {
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.trim().split("\\s+", -1);
                if (columns.length > 9 && columns[1].endsWith(hexPort) && columns[3].equals(LISTENING)) {
                    sockets.add("socket:[" + columns[9] + "]");
                }
            }
        } catch (IOException e) {
            // no such table here: nothing to tell
        }
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file) && sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // another user's process, or it has just ended
        }
        return false;
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "?";
        }
    }
}
