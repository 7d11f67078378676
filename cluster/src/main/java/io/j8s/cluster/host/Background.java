package io.j8s.cluster.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The server as a process of its own that outlives the command that starts it.
public final class Background {
    private static final int STOP_SECONDS = 40;

    private Background() {}

    /// Starts `LAUNCHER ARGS…` in a session of its own, its output appended to a file.
    ///
    /// @param startSocket what [StartChannel] listens on
    public static Process start(Path launcher, List<String> args, Path output, Path startSocket) {
        List<String> command = new ArrayList<>(List.of("setsid", launcher.toString()));
        command.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .redirectErrorStream(true)
                .directory(new File("/"));
        builder.environment().put(StartChannel.VARIABLE, startSocket.toString());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PROGRAM, "the server's process cannot be started: " + e.getMessage(), "install the package util-linux (setsid), or run `j8s server`", e);
        }
    }

    /// Has the launcher prepare later starts, once, at the lowest priority, and its session, too: the kernel shares processors between sessions before it looks at the priorities of their processes
    /// (`sched(7)`, autogroups). That it cannot is no failure: starts are then slower.
    public static void train(Path launcher) throws IOException {
        File nowhere = new File("/dev/null");
        new ProcessBuilder("setsid", "sh", "-c", "{ echo 19 >/proc/self/autogroup; } 2>/dev/null; exec nice -n 19 \"$0\" train", launcher.toString())
                .redirectInput(nowhere).redirectOutput(nowhere).redirectError(nowhere).directory(new File("/")).start();
    }

    /// Asks a server to stop and waits for its end; kills it when it takes too long.
    public static void stop(ProcessHandle server) throws InterruptedException {
        server.destroy();
        if (!ended(server, STOP_SECONDS)) {
            server.destroyForcibly();
            if (!ended(server, STOP_SECONDS)) {
                throw new Failure(Failure.Kind.PROGRAM, Processes.describe(server) + " does not end, even killed", "look at what it waits for: cat /proc/" + server.pid() + "/stack");
            }
        }
    }

    private static boolean ended(ProcessHandle process, int seconds) throws InterruptedException {
        try {
            process.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        }
    }
}
