package io.j8s.etcd;

import io.j8s.runtime.Timeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A real etcd (the one on the path, or that of the system property `etcd`), alone and without waiting for its disk.
public final class EtcdProcess implements AutoCloseable {

    private final Process process;
    private final String endpoint;

    private EtcdProcess(Process process, String endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    public static EtcdProcess start(Path directory) throws IOException {
        return start(directory, freePort(), "http", List.of());
    }

    public static EtcdProcess start(Path directory, int port, String scheme, List<String> more) throws IOException {
        String endpoint = scheme + "://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + freePort();
        List<String> command = new ArrayList<>(List.of(System.getProperty("etcd", "etcd"), "--data-dir", directory.resolve("data").toString(), "--unsafe-no-fsync"));
        command.addAll(List.of("--listen-client-urls", endpoint, "--advertise-client-urls", endpoint, "--listen-peer-urls", peer));
        command.addAll(List.of("--initial-advertise-peer-urls", peer, "--initial-cluster", "default=" + peer, "--logger", "zap", "--log-outputs", "stderr"));
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("GOMAXPROCS", "2");
        Process process = builder.start();
        BufferedReader lines = process.errorReader(StandardCharsets.UTF_8);
        StringBuilder log = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            log.append(line).append('\n');
            if (line.contains("serving") && line.contains("client")) {
                // What it says from now on must be taken from it, or it would stop.
                Timeline.system().start("etcd-log", () -> lines.transferTo(Writer.nullWriter()));
                return new EtcdProcess(process, endpoint);
            }
        }
        throw new IOException("etcd did not start:\n" + log);
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public String endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
