package io.j8s.node.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What went through one network interface, from `/proc/PID/net/dev`.
record Interfaces(String name, long receivedBytes, long receivedPackets, long receiveErrors, long receiveDropped, long sentBytes, long sentPackets, long sendErrors, long sendDropped) {

    /// Those of a network but for loopback; none when the process is gone.
    ///
    /// @param process `self`, or the number of a process in that network
    static List<Interfaces> of(String process) {
        List<Interfaces> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc", process, "net/dev"))) {
                int colon = line.indexOf(':');
                String name = colon < 0 ? "lo" : line.substring(0, colon).strip();
                if (!name.equals("lo")) {
                    String[] words = line.substring(colon + 1).strip().split("\\s+");
                    found.add(new Interfaces(name, number(words, 0), number(words, 1), number(words, 2), number(words, 3), number(words, 8), number(words, 9), number(words, 10), number(words, 11)));
                }
            }
            return found;
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long number(String[] words, int index) {
        return index < words.length ? Long.parseLong(words[index]) : 0;
    }
}
