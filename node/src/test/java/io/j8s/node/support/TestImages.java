package io.j8s.node.support;

import io.j8s.node.images.OciArchive;
import io.j8s.node.images.OciArchive.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Images for tests, made here: nothing is pulled.
public final class TestImages {
    public static final String BUSYBOX = "test.example/busybox:1";
    private static final List<String> APPLETS = List.of("sh", "sleep", "cat", "echo", "env", "ls", "id", "httpd", "nc", "wget", "touch", "rm", "stat", "readlink", "kill",
            "head", "tail", "dd", "true", "false", "date", "hostname", "ps", "mount", "sync", "test", "trap", "mkdir", "tr", "wc", "seq", "stty", "printf", "grep");

    private TestImages() {}

    public static Path busybox(Path directory) throws IOException {
        Path binary = Path.of("/bin/busybox");
        if (!Files.exists(binary)) {
            throw new IOException("/bin/busybox is missing: install the package busybox-static");
        }
        List<Entry> entries = new ArrayList<>();
        for (String name : List.of("bin", "tmp", "etc", "data", "www")) {
            entries.add(new Entry.Directory(name, name.equals("tmp") ? 01777 : 0755));
        }
        entries.add(new Entry.File("bin/busybox", 0755, Files.readAllBytes(binary)));
        for (String applet : APPLETS) {
            entries.add(new Entry.Link("bin/" + applet, "/bin/busybox"));
        }
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path archive = directory.resolve("busybox.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            new OciArchive(List.of(BUSYBOX), architecture, entries, List.of(), List.of("sh"), List.of("PATH=/bin"), "").write(out);
        }
        return archive;
    }
}
