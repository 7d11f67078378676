package io.j8s.cluster.command;

import io.j8s.cluster.host.Background;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.host.Packages;
import io.j8s.cluster.host.Processes;
import io.j8s.cluster.host.StartChannel;
import io.j8s.cluster.host.StartChannel.Message;
import io.j8s.cluster.server.NodeMode;
import io.j8s.cluster.server.ServerSettings;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `j8s up`: from whatever there is to a cluster that answers: packages, the server in the background, readiness, the user's kubeconfig, next steps.
@Command(name = "up", description = "Start the cluster in the background and wait until it is ready.", sortOptions = false)
final class UpCommand implements Callable<Integer> {
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Spec
    private CommandSpec spec = CommandSpec.create();
    @Mixin
    private ServerOptions options = new ServerOptions();
    @Option(names = "--wait", paramLabel = "SECONDS", description = "How long to wait until it is ready (default: ${DEFAULT-VALUE}).", defaultValue = "120")
    private int waitSeconds = 120;

    UpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        long begun = timeline.nanoTime();
        DataDirectory directory = options.directory(console);
        directory.prepare();
        ServerFlags given = ServerFlags.given(spec.commandLine().getParseResult());
        ServerFlags remembered = ServerFlags.remembered(directory);
        ServerFlags flags = given.over(remembered);
        ServerSettings settings = flags.options(directory).settings(console);
        Optional<ProcessHandle> running = directory.runningServer();
        UserKubeconfig kubeconfig = new UserKubeconfig(console, timeline);
        if (running.isPresent()) {
            checkSame(directory, running.get(), remembered, given);
            kubeconfig.add(directory.adminKubeconfig());
            console.out().println("The cluster in " + directory.path() + " runs already (" + Processes.describe(running.get()) + ").");
            return 0;
        }
        if (!remembered.without(given).values().isEmpty()) {
            console.out().println("As at the last start: " + flags.text());
        }
        try (Steps steps = new Steps(console, timeline)) {
            steps.begin("Checking the host");
            checkHost(settings, steps);
            steps.begin("Starting the cluster");
            start(directory, flags, steps);
            steps.begin("Adding the context j8s to " + kubeconfig.place());
            kubeconfig.add(directory.adminKubeconfig());
            steps.done();
        }
        if (console.variable("J8S_NO_TRAINING").isEmpty()) {
            Background.train(launcherFolder().resolve("j8s"));
        }
        printNextSteps(settings, Duration.ofNanos(timeline.nanoTime() - begun));
        return 0;
    }

    private void checkHost(ServerSettings settings, Steps steps) throws InterruptedException {
        if (settings.nodes() instanceof NodeMode.Real) {
            if (!Processes.isRoot()) {
                throw new Failure(Failure.Kind.NOT_ALLOWED, "a real node needs root", "run it with sudo, or use --node=simulated");
            }
            List<String> missing = Packages.missing();
            if (!missing.isEmpty()) {
                steps.begin("Installing " + String.join(", ", missing));
                Packages.install(launcherFolder().resolve("packages"), missing);
            }
        }
    }

    private void start(DataDirectory directory, ServerFlags flags, Steps steps) throws IOException, InterruptedException {
        Path socket = directory.run().resolve("start.sock");
        try (StartChannel channel = StartChannel.listen(socket)) {
            Process process = Background.start(launcherFolder().resolve("j8s"), serverArguments(directory, flags), directory.log(), socket);
            try (Task _ = timeline.start("start watchdog", () -> {
                if (process.waitFor(Duration.ofSeconds(waitSeconds))) {
                    channel.serverEnded("the server's process ended with status " + process.exitValue());
                } else {
                    channel.giveUp("it is not ready after " + waitSeconds + " s");
                }
            })) {
                follow(channel, steps);
            }
        }
    }

    private void follow(StartChannel channel, Steps steps) throws IOException {
        try (StartChannel.Reader reader = channel.accept()) {
            while (true) {
                switch (reader.next()) {
                    case Message.Step step -> steps.begin(step.text());
                    case Message.Failed failed -> throw new Failure(Failure.Kind.valueOf(failed.kind()), failed.cause(), failed.nextStep());
                    case Message.Ready ready -> {
                        return;
                    }
                    case null -> throw gaveUp(channel);
                }
            }
        } catch (java.nio.channels.ClosedChannelException e) {
            throw gaveUp(channel);
        }
    }

    private static Failure gaveUp(StartChannel channel) {
        return new Failure(Failure.Kind.START_TIMEOUT, "the cluster did not start: " + channel.reason(), "look at the log: j8s logs --tail 50");
    }

    /// A cluster that runs is not changed by asking for another one: that is said, and nothing is done.
    private void checkSame(DataDirectory directory, ProcessHandle running, ServerFlags its, ServerFlags given) {
        ServerFlags wanted = given.over(its);
        if (!wanted.options(directory).means(its.options(directory), console)) {
            throw new Failure(Failure.Kind.RUNS_DIFFERENTLY, "the cluster in " + directory.path() + " runs already (" + Processes.describe(running) + "), with other flags: "
                    + its.text(), "stop it with `j8s down`, then start it again: j8s up " + String.join(" ", given.arguments()));
        }
    }

    private static List<String> serverArguments(DataDirectory directory, ServerFlags flags) {
        List<String> arguments = new ArrayList<>(List.of("server", "--data-dir=" + directory.path()));
        arguments.addAll(flags.arguments());
        return arguments;
    }

    /// Where `bin/j8s` and its neighbours lie: it tells us.
    private Path launcherFolder() {
        String folder = console.variable("J8S_BIN");
        if (folder.isEmpty()) {
            throw new Failure(Failure.Kind.PROGRAM, "the launcher is not known", "start j8s with bin/j8s, or use `server`");
        }
        return Path.of(folder);
    }

    private void printNextSteps(ServerSettings settings, Duration took) {
        console.out().println();
        console.out().printf(Locale.ROOT, "The cluster is ready after %.1f s. Nodes: %s.%n", took.toMillis() / 1000.0, settings.nodes().text());
        console.out().println("Next:");
        console.out().println("  kubectl get nodes");
        console.out().println("  kubectl create deployment web --image=nginx --replicas=3");
        console.out().println("  j8s status | j8s logs -f | j8s down");
    }
}
