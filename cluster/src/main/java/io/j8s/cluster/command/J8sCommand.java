package io.j8s.cluster.command;

import io.j8s.cluster.host.Failure;
import io.j8s.cluster.pki.PkiException;
import io.j8s.runtime.log.LogOptions;
import io.j8s.runtime.log.ProcessLog;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;

/// `j8s` itself: its subcommands, in the order of help.
public final class J8sCommand {
    private J8sCommand() {}

    /// Parses and runs; returns the exit status: 0, 2 for wrong usage, else that of the [Failure].
    public static int run(Console console, String... args) {
        // What parts log is of no use to whoever runs a command: failures are told by exceptions. Servers configure the log themselves.
        ProcessLog.configure(LogOptions.DEFAULT.withFile(Path.of("/dev/null")).withRotation(0, 0));
        CommandLine line = new CommandLine(new Root().spec);
        Map<String, Supplier<Object>> commands = commands(console);
        commands.put("help", HelpCommand::new);
        // Reading a command's flags costs start-up time: when one is named, the others are not looked at.
        boolean all = args.length == 0 || !commands.containsKey(args[0]) || args[0].equals("help") || args[0].equals("completion");
        commands.forEach((name, command) -> {
            if (all || args[0].equals(name)) {
                line.addSubcommand(extended(command.get()));
            }
        });
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.setUsageHelpWidth(120);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, result) -> failed(console, e));
        return line.execute(args);
    }

    private static CommandLine extended(Object command) {
        CommandLine line = command instanceof CommandLine made ? made : new CommandLine(command);
        if (command instanceof Extended extended) {
            extended.extend(line.getCommandSpec());
        }
        return line;
    }

    /// In the order of help.
    private static Map<String, Supplier<Object>> commands(Console console) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("up", () -> new UpCommand(console));
        commands.put("down", () -> new DownCommand(console));
        commands.put("status", () -> new StatusCommand(console));
        commands.put("logs", () -> new LogsCommand(console));
        commands.put("delete", () -> new DeleteCommand(console));
        commands.put("image", () -> new ImageCommand(console));
        commands.put("server", () -> new ServerCommand(console));
        commands.put("kube-apiserver", KubeApiServerCommand::line);
        commands.put("envtest-etcd", () -> new EnvtestEtcdCommand(console));
        commands.put("kube-controller-manager", () -> new KubeControllerManagerCommand(console));
        commands.put("kube-scheduler", () -> new KubeSchedulerCommand(console));
        commands.put("kubelet", () -> KubeletCommand.line(console));
        commands.put("kube-proxy", () -> KubeProxyCommand.line(console));
        commands.put("why", () -> new WhyCommand(console));
        commands.put("simulated-nodes", () -> new SimulatedNodesCommand(console));
        commands.put("train", TrainCommand::new);
        commands.put("version", () -> new VersionCommand(console));
        commands.put("completion", () -> new CompletionCommand(console));
        return commands;
    }

    private static int failed(Console console, Exception e) {
        Failure failure = switch (e) {
            case Failure f -> f;
            case PkiException p -> new Failure(Failure.Kind.DATA_DIRECTORY_UNUSABLE, String.valueOf(p.getMessage()), "mend or restore that file, or choose another --data-dir", p);
            case IllegalArgumentException wrong when String.valueOf(wrong.getMessage()).startsWith("--") ->
                new Failure(Failure.Kind.USAGE, String.valueOf(wrong.getMessage()), "`j8s help COMMAND` lists all flags with their meaning", wrong);
            default -> new Failure(Failure.Kind.PROGRAM, e.toString(), "report this with the trace below; it is a fault of j8s", e);
        };
        console.err().println("j8s: " + failure.text());
        if (failure != e && failure.kind() == Failure.Kind.PROGRAM) { // nobody foresaw it
            e.printStackTrace(console.err());
        }
        return failure.kind().exitStatus();
    }

    /// `j8s` without a command tells its usage. Not by annotations: to read the first of them takes longer than all of this.
    private static final class Root implements Runnable {
        private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("j8s");

        Root() {
            spec.usageMessage().description("Kubernetes v1.36 as one small program.").synopsisSubcommandLabel("COMMAND")
                    .footer("", "The first steps: `j8s up`, then `kubectl get nodes`.");
        }

        @Override
        public void run() {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
