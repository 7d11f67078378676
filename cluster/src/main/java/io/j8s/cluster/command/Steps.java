package io.j8s.cluster.command;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Progress for people: a line for each step. On a terminal the current one has a spinner; elsewhere lines are plain, without escapes.
/// Used by one thread; the spinner's task only writes between `begin` and its end.
final class Steps implements AutoCloseable {
    private static final String[] FRAMES = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final Duration FRAME = Duration.ofMillis(80);
    private final Console console;
    private final Timeline timeline;
    private String current = "";
    private @Nullable Task spinner;

    Steps(Console console, Timeline timeline) {
        this.console = console;
        this.timeline = timeline;
    }

    /// The step before is done; this one begins.
    void begin(String text) {
        end("✓");
        current = text;
        if (console.terminal()) {
            spinner = timeline.start("spinner", () -> spin(text));
        } else {
            console.out().println(" - " + text);
        }
    }

    void done() {
        end("✓");
    }

    /// The current step failed.
    @Override
    public void close() {
        end("✗");
    }

    private void end(String mark) {
        if (spinner != null) {
            spinner.close();
            spinner = null;
            console.out().print("\r\033[K " + mark + " " + current + "\n");
            console.out().flush();
        }
        current = "";
    }

    private void spin(String text) throws InterruptedException {
        for (int i = 0; ; i = (i + 1) % FRAMES.length) {
            console.out().print("\r " + FRAMES[i] + " " + text);
            console.out().flush();
            timeline.sleep(FRAME);
        }
    }
}
