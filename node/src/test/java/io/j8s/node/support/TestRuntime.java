package io.j8s.node.support;

import io.j8s.node.containerd.Containerd;
import io.j8s.node.containerd.ContainerdConfig;
import io.j8s.node.host.Leftovers;
import io.j8s.node.cri.Cri;
import io.j8s.node.images.PauseImage;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A containerd of a test's own, with the pause and busybox images and a bridge network, under a directory in /tmp that is removed at the end.
public final class TestRuntime implements AutoCloseable {
    private final Path directory;
    private final ContainerdConfig config;
    private Containerd containerd;

    public TestRuntime() throws IOException, InterruptedException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "j8s-node");
        Path cni = Files.createDirectories(directory.resolve("cni"));
        Files.writeString(cni.resolve("10-test.conflist"), """
                {"cniVersion": "0.4.0", "name": "test", "plugins": [
                  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
                   "ipam": {"type": "host-local", "dataDir": "%s", "ranges": [[{"subnet": "10.244.7.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
                  {"type": "portmap", "capabilities": {"portMappings": true}},
                  {"type": "loopback"}]}
                """.formatted(directory.resolve("ipam")).replace(",\n  {\"type\": \"loopback\"}", ""));
        config = ContainerdConfig.under(directory, PauseImage.NAME, cni);
        containerd = Containerd.start(config, Timeline.system());
        Path pause = directory.resolve("pause.tar");
        try (OutputStream out = Files.newOutputStream(pause)) {
            PauseImage.write(System.getProperty("os.arch"), out);
        }
        containerd.load(pause);
        containerd.load(TestImages.busybox(directory));
    }

    public Path directory() {
        return directory;
    }

    public Containerd containerd() {
        return containerd;
    }

    public Cri cri() {
        return containerd.cri();
    }

    /// As when j8s ends and starts again: containerd and containers go on.
    public void reconnect() throws IOException, InterruptedException {
        containerd.close();
        containerd = Containerd.start(config, Timeline.system());
    }

    @Override
    public void close() throws IOException {
        containerd.erase();
        Leftovers.remove(directory);
    }
}
