package io.j8s.cluster.command;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.host.ServerFacts;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `j8s status`: exit status 0 when the cluster runs, 3 when not.
@Command(name = "status", description = "Say whether the cluster runs; exit status 3 when it does not.")
final class StatusCommand implements Callable<Integer> {
    private final Console console;
    @Mixin
    private DataDirOption data = new DataDirOption();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DataDirectory directory = data.directory(console);
        Optional<ProcessHandle> server = directory.runningServer();
        if (server.isEmpty()) {
            console.out().println(directory.exists() ? "stopped (data in " + directory.path() + "; start it with `j8s up`)\nflags      " + ServerFlags.remembered(directory).text() : "no cluster in " + directory.path() + " (make one with `j8s up`)");
            return Failure.Kind.NOT_RUNNING.exitStatus();
        }
        Optional<ServerFacts> facts = ServerFacts.read(directory);
        console.out().println("running    process " + server.get().pid() + server.get().info().startInstant()
                .map(s -> ", for " + rounded(Duration.between(s, Timeline.system().now()))).orElse(""));
        facts.ifPresent(f -> {
            console.out().println("api        " + f.apiAddress());
            console.out().println("node       " + f.node());
        });
        console.out().println("flags      " + ServerFlags.remembered(directory).text());
        console.out().println("data       " + directory.path());
        console.out().println("kubeconfig " + directory.adminKubeconfig());
        return 0;
    }

    private static String rounded(Duration span) {
        if (span.toMinutes() < 2) {
            return span.toSeconds() + " s";
        }
        return span.toHours() < 2 ? span.toMinutes() + " min" : span.toHours() < 48 ? span.toHours() + " h" : span.toDays() + " days";
    }
}
