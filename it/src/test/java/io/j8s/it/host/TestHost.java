package io.j8s.it.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A host of its own: network, mount and process namespaces. It has the address [#ADDRESS] and a default route, but no way out: no packet to any address can leave
/// this machine. Its first process holds it together and ends when our end of its input closes, however this JVM ends; with it the kernel ends
/// every process, mount, interface and rule in it.
public final class TestHost implements AutoCloseable {
    /// From the range for documentation (RFC 5737).
    public static final String ADDRESS = "192.0.2.1";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String FIRST_PROCESS = """
            set -e
            ip link set lo up
            ip link add host0 type veth peer name out0
            ip addr add 192.0.2.1/24 dev host0
            ip link set host0 up
            ip link set out0 up
            ip route add default via 192.0.2.254 dev host0
            mount -t tmpfs tmpfs /run
            echo ready
            while read -r line; do :; done
            """;

    private final Process holder;
    private final long firstProcess;

    private TestHost(Process holder, long firstProcess) {
        this.holder = holder;
        this.firstProcess = firstProcess;
    }

    public static TestHost create() {
        try {
            Process holder = new ProcessBuilder("unshare", "--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc", "--propagation", "slave",
                    "bash", "-c", FIRST_PROCESS).redirectErrorStream(true).start();
            BufferedReader lines = new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder said = new StringBuilder();
            for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
                if (line == null) {
                    throw new IllegalStateException("a test host cannot be made (it needs root): " + said);
                }
                said.append(line).append('\n');
            }
            long first = holder.children().findFirst().orElseThrow().pid();
            return new TestHost(holder, first);
        } catch (IOException e) {
            throw new IllegalStateException("a test host cannot be made: install util-linux and iproute2", e);
        }
    }

    /// What to put before a command so that it runs here.
    public List<String> enter() {
        return List.of("nsenter", "--target", Long.toString(firstProcess), "--net", "--mount", "--pid", "--uts", "--");
    }

    public Result run(String... command) {
        return run(Map.of(), command);
    }

    public Result run(Map<String, String> environment, String... command) {
        return Programs.run(PATIENCE, environment, "", here(command));
    }

    /// In the background; it ends with this host at the latest.
    public Process start(Map<String, String> environment, String... command) throws IOException {
        return Programs.start(environment, here(command));
    }

    private List<String> here(String... command) {
        List<String> all = new ArrayList<>(enter());
        all.addAll(List.of(command));
        return all;
    }

    @Override
    public void close() {
        try {
            holder.getOutputStream().close();
            if (!holder.waitFor(Duration.ofSeconds(20))) {
                holder.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            holder.destroyForcibly();
        } catch (InterruptedException e) {
            holder.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
