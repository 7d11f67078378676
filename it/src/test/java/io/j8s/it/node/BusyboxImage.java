package io.j8s.it.node;

import io.j8s.node.images.OciArchive;
import io.j8s.node.images.OciArchive.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The image that tests run, made from this machine's static busybox: nothing is pulled.
final class BusyboxImage {
    static final String NAME = "test.example/busybox:1";
    static final String SECOND = "test.example/busybox:2";
    private static final List<String> APPLETS = List.of("sh", "sleep", "cat", "echo", "env", "ls", "id", "httpd", "nc", "wget", "touch", "rm", "stat", "kill", "head", "tail", "dd", "true",
            "false", "date", "hostname", "ps", "mkdir", "tr", "wc", "seq", "stty", "printf", "grep", "tar", "nslookup", "mv", "cp", "tty", "base64");

    private BusyboxImage() {}

    static Path write(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String name : List.of("bin", "tmp", "etc", "www")) {
            entries.add(new Entry.Directory(name, name.equals("tmp") ? 01777 : 0755));
        }
        entries.add(new Entry.File("bin/busybox", 0755, Files.readAllBytes(Path.of("/bin/busybox"))));
        entries.add(new Entry.File("www/index.html", 0644, "hello from the web\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        for (String applet : APPLETS) {
            entries.add(new Entry.Link("bin/" + applet, "/bin/busybox"));
        }
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path archive = folder.resolve("busybox.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            new OciArchive(List.of(NAME, SECOND), architecture, entries, List.of(), List.of("httpd", "-f", "-v", "-p", "8080", "-h", "/www"), List.of("PATH=/bin"), "").write(out);
        }
        return archive;
    }
}
