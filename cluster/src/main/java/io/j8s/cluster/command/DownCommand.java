package io.j8s.cluster.command;

import io.j8s.cluster.host.Background;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.server.RealNode;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `j8s down`: stops the server and everything that runs because of it. The data stay.
@Command(name = "down", description = "Stop the cluster; its data stay, and `up` starts it again.")
final class DownCommand implements Callable<Integer> {
    private final Console console;
    @Mixin
    private DataDirOption data = new DataDirOption();

    DownCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        DataDirectory directory = data.directory(console);
        Optional<ProcessHandle> server = directory.runningServer();
        if (server.isPresent()) {
            Background.stop(server.get());
        }
        RealNode.stopPods(directory, Timeline.system());
        console.out().println(server.isPresent() ? "Stopped; the data stay in " + directory.path() : "Nothing runs on " + directory.path());
        return 0;
    }
}
