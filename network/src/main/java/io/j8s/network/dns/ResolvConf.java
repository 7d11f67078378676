package io.j8s.network.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The host's name servers, as resolv.conf(5) lists them.
public final class ResolvConf {

    private static final int DNS_PORT = 53;

    private ResolvConf() {}

    /// The name servers in a file; none when it does not exist. Lines that name no literal address are passed over, as the C library does.
    public static List<InetSocketAddress> nameServers(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[0].equals("nameserver")) {
                try {
                    servers.add(new InetSocketAddress(InetAddress.ofLiteral(words[1]), DNS_PORT));
                } catch (IllegalArgumentException e) {
                    continue;
                }
            }
        }
        return servers;
    }
}
