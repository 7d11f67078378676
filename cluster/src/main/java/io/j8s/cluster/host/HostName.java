package io.j8s.cluster.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/// The name of this host.
public final class HostName {
    private HostName() {}

    /// In lower case, as nodes are named.
    public static String get() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
