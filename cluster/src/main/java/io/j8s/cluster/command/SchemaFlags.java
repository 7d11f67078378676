package io.j8s.cluster.command;

import io.j8s.cluster.Versions;
import io.j8s.cluster.configuration.Field;
import io.j8s.cluster.configuration.Kind;
import io.j8s.cluster.configuration.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The flags of a component that are told by its [Schema].
final class SchemaFlags {
    private SchemaFlags() {}

    /// A command line with them.
    static CommandLine on(Object command, Schema schema) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
        line.getCommandSpec().addOption(OptionSpec.builder("--version").versionHelp(true).description("Show the version.").build());
        line.getCommandSpec().version("Kubernetes " + Versions.KUBERNETES);
        for (Field field : schema.fields()) {
            if (!field.flag().isEmpty()) {
                line.getCommandSpec().addOption(option(field));
            }
        }
        return line;
    }

    private static OptionSpec option(Field field) {
        boolean truth = field.kind() == Kind.BOOLEAN;
        boolean many = field.kind() == Kind.TEXTS || field.kind() == Kind.MAP || field.kind() == Kind.GATES || field.kind() == Kind.TAINTS;
        String usual = field.usual().toString();
        boolean shown = !usual.isEmpty() && !usual.equals("[]") && !usual.equals("{}");
        String what = field.path().isEmpty() ? "" : "Sets " + field.path() + " of the configuration file. ";
        String effect = field.noEffect().isEmpty() ? "" : "Has no effect: " + field.noEffect() + ". ";
        OptionSpec.Builder option = OptionSpec.builder(field.flag().equals("v") ? new String[] {"-v", "--v"} : new String[] {"--" + field.flag()})
                .paramLabel(field.kind().name())
                .description((what + effect + (shown ? "(default: " + usual + ")" : "")).replace("%", "%%").strip());
        if (truth) {
            return option.type(String.class).arity("0..1").fallbackValue("true").build();
        }
        return many ? option.type(List.class).auxiliaryTypes(String.class).arity("1").build() : option.type(String.class).arity("1").build();
    }

    /// What stood after each flag that was given.
    static Map<Field, List<String>> given(CommandSpec spec, Schema schema) {
        Map<Field, List<String>> given = new LinkedHashMap<>();
        for (Field field : schema.fields()) {
            OptionSpec option = field.flag().isEmpty() ? null : spec.commandLine().getParseResult().matchedOption("--" + field.flag());
            if (option != null) {
                given.put(field, field.kind() == Kind.BOOLEAN && option.originalStringValues().stream().allMatch(String::isEmpty) ? List.of("true") : option.originalStringValues());
            }
        }
        return given;
    }
}
