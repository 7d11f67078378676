package io.j8s.cluster.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The programs of the host that a real node needs, and the Debian packages they come in.
public final class Packages {
    /// Program -> package, the program being a name on the path or a whole path.
    private static final Map<String, String> NEEDED = new TreeMap<>(Map.of(
            "containerd", "containerd",
            "runc", "runc",
            "/usr/lib/cni/bridge", "containernetworking-plugins",
            "nft", "nftables",
            "conntrack", "conntrack"));
    private static final List<String> FOLDERS = List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private Packages() {}

    /// Those whose programs are not on this host.
    public static List<String> missing() {
        List<String> missing = new ArrayList<>();
        NEEDED.forEach((program, name) -> {
            boolean there = program.startsWith("/") ? Files.isExecutable(Path.of(program)) : FOLDERS.stream().anyMatch(f -> Files.isExecutable(Path.of(f, program)));
            if (!there) {
                missing.add(name);
            }
        });
        return missing;
    }

    /// Installs packages with the launcher's script, which knows apt.
    ///
    /// @param installer `bin/packages`
    public static void install(Path installer, List<String> names) throws InterruptedException {
        String next = "run `apt-get install -y --no-install-recommends " + String.join(" ", names) + "`, or use --node=simulated";
        List<String> command = new ArrayList<>(List.of(installer.toString()));
        command.addAll(names);
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new Failure(Failure.Kind.PACKAGES_MISSING, "the packages " + String.join(", ", names) + " could not be installed: " + output, next);
            }
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PACKAGES_MISSING, "the packages " + String.join(", ", names) + " are missing", next, e);
        }
    }
}
