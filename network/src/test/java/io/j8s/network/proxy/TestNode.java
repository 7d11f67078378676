package io.j8s.network.proxy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A node of the test's own: a network namespace with a bridge and no way out, and pods as further namespaces on that bridge. Gone when closed.
final class TestNode implements AutoCloseable {

    private final String name = "j8st-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<String> namespaces = new ArrayList<>();
    private final List<Process> servers = new ArrayList<>();

    TestNode() throws Exception {
        add(name);
        in(name, "ip", "link", "add", "br0", "type", "bridge");
        in(name, "ip", "addr", "add", "10.244.0.1/24", "dev", "br0");
        in(name, "ip", "link", "set", "br0", "up");
        in(name, "ip", "link", "add", "up0", "type", "veth", "peer", "name", "up1");
        in(name, "ip", "addr", "add", "192.0.2.1/24", "dev", "up0");
        in(name, "ip", "link", "set", "up0", "up");
        in(name, "ip", "link", "set", "up1", "up");
        in(name, "ip", "route", "add", "default", "via", "192.0.2.254");
        in(name, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        in(name, "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1");
    }

    /// A client outside the pod network, on its own link to the node (192.168.99.2; the node is 192.168.99.1).
    String outside() throws Exception {
        String outside = name + "-out";
        add(outside);
        link(outside, "out0");
        in(name, "ip", "addr", "add", "192.168.99.1/24", "dev", "out0");
        in(outside, "ip", "addr", "add", "192.168.99.2/24", "dev", "eth0");
        in(outside, "ip", "route", "add", "default", "via", "192.168.99.1");
        return outside;
    }

    /// A pod with the address 10.244.0.N.
    String pod(int number) throws Exception {
        String pod = name + "-p" + number;
        add(pod);
        link(pod, "v" + number);
        in(name, "ip", "link", "set", "v" + number, "master", "br0");
        in(name, "bridge", "link", "set", "dev", "v" + number, "hairpin", "on");
        in(pod, "ip", "addr", "add", "10.244.0." + number + "/24", "dev", "eth0");
        in(pod, "ip", "route", "add", "default", "via", "10.244.0.1");
        return pod;
    }

    /// A server in a pod that answers each connection with the client's address and its own name.
    void serve(String pod, int port) throws Exception {
        Process server = new ProcessBuilder(enter(pod, "busybox", "nc", "-ll", "-p", String.valueOf(port), "-e", "/bin/sh", "-c", "echo " + pod.substring(name.length() + 1)))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        servers.add(server);
        String listening = String.format(":%04X", port);
        while (!in(pod, "cat", "/proc/net/tcp", "/proc/net/tcp6").contains(listening)) {
            Thread.onSpinWait();
        }
    }

    /// What a TCP server at this address says to a client in this namespace; `refused` or `timeout` when there is none.
    String ask(String from, String address, int port) throws Exception {
        Process client = new ProcessBuilder(enter(from, "busybox", "nc", "-w", "2", address, String.valueOf(port))).redirectErrorStream(true).start();
        client.getOutputStream().close();
        String said = new String(client.getInputStream().readAllBytes(), UTF_8).strip();
        client.waitFor();
        return said.contains("refused") ? "refused" : said.contains("timed out") || said.isEmpty() ? "timeout" : said;
    }

    /// The words that run nft on this node.
    List<String> entry() {
        return enter(name);
    }

    String in(String namespace, String... command) throws IOException {
        return run(enter(namespace, command));
    }

    String name() {
        return name;
    }

    private void add(String namespace) throws Exception {
        run(List.of("ip", "netns", "add", namespace));
        namespaces.add(namespace);
        in(namespace, "ip", "link", "set", "lo", "up");
    }

    private void link(String namespace, String nodeSide) throws Exception {
        run(List.of("ip", "-n", name, "link", "add", nodeSide, "type", "veth", "peer", "name", "eth0", "netns", namespace));
        in(name, "ip", "link", "set", nodeSide, "up");
        in(namespace, "ip", "link", "set", "eth0", "up");
    }

    private static List<String> enter(String namespace, String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace));
        all.addAll(List.of(command));
        return all;
    }

    private static String run(List<String> command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("cannot run " + command.getFirst() + "; install the packages iproute2, nftables, busybox-static, util-linux", e);
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        servers.forEach(server -> server.destroyForcibly().onExit().join());
        for (String namespace : namespaces.reversed()) {
            run(List.of("ip", "netns", "delete", namespace));
        }
    }
}
