package io.j8s.cluster.command;

import io.j8s.client.https.HttpsClient;
import io.j8s.client.https.Traffic;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.host.HostName;
import io.j8s.cluster.server.ComponentServing;
import io.j8s.cluster.server.DeviceSelectors;
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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `j8s kube-scheduler`: the scheduler alone, beside any API server.
@Command(name = "kube-scheduler", description = "Run the scheduler alone, with upstream's flags.", sortOptions = false)
final class KubeSchedulerCommand implements Callable<Integer>, Extended {
    private static final Logger LOG = LoggerFactory.getLogger(KubeSchedulerCommand.class);
    private static final String NAME = "kube-scheduler";
    private static final int PORT = 10259;
    private static final List<AcceptedFlags> ACCEPTED = Stream.concat(AcceptedFlags.SERVING.stream(), AcceptedFlags.SCHEDULER.stream()).toList();
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Spec
    private CommandSpec spec = CommandSpec.create();
    @Mixin
    private ComponentOptions component = new ComponentOptions();
    @Option(names = "--config", paramLabel = "FILE", description = "A KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1). It decides on leader election and the API server; flags that say the same do not count.")
    private @Nullable Path config;
    @Option(names = "--write-config-to", paramLabel = "FILE", description = "Write the whole configuration there, with defaults, and exit.")
    private @Nullable Path written;
    @Option(names = "--pod-max-in-unschedulable-pods-duration", paramLabel = "DURATION", description = "After so long a pod that waits for the cluster to change is tried again (default: ${DEFAULT-VALUE}).", defaultValue = "5m", converter = GoDuration.class)
    private Duration unschedulableTimeout = Duration.ofMinutes(5);
    @Mixin
    private ServingOptions serving = new ServingOptions();

    KubeSchedulerCommand(Console console) {
        this.console = console;
    }

    @Override
    public void extend(CommandSpec extended) {
        AcceptedFlags.add(extended, ACCEPTED);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (component.onlyVersion(console)) {
            return 0;
        }
        ProcessLog.configure(component.logging());
        AcceptedFlags.explain(spec.commandLine().getParseResult(), ACCEPTED, LOG);
        SchedulerConfiguration configuration = configuration();
        Path target = written;
        if (target != null) {
            write(target, configuration.text());
            return 0;
        }
        ComponentServing.Settings shown = serving.settings(console, NAME, PORT, timeline);
        StopSignal stop = new StopSignal();
        SchedulerConfig scheduling = SchedulerConfig.of(configuration).withExpressions(new DeviceSelectors()).withHost(HostName.get()).withUnschedulableTimeout(unschedulableTimeout);
        try (EventLoops loops = EventLoops.forThisMachine();
                HttpsClient client = new HttpsClient(component.withKubeconfig(configuration.kubeconfig()).endpoint(console, NAME, timeline), loops, timeline, Traffic.measuredBy(scheduling.metrics()));
                SchedulerAlone _ = SchedulerAlone.start(client, timeline, scheduling, election(configuration), shown, loops,
                        ComponentFlags.of(NAME, spec.commandLine().getParseResult()))) {
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
