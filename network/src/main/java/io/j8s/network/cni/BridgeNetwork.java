package io.j8s.network.cni;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/// The CNI network list of a node whose pods hang on one bridge: the plugins bridge, host-local (addresses), portmap (host ports) and loopback.
///
/// @param bridge the name of the bridge, at most 15 characters
/// @param podRanges this node's part of the pod network, one CIDR for each family
/// @param mtu of the pods' links; 0: that of the host's default route
/// @param leases the folder in which host-local keeps the addresses that are taken
public record BridgeNetwork(String bridge, List<String> podRanges, int mtu, Path leases) {

    private static final int LONGEST_INTERFACE_NAME = 15;

    public BridgeNetwork {
        podRanges = List.copyOf(podRanges);
        if (podRanges.isEmpty()) {
            throw new IllegalArgumentException("podRanges: a node needs at least one pod range, such as 10.244.0.0/24");
        }
        if (bridge.isEmpty() || bridge.length() > LONGEST_INTERFACE_NAME) {
            throw new IllegalArgumentException("bridge: invalid name \"" + bridge + "\": an interface name has 1 to " + LONGEST_INTERFACE_NAME + " characters");
        }
    }

    /// The file's content (CNI specification 0.4.0, which containerd 1.6 and later understand).
    public String configuration() {
        String ranges = podRanges.stream().map(range -> "[{\"subnet\": \"" + range + "\"}]").collect(Collectors.joining(", "));
        return """
                {
                  "cniVersion": "0.4.0",
                  "name": "j8s",
                  "plugins": [
                    {
                      "type": "bridge",
                      "bridge": "%s",
                      "isGateway": true,
                      "isDefaultGateway": true,
                      "forceAddress": true,
                      "hairpinMode": true,
                      "ipMasq": false,
                      "mtu": %d,
                      "ipam": {
                        "type": "host-local",
                        "dataDir": "%s",
                        "ranges": [%s]
                      }
                    },
                    {"type": "portmap", "capabilities": {"portMappings": true}}
                  ]
                }
                """.formatted(bridge, mtu, leases, ranges);
    }

    /// Writes the list into the folder that the runtime reads, if it is not there in just this form. Other lists in the folder are left alone.
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("10-j8s.conflist");
        String wanted = configuration();
        if (Files.exists(file) && Files.readString(file).equals(wanted)) {
            return;
        }
        Path next = folder.resolve(".10-j8s.conflist.new");
        Files.writeString(next, wanted);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
