package io.j8s.cluster.configuration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a field holds: how it is written in a file and after a flag.
public enum Kind {
    BOOLEAN("true or false"),
    INTEGER("a whole number"),
    NUMBER("a number"),
    TEXT("a text"),
    DURATION("a duration such as 15s, 1m30s or 100ms"),
    TEXTS("a list of texts"),
    MAP("a map of texts"),
    GATES("a map of true and false"),
    TAINTS("a list of taints"),
    ANY("as documented");

    private static final Pattern DURATION_TEXT = Pattern.compile("-?(\\d+(\\.\\d+)?(ns|us|µs|ms|s|m|h))+|0");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
    private final String description;

    Kind(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    /// Whether a value that was read from a file is of this kind.
    boolean holds(Object value) {
        return switch (this) {
            case BOOLEAN -> value instanceof Boolean;
            case INTEGER -> value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue());
            case NUMBER -> value instanceof Number;
            case TEXT -> value instanceof String;
            case DURATION -> value instanceof String text && DURATION_TEXT.matcher(text).matches();
            case TEXTS -> value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
            case MAP -> value instanceof Map<?, ?> map && map.values().stream().allMatch(String.class::isInstance);
            case GATES -> value instanceof Map<?, ?> map && map.values().stream().allMatch(Boolean.class::isInstance);
            case TAINTS -> value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance);
            case ANY -> true;
        };
    }

    /// The value that stands after a flag, as it would stand in a file. A flag that is given several times has several texts: lists and maps gather them, else the last counts.
    Object parse(List<String> texts) {
        String last = texts.getLast();
        return switch (this) {
            case BOOLEAN -> switch (last) {
                case "true", "True", "TRUE", "t", "T", "1" -> true;
                case "false", "False", "FALSE", "f", "F", "0" -> false;
                default -> throw new IllegalArgumentException("'" + last + "' is not true or false");
            };
            case INTEGER -> whole(last);
            case NUMBER -> Double.parseDouble(last);
            case TEXT, ANY -> last;
            case DURATION -> {
                duration(last);
                yield last;
            }
            case TEXTS -> words(texts);
            case MAP -> pairs(texts);
            case GATES -> {
                Map<String, Object> gates = new LinkedHashMap<>();
                pairs(texts).forEach((name, text) -> gates.put(name, BOOLEAN.parse(List.of(text))));
                yield gates;
            }
            case TAINTS -> words(texts).stream().<Object>map(Kind::taint).toList();
        };
    }

    private static Object whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
        }
    }

    static Duration duration(String text) {
        if (!DURATION_TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a duration such as 15s, 1m30s or 100ms");
        }
        double nanos = 0;
        Matcher parts = DURATION_PART.matcher(text);
        while (parts.find()) {
            nanos += Double.parseDouble(parts.group(1)) * switch (parts.group(2)) {
                case "ns" -> 1;
                case "us", "µs" -> 1e3;
                case "ms" -> 1e6;
                case "s" -> 1e9;
                case "m" -> 60e9;
                default -> 3600e9;
            };
        }
        return Duration.ofNanos(text.startsWith("-") ? -(long) nanos : (long) nanos);
    }

    private static List<String> words(List<String> texts) {
        List<String> words = new ArrayList<>();
        for (String text : texts) {
            for (String word : text.split(",")) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
        }
        return words;
    }

    /// `name=value`; thresholds are written `name<value`.
    private static Map<String, String> pairs(List<String> texts) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String word : words(texts)) {
            Matcher pair = Pattern.compile("([^=<]+)[=<](.*)").matcher(word);
            if (!pair.matches()) {
                throw new IllegalArgumentException("malformed pair, expect string=string: '" + word + "'");
            }
            pairs.put(pair.group(1).strip(), pair.group(2).strip());
        }
        return pairs;
    }

    /// `key=value:effect` or `key:effect`.
    private static Map<String, Object> taint(String text) {
        Matcher parts = Pattern.compile("([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)").matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("invalid taint spec: " + text + "; taints are written key=value:effect, with the effect NoSchedule, PreferNoSchedule or NoExecute");
        }
        Map<String, Object> taint = new LinkedHashMap<>();
        taint.put("key", parts.group(1));
        if (parts.group(2) != null && !parts.group(2).isEmpty()) {
            taint.put("value", parts.group(2));
        }
        taint.put("effect", parts.group(3));
        return taint;
    }
}
