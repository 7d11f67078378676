package io.j8s.cluster.command;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `j8s completion bash|zsh`
@Command(name = "completion", description = "Print a completion script, to be sourced: source <(j8s completion bash).")
final class CompletionCommand implements Runnable {
    private final Console console;
    @Spec
    private CommandSpec spec = CommandSpec.create();
    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    /// The shells that picocli's script serves, as a user writes them.
    enum Shell { bash, zsh }

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        console.out().print(AutoComplete.bash("j8s", spec.root().commandLine()));
    }
}
