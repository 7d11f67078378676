package io.j8s.runtime.log;

import io.j8s.runtime.Timeline;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/// The log of this process. SLF4J's loggers write to it from the first use on; `main` sets its options once, before it starts anything.
public final class ProcessLog {
    private static final long PROCESS = ProcessHandle.current().pid();
    private static final int DEBUG_VERBOSITY = 4;
    private static final int TRACE_VERBOSITY = 6;
    private static final ProcessLog INSTANCE = new ProcessLog();

    private record Setting(LogOptions options, Sink sink) {}

    private volatile Setting setting = new Setting(LogOptions.DEFAULT, new Sink(LogOptions.DEFAULT));

    private ProcessLog() {}

    static ProcessLog instance() {
        return INSTANCE;
    }

    /// Sets where and how to log from now on.
    public static void configure(LogOptions options) {
        Setting before = INSTANCE.setting;
        INSTANCE.setting = new Setting(options, new Sink(options));
        before.sink.close();
    }

    /// What is set.
    public static LogOptions options() {
        return INSTANCE.setting.options;
    }

    /// @param logger the class's name
    boolean enabled(Level level, String logger) {
        LogOptions options = setting.options;
        if (!options.modules().isEmpty()) {
            String name = logger.substring(logger.lastIndexOf('.') + 1);
            for (LogOptions.Module module : options.modules()) {
                if (module.fits(name)) {
                    return verbosity(level) <= module.verbosity();
                }
            }
        }
        return verbosity(level) <= options.verbosity();
    }

    void write(Level level, String message, List<KeyValuePair> values, @Nullable Throwable error) {
        Setting current = setting;
        // Loggers are static, nobody hands them a timeline: lines carry the time of the machine, in simulated runs, too, so that they fit those of other programs.
        Line line = new Line(Timeline.system().now(), level, verbosity(level), PROCESS, caller(), message, values, error);
        String text = switch (current.options.format()) {
            case TEXT -> line.text(ZoneId.systemDefault());
            case JSON -> line.json();
        };
        current.sink.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int verbosity(Level level) {
        return switch (level) {
            case ERROR, WARN, INFO -> 0;
            case DEBUG -> DEBUG_VERBOSITY;
            case TRACE -> TRACE_VERBOSITY;
        };
    }

    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(f -> !f.getClassName().startsWith("org.slf4j.") && !f.getClassName().startsWith("io.j8s.runtime.log.Klog") && !f.getClassName().equals(ProcessLog.class.getName())).findFirst())
                .map(f -> f.getFileName() + ":" + f.getLineNumber())
                .orElse("unknown:0");
    }
}
