package io.j8s.cluster.command;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.host.HeapWatch;
import io.j8s.cluster.host.Packages;
import io.j8s.cluster.host.ServerFacts;
import io.j8s.cluster.host.StartChannel;
import io.j8s.cluster.host.StartChannel.Message;
import io.j8s.cluster.host.Systemd;
import io.j8s.cluster.server.NodeMode;
import io.j8s.cluster.server.Server;
import io.j8s.cluster.server.ServerSettings;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.log.ProcessLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `j8s server`: the cluster in the foreground, until SIGTERM or SIGINT. Containers go on running when it ends.
@Command(name = "server", description = "Run the cluster in the foreground (for systemd and containers).", sortOptions = false)
final class ServerCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);
    private final Console console;
    @Spec
    private CommandSpec spec = CommandSpec.create();
    @Mixin
    private ServerOptions options = new ServerOptions();

    ServerCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        ProcessLog.configure(options.logging());
        try (StartChannel.Writer waiting = StartChannel.connect(console.variable(StartChannel.VARIABLE))) {
            try {
                run(waiting);
                return 0;
            } catch (Failure e) {
                tell(waiting, new Message.Failed(e.kind().name(), String.valueOf(e.getMessage()), e.nextStep()));
                throw e;
            } catch (IllegalArgumentException e) { // a flag's value
                tell(waiting, new Message.Failed(Failure.Kind.USAGE.name(), String.valueOf(e.getMessage()), "`j8s help server` lists all flags with their meaning"));
                throw e;
            } catch (Exception e) {
                tell(waiting, new Message.Failed(Failure.Kind.CONTROL_PLANE.name(), e.toString(), "look at the log: j8s logs"));
                LOG.error("The server could not start", e);
                throw e;
            }
        }
    }

    private void run(StartChannel.@Nullable Writer waiting) throws IOException, InterruptedException {
        ServerSettings settings = options.settings(console);
        DataDirectory directory = settings.directory();
        directory.prepare();
        StopSignal stop = new StopSignal();
        try (DataDirectory.Lock _ = directory.lock(); HeapWatch _ = HeapWatch.start(Timeline.system())) {
            checkHost(settings);
            try (Server server = Server.start(settings, Timeline.system(), text -> {
                LOG.info("{}", text);
                tell(waiting, new Message.Step(text));
            })) {
                ServerFlags.given(spec.commandLine().getParseResult()).write(directory);
                new ServerFacts(server.apiAddress(), settings.nodes().text()).write(directory);
                Systemd.notify(console.variable("NOTIFY_SOCKET"), "READY=1");
                tell(waiting, new Message.Ready(server.apiAddress()));
                if (waiting != null) {
                    waiting.close();
                }
                LOG.info("Ready at {}", server.apiAddress());
                stop.await();
                Systemd.notify(console.variable("NOTIFY_SOCKET"), "STOPPING=1");
                LOG.info("Stopping");
                server.stopping();
            }
        } finally {
            stop.finished();
        }
    }

    private static void checkHost(ServerSettings settings) {
        if (settings.nodes() instanceof NodeMode.Real) {
            List<String> missing = Packages.missing();
            if (!missing.isEmpty()) {
                throw new Failure(Failure.Kind.PACKAGES_MISSING, "a real node needs the packages " + String.join(", ", missing),
                        "install them (`j8s up` does), or use --node=simulated");
            }
        }
    }

    private static void tell(StartChannel.@Nullable Writer waiting, Message message) {
        if (waiting != null) {
            waiting.send(message);
        }
    }
}
