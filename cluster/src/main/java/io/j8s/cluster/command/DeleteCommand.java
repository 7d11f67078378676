package io.j8s.cluster.command;

import io.j8s.cluster.host.Background;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.server.RealNode;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `j8s delete`: the cluster as if it had never been.
@Command(name = "delete", description = "Stop the cluster and remove everything of it: data, mounts, interfaces, rules, the kubeconfig's context.")
final class DeleteCommand implements Callable<Integer> {
    private final Console console;
    @Mixin
    private DataDirOption data = new DataDirOption();

    DeleteCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        DataDirectory directory = data.directory(console);
        Optional<ProcessHandle> server = directory.runningServer();
        if (server.isPresent()) {
            Background.stop(server.get());
        }
        if (!directory.exists()) {
            console.out().println("There is no cluster in " + directory.path());
            return 0;
        }
        RealNode.remove(directory, Timeline.system());
        new UserKubeconfig(console, Timeline.system()).remove(directory.adminKubeconfig());
        remove(directory.path());
        console.out().println("Deleted the cluster in " + directory.path());
        return 0;
    }

    private static void remove(Path tree) {
        try {
            Trees.remove(tree);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.DATA_DIRECTORY_UNUSABLE, tree + " cannot be removed: " + e, "unmount what is mounted below it (findmnt -R " + tree + "), and try again", e);
        }
    }
}
