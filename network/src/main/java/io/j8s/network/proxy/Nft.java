package io.j8s.network.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Runs the `nft` program. Each call is one transaction of the kernel's: all of it happens, or nothing.
final class Nft {

    private final List<String> program;

    /// @param prefix what stands before `nft`, such as the command that enters a network namespace; empty on the host itself
    Nft(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("nft");
        this.program = List.copyOf(command);
    }

    /// Whether this chain of the proxy's table is there, in the family IPv4.
    boolean holds(String chain) throws IOException, InterruptedException {
        Process process = start("-t", "list", "chain", Family.IPV4.table, RulesetDiff.TABLE, chain);
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    /// Runs these commands.
    void run(List<String> commands) throws IOException, InterruptedException {
        Process process = start("-f", "-");
        try (var in = process.getOutputStream()) {
            in.write(String.join("\n", commands).getBytes(StandardCharsets.UTF_8));
            in.write('\n');
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("nft refused the rules (exit code " + code + "): " + output.lines().limit(6).reduce((a, b) -> a + " | " + b).orElse(""));
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("cannot run nft (" + e.getMessage() + "); install the package nftables", e);
        }
    }
}
