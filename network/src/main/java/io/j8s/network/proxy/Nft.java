package io.j8s.network.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Runs the `nft` program. Each call is one transaction of the kernel's: all of it happens, or nothing.
final class Nft {

    private final List<String> command;

    /// @param prefix what stands before `nft`, such as the command that enters a network namespace; empty on the host itself
    Nft(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("nft", "-f", "-"));
        this.command = List.copyOf(command);
    }

    /// Runs these commands.
    void run(List<String> commands) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("cannot run nft (" + e.getMessage() + "); install the package nftables", e);
        }
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
}
