package io.j8s.cluster.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// Other processes of this host.
public final class Processes {
    private Processes() {}

    /// The process id that a file holds, if it does.
    static OptionalLong readPid(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /// For messages: `process 123 (kube-apiserver)`.
    public static String describe(ProcessHandle process) {
        String name = process.info().command().map(c -> Path.of(c).getFileName().toString()).orElse("");
        return "process " + process.pid() + (name.isEmpty() ? "" : " (" + name + ")");
    }

    /// Whether this process has all rights on the host.
    public static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
