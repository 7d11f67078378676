package io.j8s.cluster.command;

import io.j8s.client.https.HttpsClient;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.host.HostName;
import io.j8s.cluster.server.SchedulerAlone;
import io.j8s.http.EventLoops;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.log.ProcessLog;
import io.j8s.scheduler.SchedulerConfig;
import io.j8s.scheduler.config.ConfigurationException;
import io.j8s.scheduler.config.SchedulerConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `j8s kube-scheduler`: the scheduler alone, beside any API server.
@Command(name = "kube-scheduler", description = "Run the scheduler alone, with upstream's flags.", sortOptions = false)
final class KubeSchedulerCommand implements Callable<Integer> {
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Mixin
    private ComponentOptions component = new ComponentOptions();
    @Option(names = "--config", paramLabel = "FILE", description = "A KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1). It decides on leader election and the API server; flags that say the same do not count.")
    private @Nullable Path config;
    @Option(names = "--write-config-to", paramLabel = "FILE", description = "Write the whole configuration there, with defaults, and exit.")
    private @Nullable Path written;
    @Option(names = "--pod-max-in-unschedulable-pods-duration", paramLabel = "DURATION", description = "After so long a pod that waits for the cluster to change is tried again (default: ${DEFAULT-VALUE}).", defaultValue = "5m", converter = GoDuration.class)
    private Duration unschedulableTimeout = Duration.ofMinutes(5);
    @Option(names = "--bind-address", paramLabel = "ADDRESS", description = "Where health, metrics and configuration are served (default: ${DEFAULT-VALUE}).", defaultValue = "127.0.0.1")
    private String address = "127.0.0.1";
    @Option(names = "--secure-port", paramLabel = "PORT", description = "The port for it; 0: none (default: ${DEFAULT-VALUE}).", defaultValue = "10259")
    private int port;
    @Option(names = "--cert-dir", paramLabel = "FOLDER", description = "Where its serving certificate lies, or is made (default: one is made for each run).")
    private @Nullable Path certificates;
    @Option(names = {"--authentication-kubeconfig", "--authorization-kubeconfig"}, paramLabel = "FILE", hidden = true, description = "Accepted as upstream's; the port asks nobody, as it is served on this host only.")
    private @Nullable Path delegation;

    KubeSchedulerCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ProcessLog.configure(component.logging());
        SchedulerConfiguration configuration = configuration();
        Path target = written;
        if (target != null) {
            write(target, configuration.text());
            return 0;
        }
        StopSignal stop = new StopSignal();
        SchedulerConfig scheduling = SchedulerConfig.of(configuration).withHost(HostName.get()).withUnschedulableTimeout(unschedulableTimeout);
        try (EventLoops loops = EventLoops.forThisMachine();
                HttpsClient client = new HttpsClient(component.withKubeconfig(configuration.kubeconfig()).endpoint(console, "kube-scheduler", timeline), loops, timeline);
                SchedulerAlone _ = SchedulerAlone.start(client, timeline, scheduling, election(configuration), new SchedulerAlone.Listening(address, port, certificates), loops)) {
            stop.await();
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Kind.PROGRAM, String.valueOf(e.getMessage()), "mend the file that --config names", e);
        } finally {
            stop.finished();
        }
        return 0;
    }

    private SchedulerConfiguration configuration() {
        Path file = config;
        LeaderSettings flags = component.leaderElection("kube-scheduler", HostName.get());
        if (file == null) {
            SchedulerConfiguration.Election defaults = SchedulerConfiguration.defaults().election();
            SchedulerConfiguration.Election election = flags == null
                    ? new SchedulerConfiguration.Election(false, defaults.namespace(), defaults.name(), defaults.lease(), defaults.renew(), defaults.retry())
                    : new SchedulerConfiguration.Election(true, flags.namespace(), flags.name(), flags.leaseDuration(), flags.renewDeadline(), flags.retryPeriod());
            return SchedulerConfiguration.defaults().withElection(election).withKubeconfig(component.kubeconfig());
        }
        try {
            return SchedulerConfiguration.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new Failure(Failure.Kind.PROGRAM, "open " + file + ": no such file or directory", "name another file with --config", e);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PROGRAM, file + ": cannot be read: " + e, "name another file with --config", e);
        } catch (ConfigurationException e) {
            throw new Failure(Failure.Kind.PROGRAM, e.reason(), "mend " + file, e);
        }
    }

    private static @Nullable LeaderSettings election(SchedulerConfiguration configuration) {
        SchedulerConfiguration.Election election = configuration.election();
        return election.on()
                ? new LeaderSettings(election.namespace(), election.name(), HostName.get() + "_" + ProcessHandle.current().pid(), election.lease(), election.renew(), election.retry(), true)
                : null;
    }

    private static void write(Path target, String text) {
        try {
            Files.writeString(target, text);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PROGRAM, target + ": cannot be written: " + e, "name another file with --write-config-to", e);
        }
    }
}
