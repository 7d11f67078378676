package io.j8s.cluster.command;

import io.j8s.apiserver.serve.FeatureGates;
import io.j8s.cluster.host.HeapWatch;
import io.j8s.cluster.server.ApiServerAlone;
import io.j8s.cluster.server.ApiServerSettings;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.log.LogOptions;
import io.j8s.runtime.log.ProcessLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `j8s kube-apiserver`: the API server alone.
@Command(name = "kube-apiserver", description = "Run the API server alone, with upstream's flags.", sortOptions = false)
final class KubeApiServerCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(KubeApiServerCommand.class);
    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();
    @Mixin
    private KubeApiServerOptions options = new KubeApiServerOptions();
    @Option(names = {"-v", "--v"}, paramLabel = "N", description = "How much is logged: 4 for debugging, 6 for tracing (default: ${DEFAULT-VALUE}).", defaultValue = "0")
    private int verbosity;
    @Option(names = "--vmodule", paramLabel = "CLASS=N", split = ",", description = "How much single classes log, such as FlowControl=4; * and ? stand for what is left open.")
    private List<String> modules = new ArrayList<>();
    @Option(names = "--logging-format", paramLabel = "text|json", description = "How it is logged (default: ${DEFAULT-VALUE}).", defaultValue = "text")
    private LogOptions.Format format = LogOptions.Format.TEXT;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    private boolean help;

    /// With the flags of upstream's that are accepted and have no effect.
    static CommandLine line() {
        CommandLine line = new CommandLine(new KubeApiServerCommand());
        ApiServerFlags.addTo(line.getCommandSpec());
        return line;
    }

    /// What the flags ask for; refuses what cannot be.
    ApiServerSettings settings() {
        return options.settings();
    }

    /// As `/flagz` tells them: upstream's, and those that only this program has.
    private Map<String, String> flags() {
        Map<String, String> flags = ComponentFlags.of("kube-apiserver", spec.commandLine().getParseResult());
        for (OptionSpec option : spec.options()) {
            if (option.longestName().startsWith("--") && !option.usageHelp()) {
                flags.putIfAbsent(option.longestName().substring(2), shown(option.getValue()));
            }
        }
        return flags;
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Collection<?> all -> "[" + all.stream().map(String::valueOf).collect(Collectors.joining(",")) + "]";
            case Object[] all -> String.join(",", Arrays.stream(all).map(String::valueOf).toList());
            case Duration span -> span.toString().substring(2).toLowerCase(Locale.ROOT);
            default -> String.valueOf(value);
        };
    }

    @Override
    public Integer call() throws InterruptedException {
        ProcessLog.configure(LogOptions.DEFAULT.withVerbosity(verbosity).withFormat(format).withModules(modules.stream().map(LogOptions.Module::parse).toList()));
        ApiServerFlags.given(spec).forEach((flag, why) -> LOG.info("{} has no effect: {}", flag, why));
        StopSignal stop = new StopSignal();
        ApiServerSettings settings = settings();
        try (ApiServerAlone server = ApiServerAlone.start(settings, Timeline.system()); HeapWatch _ = HeapWatch.start(Timeline.system())) {
            if (settings.operating().gates().enabled(FeatureGates.FLAGZ)) {
                server.showFlags(flags());
            }
            LOG.info("Serving at {}:{}", settings.bindAddress(), server.port());
            stop.await();
        } finally {
            stop.finished();
        }
        return 0;
    }
}
