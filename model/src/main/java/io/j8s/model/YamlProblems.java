package io.j8s.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// What is wrong with a text that is no YAML, in the words of libyaml, which people know from upstream: `yaml: line 3: did not find expected key`. Lines are counted as it counts them:
/// what the parser finds wrong is told with the line before.
final class YamlProblems {

    /// What our library says, and libyaml.
    private static final List<Map.Entry<String, String>> WORDS = List.of(
            Map.entry("mapping values are not allowed", "mapping values are not allowed in this context"),
            Map.entry("mapping keys are not allowed", "mapping keys are not allowed in this context"),
            Map.entry("sequence entries are not allowed", "block sequence entries are not allowed in this context"),
            Map.entry("cannot start any token", "found character that cannot start any token"),
            Map.entry("expected ',' or ']'", "did not find expected ',' or ']'"),
            Map.entry("expected ',' or '}'", "did not find expected ',' or '}'"),
            Map.entry("expected the node content", "did not find expected node content"),
            Map.entry("expected '<document start>'", "did not find expected <document start>"),
            Map.entry("found unexpected end of stream", "found unexpected end of stream"),
            Map.entry("found unexpected document separator", "found unexpected document indicator"),
            Map.entry("found unknown escape character", "found unknown escape character"),
            Map.entry("special characters are not allowed", "control characters are not allowed"),
            Map.entry("found incompatible YAML document", "found incompatible YAML document"),
            Map.entry("Version{major=", "found incompatible YAML document"),
            Map.entry("unexpected character found", "did not find expected alphabetic or numeric character"),
            Map.entry("could not find expected ':'", "could not find expected ':'"),
            Map.entry("found undefined tag handle", "found undefined tag handle"),
            Map.entry("found duplicate %YAML directive", "found duplicate %YAML directive"),
            Map.entry("found duplicate directive", "found duplicate %YAML directive"),
            Map.entry("expected alphabetic or numeric character", "did not find expected alphabetic or numeric character"));

    private YamlProblems() {}

    static DecodeException of(YamlEngineException problem, String text) {
        if (!(problem instanceof MarkedYamlEngineException marked)) {
            return new DecodeException("", "yaml: " + words(String.valueOf(problem.getMessage()), ""));
        }
        boolean scanning = problem instanceof ScannerException;
        int line = line(marked.getContextMark(), text, scanning);
        if (line == 0) {
            line = line(marked.getProblemMark(), text, scanning);
        }
        boolean told = line > 0;
        return new DecodeException("", "yaml: " + (told ? "line " + (scanning ? line + 1 : line) + ": " : "") + words(String.valueOf(marked.getProblem()), String.valueOf(marked.getContext())));
    }

    /// From 0; libyaml's end of a text is on a line of its own.
    private static int line(Optional<Mark> mark, String text, boolean scanning) {
        if (mark.isEmpty()) {
            return 0;
        }
        Mark at = mark.get();
        boolean end = !scanning && at.getIndex() >= text.codePointCount(0, text.length()) && at.getColumn() > 0;
        return at.getLine() + (end ? 1 : 0);
    }

    private static String words(String problem, String context) {
        for (Map.Entry<String, String> word : WORDS) {
            if (problem.contains(word.getKey())) {
                return word.getValue();
            }
        }
        if (problem.startsWith("expected <block end>")) {
            return context.contains("block collection") || context.contains("sequence") ? "did not find expected '-' indicator" : "did not find expected key";
        }
        return problem;
    }
}
