package io.j8s.network.proxy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the kernel forget UDP flows: a flow keeps the endpoint that it was first sent to, for as long as packets come, even when that endpoint is gone.
/// (TCP needs none of this: its connections end by themselves.)
final class Conntrack {

    private static final Logger LOG = LoggerFactory.getLogger(Conntrack.class);
    private final List<String> prefix;

    /// @param prefix what stands before `conntrack`; empty on the host itself
    Conntrack(List<String> prefix) {
        this.prefix = List.copyOf(prefix);
    }

    /// Forgets the flows to a service address; with an endpoint, only those that were sent there.
    void forget(String protocol, String address, int port, String endpoint) throws InterruptedException {
        forget(List.of("-p", protocol, "--orig-dst", address, "--orig-port-dst", String.valueOf(port)), Family.of(address), endpoint);
    }

    /// Forgets the flows to a node port, at whatever address of the node.
    void forgetNodePort(String protocol, Family family, int port, String endpoint) throws InterruptedException {
        forget(List.of("-p", protocol, "--orig-port-dst", String.valueOf(port)), family, endpoint);
    }

    private void forget(List<String> flows, Family family, String endpoint) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("conntrack", "-D"));
        command.addAll(flows);
        if (!endpoint.isEmpty()) {
            command.addAll(List.of("--dst-nat", endpoint));
        }
        if (family == Family.IPV6) {
            command.addAll(List.of("-f", "ipv6"));
        }
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            process.waitFor(); // its exit code 1 means that there were no such flows
        } catch (IOException e) {
            LOG.warn("stale flows ({}) stay, for conntrack cannot be run ({}); install the package conntrack", String.join(" ", flows), e.getMessage());
        }
    }
}
