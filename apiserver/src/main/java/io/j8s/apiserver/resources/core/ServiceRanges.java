package io.j8s.apiserver.resources.core;

import java.util.ArrayList;
import java.util.List;

/// What services get their addresses and node ports from.
///
/// @param addresses one range, or one of each family; the first is the preferred family (`--service-cluster-ip-range`)
/// @param firstNodePort, lastNodePort both included (`--service-node-port-range`)
public record ServiceRanges(List<String> addresses, int firstNodePort, int lastNodePort) {

    private static final int FIRST_NODE_PORT = 30000;
    private static final int LAST_NODE_PORT = 32767;

    /// The ranges of a server without flags.
    public static final ServiceRanges DEFAULT = new ServiceRanges(List.of("10.0.0.0/24"), FIRST_NODE_PORT, LAST_NODE_PORT);

    public ServiceRanges {
        addresses = List.copyOf(addresses);
        List<Boolean> families = new ArrayList<>();
        for (String range : addresses) {
            if (!IpRules.isCidr(range)) {
                throw new IllegalArgumentException("\"" + range + "\" is no range of addresses for services; a CIDR like 10.96.0.0/12 is");
            }
            families.add(IpRules.isV6(range));
        }
        if (addresses.isEmpty() || addresses.size() > 2 || (addresses.size() == 2 && families.get(0).equals(families.get(1)))) {
            throw new IllegalArgumentException("services have one range of addresses, or one of each family, not " + addresses);
        }
        if (firstNodePort < 1 || lastNodePort > 65535 || firstNodePort > lastNodePort) {
            throw new IllegalArgumentException("node ports " + firstNodePort + "-" + lastNodePort + " are no range within 1-65535");
        }
    }
}
