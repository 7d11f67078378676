package io.j8s.apiserver.customresources;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The paths that definitions name values by, such as `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status` or `.metadata.labels.app\.kubernetes\.io/name`
/// (kubectl's JSONPath, as far as printer columns allow it). Immutable.
final class JsonPath {

    private static final Pattern STEP = Pattern.compile(
            "\\.(?<name>(?:[^.\\[\\\\]|\\\\.)+)"
                    + "|\\[(?<quote>['\"])(?<quoted>(?:[^'\"\\\\]|\\\\.)*)\\k<quote>\\]"
                    + "|\\[(?<index>-?\\d+)\\]"
                    + "|(?<all>\\.?\\[?\\*\\]?)"
                    + "|\\[\\?\\(@\\.(?<key>[\\w.]+)\\s*(?<op>==|!=)\\s*(?:\"(?<text>[^\"]*)\"|'(?<text2>[^']*)'|(?<bare>[\\w.-]+))\\s*\\)\\]");

    private sealed interface Step {
        record Name(String name) implements Step {}

        record Index(int index) implements Step {}

        record All() implements Step {}

        record Where(String key, boolean equal, String value) implements Step {}
    }

    private final String text;
    private final List<Step> steps;

    private JsonPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
    }

    /// @throws IllegalArgumentException when it is no such path
    static JsonPath of(String text) {
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException("\"" + text + "\" is no path: unexpected \"" + text.substring(at) + "\"");
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        return new JsonPath(text, steps);
    }

    private static Step step(Matcher matcher) {
        if (matcher.group("all") != null) {
            return new Step.All();
        }
        if (matcher.group("name") != null) {
            return new Step.Name(matcher.group("name").replaceAll("\\\\(.)", "$1"));
        }
        if (matcher.group("quoted") != null) {
            return new Step.Name(matcher.group("quoted").replaceAll("\\\\(.)", "$1"));
        }
        if (matcher.group("index") != null) {
            return new Step.Index(Integer.parseInt(matcher.group("index")));
        }
        String value = matcher.group("text") != null ? matcher.group("text") : matcher.group("text2") != null ? matcher.group("text2") : matcher.group("bare");
        return new Step.Where(matcher.group("key"), matcher.group("op").equals("=="), value);
    }

    /// The names that lead to the value, when the path is nothing but names; null otherwise.
    @Nullable List<String> names() {
        List<String> names = new ArrayList<>();
        for (Step step : steps) {
            if (!(step instanceof Step.Name(String name))) {
                return null;
            }
            names.add(name);
        }
        return names;
    }

    /// The first value that it leads to in plain JSON; null when there is none.
    @Nullable Object first(Object json) {
        List<Object> found = all(json);
        return found.isEmpty() ? null : found.getFirst();
    }

    List<Object> all(Object json) {
        List<Object> values = List.of(json);
        for (Step step : steps) {
            List<Object> next = new ArrayList<>();
            values.forEach(value -> follow(step, value, next));
            values = next;
        }
        return values;
    }

    private static void follow(Step step, Object value, List<Object> found) {
        switch (step) {
            case Step.Name(String name) -> {
                if (value instanceof Map<?, ?> map && map.get(name) instanceof Object child) {
                    found.add(child);
                }
            }
            case Step.Index(int index) -> {
                if (value instanceof List<?> list) {
                    int place = index < 0 ? list.size() + index : index;
                    if (place >= 0 && place < list.size()) {
                        found.add(list.get(place));
                    }
                }
            }
            case Step.All() -> {
                if (value instanceof List<?> list) {
                    found.addAll(list);
                } else if (value instanceof Map<?, ?> map) {
                    found.addAll(map.values());
                }
            }
            case Step.Where where -> {
                if (value instanceof List<?> list) {
                    list.stream().filter(element -> holds(where, element)).forEach(found::add);
                }
            }
        }
    }

    private static boolean holds(Step.Where where, Object element) {
        Object value = element;
        for (String name : where.key.split("\\.")) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return where.equal == where.value.equals(String.valueOf(value));
    }

    @Override
    public String toString() {
        return text;
    }
}
