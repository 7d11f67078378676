package io.j8s.cluster.command;

import io.j8s.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/// The values of all of a component's flags, as `/flagz` and `/configz` tell them: upstream's defaults (read from its own pages), over which lies what was given.
final class ComponentFlags {
    private static final GoDuration DURATIONS = new GoDuration();

    private ComponentFlags() {}

    /// By name without dashes.
    static Map<String, String> of(String component, ParseResult parsed) {
        Map<String, String> values = new TreeMap<>();
        new String(resource(component + ".flags"), StandardCharsets.UTF_8).lines().forEach(line -> values.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        for (OptionSpec option : parsed.matchedOptions()) {
            String name = option.longestName().substring(2);
            String usual = values.get(name);
            if (usual != null && !option.originalStringValues().isEmpty()) {
                values.put(name, text(usual, option.originalStringValues()));
            }
        }
        return values;
    }

    private static String text(String usual, List<String> given) {
        String last = given.getLast();
        if (usual.startsWith("[")) {
            return "[" + String.join(",", given) + "]";
        }
        if (usual.equals("true") || usual.equals("false")) {
            return last.isEmpty() ? "true" : last;
        }
        if (usual.matches("(\\d+(h|m|s|ms))+")) {
            try {
                return goText(DURATIONS.convert(last));
            } catch (TypeConversionException e) {
                return last; // of a flag that is not looked at
            }
        }
        return last;
    }

    /// As Go prints durations: `1m0s`, `8760h0m0s`, `500ms`.
    static String goText(Duration span) {
        if (span.compareTo(Duration.ofSeconds(1)) < 0) {
            return span.isZero() ? "0s" : span.toMillis() + "ms";
        }
        String millis = span.toMillisPart() == 0 ? "" : ("." + String.format(java.util.Locale.ROOT, "%03d", span.toMillisPart())).replaceAll("0+$", "");
        String seconds = span.toSecondsPart() + millis + "s";
        return span.toHours() > 0 ? span.toHours() + "h" + span.toMinutesPart() + "m" + seconds : span.toMinutesPart() > 0 ? span.toMinutesPart() + "m" + seconds : seconds;
    }

    /// The component's configuration in JSON: a template in which `=NAME` is a flag's value as text, `#NAME` as number or truth, `@NAME` as a list.
    static String configuration(String component, Map<String, String> flags) {
        return new String(Json.writePlain(filled(Json.readPlain(resource(component + ".configz.json")), flags)), StandardCharsets.UTF_8);
    }

    private static Object filled(Object value, Map<String, String> flags) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> result = new LinkedHashMap<>();
                map.forEach((key, member) -> result.put(String.valueOf(key), member == null ? List.of() : filled(member, flags)));
                yield result;
            }
            case List<?> list -> list.stream().map(element -> filled(element, flags)).toList();
            case String text when text.startsWith("=") -> flags.getOrDefault(text.substring(1), "");
            case String text when text.startsWith("#") -> Json.readPlain(flags.getOrDefault(text.substring(1), "0").getBytes(StandardCharsets.UTF_8));
            case String text when text.startsWith("@") -> list(flags.getOrDefault(text.substring(1), "[]"));
            default -> value;
        };
    }

    private static List<String> list(String text) {
        String inner = text.substring(1, text.length() - 1);
        return inner.isEmpty() ? List.of() : List.of(inner.split(",", -1));
    }

    private static byte[] resource(String name) {
        try (InputStream in = ComponentFlags.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing beside " + ComponentFlags.class.getName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
