package io.j8s.cluster.command;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Failure;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `j8s logs`: what the server logged.
@Command(name = "logs", description = "Print the server's log.")
final class LogsCommand implements Callable<Integer> {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int PIECE = 64 * 1024;
    private final Console console;
    @Mixin
    private DataDirOption data = new DataDirOption();
    @Option(names = {"-f", "--follow"}, description = "Go on with what is logged from now on.")
    private boolean follow;
    @Option(names = "--tail", paramLabel = "LINES", description = "Only the last lines (default: all).")
    private int tail = Integer.MAX_VALUE;

    LogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        DataDirectory directory = data.directory(console);
        Path log = directory.log();
        if (!Files.exists(log)) {
            throw new Failure(Failure.Kind.NOT_RUNNING, "there is no log in " + log.getParent(), "start a cluster with `j8s up`, or name its --data-dir");
        }
        long end = Files.size(log);
        Deque<String> last = new ArrayDeque<>();
        try (Stream<String> lines = Files.lines(log)) {
            lines.forEach(line -> {
                last.add(line);
                if (last.size() > tail) {
                    last.remove();
                }
            });
        }
        last.forEach(console.out()::println);
        if (follow) {
            follow(log, end);
        }
        return 0;
    }

    /// Ends only with the process. A log that became shorter was begun anew.
    private void follow(Path log, long from) throws IOException, InterruptedException {
        long at = from;
        byte[] piece = new byte[PIECE];
        while (!console.out().checkError()) {
            try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
                at = file.length() < at ? 0 : at;
                file.seek(at);
                int read;
                while ((read = file.read(piece)) > 0) {
                    console.out().write(piece, 0, read);
                    at += read;
                }
                console.out().flush();
            }
            Timeline.system().sleep(LOOK_AGAIN);
        }
    }
}
