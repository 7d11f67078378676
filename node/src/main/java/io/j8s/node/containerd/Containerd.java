package io.j8s.node.containerd;

import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.host.HostException;
import io.j8s.node.host.Leftovers;
import io.j8s.node.host.Linux;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The supervisor of a private containerd: starts it, or adopts the one that an earlier run left, and starts it again when it dies.
///
/// containerd runs in a session of its own and outlives this process, and its shims outlive it: a restart of j8s, or of containerd,
/// leaves containers running. [#close] only stops supervising; [#stop] ends containerd itself; [#erase] ends everything and removes its files.
/// One thread watches the process. Methods may be called from any thread.
public final class Containerd implements AutoCloseable {
    private static final int ERASE_ATTEMPTS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Containerd.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int SIGKILL = 9;
    private static final long CAP_SYS_RESOURCE = 1L << 24;

    private final ContainerdConfig config;
    private final Timeline timeline;
    private final Cri cri;
    private final Task supervision;
    private volatile ProcessHandle process;
    private volatile boolean stopping;

    private Containerd(ContainerdConfig config, Timeline timeline, Cri cri, ProcessHandle process) {
        this.config = config;
        this.timeline = timeline;
        this.cri = cri;
        this.process = process;
        this.supervision = timeline.start("containerd supervision", this::supervise);
    }

    /// Starts containerd, or adopts a running one with the same configuration, and answers when its CRI does.
    public static Containerd start(ContainerdConfig config, Timeline timeline) throws IOException, InterruptedException {
        Files.createDirectories(config.root());
        Files.createDirectories(config.state());
        Files.createDirectories(config.cniConfigs());
        for (Path directory : List.of(config.root(), config.state())) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        }
        boolean changed = writeConfiguration(config);
        Optional<ProcessHandle> running = running(config);
        if (running.isPresent() && (changed || !Files.exists(config.socket()))) {
            LOG.info("containerd's configuration changed: starting it again, containers go on");
            end(running.get());
            running = Optional.empty();
        }
        ProcessHandle process = running.isPresent() ? running.get() : launch(config);
        Cri cri = new Cri(config.socket());
        try {
            awaitReady(config, timeline, cri, process);
        } catch (IOException | InterruptedException | RuntimeException e) {
            cri.close();
            throw e;
        }
        return new Containerd(config, timeline, cri, process);
    }

    /// The connection to its CRI; valid until [#close], also over restarts of containerd.
    public Cri cri() {
        return cri;
    }

    public long pid() {
        return process.pid();
    }

    /// Imports an OCI or docker archive (plain, gzip or zstd) under the names that it carries. Answers the names.
    public List<String> load(Path archive) throws IOException, InterruptedException {
        return ImageArchive.load(config, archive);
    }

    /// Stops supervising and disconnects. containerd and the containers go on.
    @Override
    public void close() {
        stopping = true;
        supervision.close();
        cri.close();
    }

    /// Ends containerd; the containers go on under their shims until it is started again.
    public void stop() throws IOException {
        close();
        end(process);
        Files.deleteIfExists(config.pidFile());
    }

    /// Ends every pod and containerd, and removes everything that it kept.
    public void erase() throws IOException {
        for (int attempt = 1; !removeSandboxes(attempt == ERASE_ATTEMPTS); attempt++) {
            LOG.info("some pods could not be ended at once, trying again");
        }
        stop();
        Leftovers.remove(config.state());
        Leftovers.remove(config.root());
    }

    /// Whether all are gone. A sandbox whose shim ends by itself at the same moment is refused, and found ended when it is asked about again.
    ///
    /// @param last whether a refusal is thrown
    private boolean removeSandboxes(boolean last) {
        boolean all = true;
        for (var sandbox : cri.sandboxes(java.util.Map.of())) {
            try {
                cri.stopSandbox(sandbox.getId());
                cri.removeSandbox(sandbox.getId());
            } catch (CriException e) {
                if (last) {
                    throw e;
                }
                all = false;
            }
        }
        return all;
    }

    private void supervise() throws InterruptedException {
        while (!stopping) {
            try {
                process.onExit().get();
                if (stopping) {
                    return;
                }
                LOG.warn("containerd (process {}) ended; starting it again; its log: {}", process.pid(), config.log());
                process = launch(config);
                cri.retryNow();
                awaitReady(config, timeline, cri, process);
            } catch (IOException | ExecutionException | CriException e) {
                LOG.error("containerd does not start: {}; trying again", e.getMessage());
                timeline.sleep(Duration.ofSeconds(1));
            }
        }
    }

    private static boolean writeConfiguration(ContainerdConfig config) throws IOException {
        String text = config.toml(mayLowerOomScore());
        if (Files.exists(config.file()) && Files.readString(config.file()).equals(text)) {
            return false;
        }
        Files.writeString(config.file(), text);
        return true;
    }

    private static boolean mayLowerOomScore() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapEff:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & CAP_SYS_RESOURCE) != 0;
            }
        }
        return false;
    }

    /// The process that an earlier run left, if it is alive and really is containerd with our configuration file.
    private static Optional<ProcessHandle> running(ContainerdConfig config) throws IOException {
        if (!Files.exists(config.pidFile())) {
            return Optional.empty();
        }
        String pid = Files.readString(config.pidFile()).strip();
        Path commandLine = Path.of("/proc", pid, "cmdline");
        if (pid.isEmpty() || !Files.exists(commandLine) || !Files.readString(commandLine).contains(config.file().toString())) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
    }

    /// A session of its own keeps signals meant for us (Ctrl-C) away from it. `setsid` starts the program in its own process, so the pid is containerd's.
    private static ProcessHandle launch(ContainerdConfig config) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("setsid", config.binary(), "--config", config.file().toString(), "--log-level", "warn");
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(config.log().toFile()));
        try {
            Process process = builder.start();
            Files.writeString(config.pidFile(), Long.toString(process.pid()));
            return process.toHandle();
        } catch (IOException e) {
            throw new IOException("cannot start " + config.binary() + ": " + e.getMessage() + "; install the packages containerd, runc and containernetworking-plugins", e);
        }
    }

    private static void awaitReady(ContainerdConfig config, Timeline timeline, Cri cri, ProcessHandle process) throws IOException, InterruptedException {
        long end = timeline.nanoTime() + START_LIMIT.toNanos();
        Duration pause = Duration.ofMillis(5);
        while (true) {
            if (Files.exists(config.socket())) {
                try {
                    cri.version();
                    return;
                } catch (CriException e) {
                    if (timeline.nanoTime() > end) {
                        throw e;
                    }
                    cri.retryNow();
                }
            }
            if (!process.isAlive()) {
                throw new IOException("containerd ended while it started; the last lines of " + config.log() + ":\n" + lastLines(config.log()));
            }
            if (timeline.nanoTime() > end) {
                throw new IOException("containerd did not open " + config.socket() + " within " + START_LIMIT.toSeconds() + " s; see " + config.log());
            }
            timeline.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(Duration.ofMillis(50)) > 0 ? Duration.ofMillis(50) : pause.multipliedBy(2);
        }
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    private static void end(ProcessHandle process) throws IOException {
        process.destroy();
        try {
            process.onExit().get(STOP_LIMIT.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            killed(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private static void killed(ProcessHandle process) throws IOException {
        try {
            Linux.kill((int) process.pid(), SIGKILL);
        } catch (HostException e) {
            if (e.errno() != HostException.ESRCH) {
                throw e;
            }
        }
    }
}
