package io.j8s.node.containerd;

import io.j8s.node.host.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Images as read-only directories (KEP-4639), by containerd's own tool: its CRI can mount images only from version 2.1 on. Any thread may call.
public final class ImageMounts {
    private final Path socket;
    private final Object lock = new Object();

    /// @param socket of containerd
    public ImageMounts(Path socket) {
        this.socket = socket;
    }

    /// Mounts an image that is present, if it is not mounted there already.
    ///
    /// @param image its id
    public void mount(String image, Path place) throws IOException, InterruptedException {
        synchronized (lock) { // one after another: two containers of a pod may want the same
            if (Leftovers.isMount(place)) {
                return;
            }
            Files.createDirectories(place);
            Path output = Files.createTempFile(place.getParent(), "mount", ".out"); // reading a pipe would hold a carrier of virtual threads
            try {
                Process process = new ProcessBuilder(List.of("ctr", "--address", socket.toString(), "--namespace", "k8s.io", "images", "mount", image, place.toString()))
                        .redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
                if (process.waitFor() != 0) {
                    throw new IOException("image " + image + " cannot be mounted: " + Files.readString(output).strip());
                }
            } finally {
                Files.delete(output);
            }
        }
    }
}
