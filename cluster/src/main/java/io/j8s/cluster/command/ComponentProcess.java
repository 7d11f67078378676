package io.j8s.cluster.command;

import io.j8s.cluster.configuration.Configuration;
import io.j8s.runtime.log.LogOptions;
import io.j8s.runtime.log.ProcessLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the processes of a node have in common.
final class ComponentProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentProcess.class);

    private ComponentProcess() {}

    /// Begins to log as the configuration asks, says which of its settings have no effect, and takes the process's place when memory runs out.
    static void begin(Configuration configuration) {
        LogOptions.Format format = switch (configuration.text("logging.format")) {
            case "text" -> LogOptions.Format.TEXT;
            case "json" -> LogOptions.Format.JSON;
            default -> throw new IllegalArgumentException("logging.format (--logging-format) \"" + configuration.text("logging.format") + "\": text and json are the formats");
        };
        ProcessLog.configure(LogOptions.DEFAULT.withVerbosity(configuration.number("logging.verbosity", 0, 100)).withFormat(format));
        configuration.warnings().forEach(LOG::warn);
        int score = configuration.number("oomScoreAdj", -1000, 1000);
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), Integer.toString(score));
        } catch (IOException e) {
            LOG.info("oom_score_adj stays as it is: the host refused {}", score);
        }
    }
}
