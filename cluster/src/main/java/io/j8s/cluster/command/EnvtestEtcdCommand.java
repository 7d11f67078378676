package io.j8s.cluster.command;

import io.j8s.cluster.host.Failure;
import io.j8s.cluster.server.EtcdStandIn;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/// `j8s envtest-etcd`: what `bin/envtest/etcd` runs.
@Command(name = "envtest-etcd", hidden = true, description = "Stand where etcd would be for an operator's test suite; the kube-apiserver beside it keeps the objects.", sortOptions = false)
final class EnvtestEtcdCommand implements Callable<Integer> {
    private final Console console;
    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where objects are kept (default: ${DEFAULT-VALUE}).", defaultValue = "default.etcd")
    private Path dataDirectory = Path.of("default.etcd");
    @Option(names = "--listen-client-urls", paramLabel = "URLS", split = ",", description = "Where to listen; http only (default: ${DEFAULT-VALUE}).", defaultValue = "http://localhost:2379")
    private List<String> listen = new ArrayList<>();
    @Option(names = "--advertise-client-urls", paramLabel = "URLS", description = "Accepted: nobody else is told.")
    private String advertised = "";
    @Option(names = "--listen-peer-urls", paramLabel = "URLS", description = "Accepted: there are no peers.")
    private String listenPeers = "";
    @Option(names = "--initial-advertise-peer-urls", paramLabel = "URLS", description = "Accepted: there are no peers.")
    private String advertisedPeers = "";
    @Option(names = "--initial-cluster", paramLabel = "MEMBERS", description = "Accepted: there are no peers.")
    private String cluster = "";
    @Option(names = "--initial-cluster-state", paramLabel = "STATE", description = "Accepted: there are no peers.")
    private String clusterState = "";
    @Option(names = "--initial-cluster-token", paramLabel = "TOKEN", description = "Accepted: there are no peers.")
    private String clusterToken = "";
    @Option(names = "--name", paramLabel = "NAME", description = "Accepted: there are no peers.")
    private String name = "";
    @Option(names = "--unsafe-no-fsync", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", description = "Accepted: every write is synced all the same.")
    private boolean unsynced;
    @Option(names = {"--logger", "--log-level", "--log-outputs", "--snapshot-count", "--auto-compaction-mode", "--auto-compaction-retention", "--quota-backend-bytes"}, paramLabel = "VALUE",
            description = "Accepted: of no meaning here.")
    private List<String> meaningless = new ArrayList<>();
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    private boolean help;
    @Option(names = "--version", description = "Show the version.")
    private boolean version;
    @Unmatched
    private List<String> unknown = new ArrayList<>();

    EnvtestEtcdCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!unknown.isEmpty()) {
            throw new Failure(Failure.Kind.PROGRAM, "unknown flag: " + unknown.getFirst(), "this stands in for etcd in test suites only; its flags: bin/envtest/etcd --help");
        }
        if (version) {
            console.out().println("etcd Version: 3.6.0\nj8s stand-in, for bin/envtest/kube-apiserver only");
            return 0;
        }
        StopSignal stop = new StopSignal();
        try (EtcdStandIn _ = EtcdStandIn.start(dataDirectory, listen, Timeline.system())) {
            stop.await();
        } catch (BindException e) {
            throw new Failure(Failure.Kind.PORT_IN_USE, String.valueOf(e.getMessage()), "choose another port with --listen-client-urls", e);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.DATA_DIRECTORY_UNUSABLE, dataDirectory + ": " + e.getMessage(), "name a folder that can be written to with --data-dir", e);
        } finally {
            stop.finished();
        }
        return 0;
    }
}
