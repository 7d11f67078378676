package io.j8s.cluster.command;

import io.j8s.apiserver.flow.FlowSettings;
import picocli.CommandLine.Option;

/// How many requests run at once.
final class FlowOptions {

    @Option(names = "--enable-priority-and-fairness", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true", description = "Whether FlowSchemas and PriorityLevelConfigurations decide which requests run (default: ${DEFAULT-VALUE}).")
    private boolean fair = true;
    @Option(names = "--max-requests-inflight", paramLabel = "N", description = "How many requests that change nothing run at once; with the next flag, the seats that priority levels share (default: ${DEFAULT-VALUE}).", defaultValue = "400")
    private int reading = 400;
    @Option(names = "--max-mutating-requests-inflight", paramLabel = "N", description = "How many of the others (default: ${DEFAULT-VALUE}).", defaultValue = "200")
    private int mutating = 200;

    FlowSettings settings() {
        return new FlowSettings(fair, reading, mutating);
    }
}
