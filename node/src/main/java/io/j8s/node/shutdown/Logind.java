package io.j8s.node.shutdown;

import io.j8s.runtime.Timeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// systemd's login manager as far as shutdowns go (systemd.io, "Inhibitor Locks"), by systemd's own programs: holds the host's shutdown back for a while, and tells of it.
/// One task uses it.
final class Logind implements AutoCloseable {
    private static final String SERVICE = "org.freedesktop.login1";
    private static final String OBJECT = "/org/freedesktop/login1";
    private static final String INTERFACE = "org.freedesktop.login1.Manager";
    private static final Path OVERRIDE = Path.of("/etc/systemd/logind.conf.d/99-kubelet.conf");
    private static final int LOOKS = 5;

    private final Path tools;
    private final Timeline timeline;
    private @Nullable Process lock;
    private volatile @Nullable Process monitor;
    private @Nullable BufferedReader lines;

    Logind(Path tools, Timeline timeline) {
        this.tools = tools;
        this.timeline = timeline;
    }

    /// Begins to listen, sees to it that the host waits for so long, and holds the shutdown back.
    void open(Duration span) throws IOException, InterruptedException {
        Process listening = new ProcessBuilder(tools.resolve("busctl").toString(), "--system", "--json=short",
                "--match=type='signal',interface='" + INTERFACE + "',member='PrepareForShutdown',path='" + OBJECT + "'", "monitor").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        monitor = listening;
        lines = new BufferedReader(new InputStreamReader(listening.getInputStream(), StandardCharsets.UTF_8));
        if (delay().compareTo(span) < 0) {
            lengthen(span);
        }
        hold();
    }

    /// Holds the shutdown back, anew after a [#release]. The lock is given back also when this process dies.
    void hold() throws IOException {
        release();
        lock = new ProcessBuilder(tools.resolve("systemd-inhibit").toString(), "--what=shutdown", "--who=kubelet", "--why=Kubelet needs time to handle node shutdown", "--mode=delay", "cat")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /// Lets the host go down.
    void release() throws IOException {
        Process held = lock;
        lock = null;
        if (held != null) {
            held.getOutputStream().close(); // `cat` ends, and with it the inhibitor
        }
    }

    /// Waits for the next signal: true, the host is about to go down; false, it is not any more.
    ///
    /// @throws IOException when the connection has ended
    boolean next() throws IOException {
        BufferedReader reading = lines;
        if (reading != null) {
            for (String line = reading.readLine(); line != null; line = reading.readLine()) {
                if (line.contains("PrepareForShutdown")) {
                    return line.replace(" ", "").contains("\"data\":[true]");
                }
            }
        }
        throw new IOException("the system's message bus does not tell of shutdowns any more");
    }

    /// Has [#next] fail. Any thread.
    void interrupt() {
        Process listening = monitor;
        if (listening != null) {
            listening.destroy();
        }
    }

    private Duration delay() throws IOException, InterruptedException {
        String answer = run("get-property", SERVICE, OBJECT, INTERFACE, "InhibitDelayMaxUSec").strip();
        if (!answer.matches("t \\d+")) {
            throw new IOException("systemd-logind says of InhibitDelayMaxUSec: \"" + answer + "\"");
        }
        return Duration.ofNanos(Math.multiplyExact(Long.parseLong(answer.substring(2)), 1000L));
    }

    private void lengthen(Duration span) throws IOException, InterruptedException {
        Files.createDirectories(OVERRIDE.getParent());
        Files.writeString(OVERRIDE, "# Kubelet logind override\n[Login]\nInhibitDelayMaxSec=" + span.toSeconds() + "\n");
        run("call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "KillUnit", "ssi", "systemd-logind.service", "all", "1");
        Duration pause = Duration.ofMillis(100);
        for (int look = 1; delay().compareTo(span) < 0; look++) {
            if (look == LOOKS) {
                throw new IOException("systemd-logind waits for " + delay().toSeconds() + " s only although " + OVERRIDE + " says " + span.toSeconds() + " s");
            }
            timeline.sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tools.resolve("busctl").toString(), "--system"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
        return said;
    }

    @Override
    public void close() throws IOException {
        release();
        interrupt();
    }
}
