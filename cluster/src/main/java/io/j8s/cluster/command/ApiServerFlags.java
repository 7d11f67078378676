package io.j8s.cluster.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Flags of upstream's that change nothing here: each is accepted, so that a manifest for upstream works, and says why in the help and in the log.
final class ApiServerFlags {
    private static final String ACCEPTED = "Accepted, without effect: ";
    private static final String LIST = "kube-apiserver-accepted-flags.tsv";

    private ApiServerFlags() {}

    /// Adds those that the command has not itself.
    static void addTo(CommandSpec spec) {
        Map<String, OptionSpec> own = spec.optionsMap();
        Map<String, String> flags = new LinkedHashMap<>(read());
        flags.keySet().removeAll(own.keySet());
        flags.forEach((flag, why) -> spec.addOption(
                OptionSpec.builder(flag).paramLabel("VALUE").arity("0..1").fallbackValue("true").type(String[].class).description(ACCEPTED + why + ".").build()));
    }

    /// Those that were given, and why they change nothing.
    static Map<String, String> given(CommandSpec spec) {
        Map<String, String> given = new LinkedHashMap<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String[] description = option.description();
            if (description.length > 0 && description[0].startsWith(ACCEPTED)) {
                given.put(option.longestName(), description[0].substring(ACCEPTED.length(), description[0].length() - 1));
            }
        }
        return given;
    }

    private static Map<String, String> read() {
        Map<String, String> flags = new LinkedHashMap<>();
        try (InputStream in = ApiServerFlags.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + LIST + " is missing beside " + ApiServerFlags.class.getName());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int tab = line.indexOf('\t');
                flags.put(line.substring(0, tab), line.substring(tab + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return flags;
    }
}
