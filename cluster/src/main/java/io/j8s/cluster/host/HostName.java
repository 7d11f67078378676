package io.j8s.cluster.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The name of this host.
public final class HostName {
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /// In lower case, as nodes are named: what the kernel says, as for kubelets; no name server is asked.
    public static String get() {
        try {
            String name = Files.readString(KERNEL).strip();
            if (!name.isEmpty() && !name.equals("(none)")) {
                return name.toLowerCase(Locale.ROOT);
            }
        } catch (IOException e) {
            // no Linux: the resolver knows
        }
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
