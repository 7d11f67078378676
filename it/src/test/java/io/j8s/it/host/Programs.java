package io.j8s.it.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Runs programs and waits for them, a limited time.
public final class Programs {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Programs() {}

    /// Runs a program to its end; one that takes longer is killed and fails the test.
    ///
    /// @param environment set in addition; an empty value takes a variable away
    public static Result run(Duration atMost, Map<String, String> environment, String input, List<String> command) {
        try {
            Process process = start(environment, command);
            FutureTask<String> out = reading(process.getInputStream());
            FutureTask<String> err = reading(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // it did not want to read it
            }
            if (!process.waitFor(atMost)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("not done after " + atMost.toSeconds() + " s: " + String.join(" ", command) + "\n" + new Result(-1, out.get(), err.get()));
            }
            return new Result(process.exitValue(), out.get(), err.get());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    public static Process start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return builder.start();
    }

    /// Asks a program to end, and ends it when it takes too long.
    public static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// A port that nobody uses now.
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads a stream to its end on a thread of its own, so that the program never waits for us.
    static FutureTask<String> reading(InputStream stream) {
        FutureTask<String> task = new FutureTask<>(() -> new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(task);
        return task;
    }
}
