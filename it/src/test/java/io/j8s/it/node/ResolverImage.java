package io.j8s.it.node;

import io.j8s.it.host.Programs;
import io.j8s.node.images.OciArchive;
import io.j8s.node.images.OciArchive.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An image whose programs look names up as an application does: this machine's curl and getent with the libraries that they load. (A static busybox cannot look names up.)
final class ResolverImage {
    static final String NAME = "test.example/resolver:1";
    private static final List<String> PROGRAMS = List.of("/usr/bin/curl", "/usr/bin/getent", "/usr/bin/sleep");

    private ResolverImage() {}

    static Path write(Path folder) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        for (String program : PROGRAMS) {
            files.put(program.substring(1), Path.of(program));
            String libraries = Programs.run(Duration.ofSeconds(20), Map.of(), "", List.of("ldd", program)).ok();
            for (String word : libraries.split("\\s+")) {
                if (word.startsWith("/")) {
                    files.put(word.substring(1), Path.of(word));
                }
            }
        }
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry.Directory("etc", 0755));
        entries.add(new Entry.Directory("tmp", 01777));
        entries.add(new Entry.File("etc/nsswitch.conf", 0644, "hosts: files dns\n".getBytes(StandardCharsets.US_ASCII)));
        for (Map.Entry<String, Path> file : files.entrySet()) {
            entries.add(new Entry.File(file.getKey(), 0755, Files.readAllBytes(file.getValue())));
        }
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path archive = folder.resolve("resolver.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            new OciArchive(List.of(NAME), architecture, entries, List.of(), List.of("sleep", "100000"), List.of("PATH=/usr/bin"), "").write(out);
        }
        return archive;
    }
}
