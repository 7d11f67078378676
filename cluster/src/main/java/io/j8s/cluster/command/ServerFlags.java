package io.j8s.cluster.command;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The flags of [ServerOptions] that were given, by their main names. A server writes its own to `flags` in the data directory once it is ready, and `up` starts the next one with
/// them: so that a cluster comes back as it was. What is given anew goes first.
///
/// @param values by the flag's name with dashes, in the order in which they were given
record ServerFlags(Map<String, List<String>> values) {
    private static final String NONE = "(defaults)";
    /// They name the cluster, or concern only this one command.
    private static final Set<String> NOT_KEPT = Set.of("--data-dir", "--wait");

    ServerFlags {
        values = new LinkedHashMap<>(values);
    }

    /// What was given to a command that has [ServerOptions].
    static ServerFlags given(ParseResult parsed) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            if (!NOT_KEPT.contains(name(option))) {
                values.put(name(option), List.copyOf(option.originalStringValues()));
            }
        }
        return new ServerFlags(values);
    }

    private static String name(OptionSpec option) {
        return java.util.Arrays.stream(option.names()).filter(n -> n.startsWith("--")).findFirst().orElse(option.longestName());
    }

    /// Those of the last server on a directory; none when there was none.
    static ServerFlags remembered(DataDirectory directory) {
        Path file = directory.flags();
        if (!Files.exists(file)) {
            return new ServerFlags(Map.of());
        }
        try {
            List<String> lines = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
            return given(line(new ServerOptions()).parseArgs(lines.toArray(String[]::new)));
        } catch (IOException e) {
            throw new Failure(Failure.Kind.DATA_DIRECTORY_UNUSABLE, file + ": cannot be read: " + e, "mend it, or remove it to start with the defaults", e);
        } catch (ParameterException e) {
            throw new Failure(Failure.Kind.DATA_DIRECTORY_UNUSABLE, file + ": " + e.getMessage(), "mend it (one flag in each line), or remove it to start with the defaults", e);
        }
    }

    void write(DataDirectory directory) throws IOException {
        Path file = directory.flags();
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, arguments());
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /// These, and those of `older` that these do not name.
    ServerFlags over(ServerFlags older) {
        Map<String, List<String>> all = new LinkedHashMap<>(older.values);
        all.putAll(values);
        return new ServerFlags(all);
    }

    /// Those that `other` does not have, or has with another value.
    ServerFlags without(ServerFlags other) {
        Map<String, List<String>> rest = new LinkedHashMap<>(values);
        rest.entrySet().removeIf(entry -> entry.getValue().equals(other.values.get(entry.getKey())));
        return new ServerFlags(rest);
    }

    /// As on a command line.
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        values.forEach((name, given) -> given.forEach(value -> arguments.add(name + "=" + value)));
        return arguments;
    }

    /// The options that these flags, and the defaults of all others, mean.
    ServerOptions options(DataDirectory directory) {
        List<String> arguments = new ArrayList<>(arguments());
        arguments.add("--data-dir=" + directory.path());
        ServerOptions options = new ServerOptions();
        line(options).parseArgs(arguments.toArray(String[]::new));
        return options;
    }

    private static CommandLine line(ServerOptions options) {
        return new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /// For people, in the order of names.
    String text() {
        return values.isEmpty() ? NONE : String.join(" ", new TreeSet<>(arguments()));
    }
}
