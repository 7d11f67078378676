package io.j8s.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Makes plain Java of YAML: objects keep their order, keys become strings. Anchors may be used up to a bound, so that a small text cannot become huge.
final class YamlReader {

    private static final int MOST_FROM_ALIASES = 100_000;

    private final Iterator<Event> events;
    private final @Nullable Consumer<String> findings;
    private final Map<String, Object> anchors = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private int fromAliases;
    private int depth;

    private final String text;

    YamlReader(String text, @Nullable Consumer<String> findings) {
        LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(true).setCodePointLimit(Integer.MAX_VALUE).setBufferSize(buffer(text)).build();
        this.events = new Parse(settings).parseString(text).iterator();
        this.findings = findings;
        this.text = text;
    }

    /// The text is in memory already. A smaller buffer would be copied over and over when a scalar or a gap is longer than it.
    static int buffer(String text) {
        return Math.clamp(text.length() + 16L, 64, 1 << 18);
    }

    List<Object> documents() {
        List<Object> documents = new ArrayList<>();
        try {
            while (events.hasNext()) {
                Event event = events.next();
                if (event.getEventId() == Event.ID.DocumentStart) {
                    anchors.clear();
                    documents.add(node(events.next()));
                }
            }
        } catch (YamlEngineException e) {
            throw YamlProblems.of(e, text);
        } catch (NumberFormatException e) {
            throw new DecodeException("", "yaml: " + e.getMessage());
        } catch (StackOverflowError e) { // the stack is the caller's, too: it may end before the depth that is allowed
            throw new DecodeException("", "yaml: exceeded max depth");
        }
        return documents;
    }

    private static String place(Event event) {
        Optional<Mark> mark = event.getStartMark();
        return mark.isPresent() ? "line " + (mark.get().getLine() + 1) + ", column " + (mark.get().getColumn() + 1) : "an unknown place";
    }

    private static DecodeException malformed(Event event, String what) {
        return new DecodeException("", "YAML at " + place(event) + ": " + what);
    }

    private Object node(Event event) {
        if (++depth > JsonReader.DEEPEST) {
            throw new DecodeException("", "yaml: line " + event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0) + ": exceeded max depth of " + JsonReader.DEEPEST);
        }
        String anchor = event instanceof NodeEvent named && !(event instanceof AliasEvent) && named.getAnchor().isPresent() ? named.getAnchor().get().getValue() : "";
        if (!anchor.isEmpty()) {
            open.add(anchor);
        }
        Object value = switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case SequenceStartEvent sequence -> sequence();
            case MappingStartEvent mapping -> mapping();
            case AliasEvent alias -> alias(alias);
            default -> throw malformed(event, "wanted a value");
        };
        depth--;
        if (!anchor.isEmpty()) {
            open.remove(anchor);
            anchors.put(anchor, value);
        }
        return value;
    }

    private Object alias(AliasEvent event) {
        Object known = event.getAnchor().map(anchor -> anchors.get(anchor.getValue())).orElse(null);
        if (known == null && event.getAnchor().filter(anchor -> open.contains(anchor.getValue())).isPresent()) {
            throw new DecodeException("", "yaml: anchor '" + event.getAlias() + "' value contains itself");
        }
        if (known == null) {
            throw new DecodeException("", "yaml: unknown anchor '" + event.getAlias() + "' referenced");
        }
        fromAliases += size(known);
        if (fromAliases > MOST_FROM_ALIASES) {
            throw new DecodeException("", "yaml: document contains excessive aliasing");
        }
        return known;
    }

    private static int size(Object plain) {
        return switch (plain) {
            case Map<?, ?> map -> 1 + map.values().stream().mapToInt(YamlReader::size).sum();
            case List<?> list -> 1 + list.stream().mapToInt(YamlReader::size).sum();
            default -> 1;
        };
    }

    private List<Object> sequence() {
        List<Object> list = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            list.add(node(event));
        }
        return list;
    }

    private Map<String, Object> mapping() {
        Map<String, Object> members = new LinkedHashMap<>();
        Map<String, Object> merged = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            boolean merges = event instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().equals("<<");
            Object key = node(event);
            Object value = node(events.next());
            if (merges) {
                merge(event, value, merged);
            } else if (members.put(key(event, key), value) != null && findings != null) {
                int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
                findings.accept("line " + line + ": key \"" + key + "\" already set in map");
            }
        }
        merged.forEach(members::putIfAbsent);
        return members;
    }

    private static void merge(Event event, Object value, Map<String, Object> merged) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, member) -> merged.putIfAbsent((String) key, member));
            case List<?> list -> list.forEach(element -> merge(event, element, merged));
            default -> throw malformed(event, "only objects can be merged by <<");
        }
    }

    private static String key(Event event, Object key) {
        return switch (key) {
            case String text -> text;
            case Boolean flag -> flag.toString();
            case Number number -> new String(Json.writePlain(number), java.nio.charset.StandardCharsets.UTF_8);
            default -> throw new DecodeException("", "yaml: invalid map key: " + new String(Json.writePlain(key), java.nio.charset.StandardCharsets.UTF_8));
        };
    }

    private static String binary(Event event, String base64) {
        try {
            return Scalars.parse(Shape.Scalar.BYTES, base64) instanceof Bytes bytes ? bytes.text() : base64;
        } catch (IllegalArgumentException e) {
            throw malformed(event, String.valueOf(e.getMessage()));
        }
    }

    private static Object scalar(ScalarEvent event) {
        String text = event.getValue();
        String tag = event.getTag().orElse("");
        return switch (tag) {
            case "tag:yaml.org,2002:str" -> text;
            case "tag:yaml.org,2002:binary" -> binary(event, text.replaceAll("\\s", ""));
            case "", "!" -> event.isPlain() && tag.isEmpty() ? YamlWords.resolve(text) : text;
            case "tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null" -> YamlWords.resolve(text);
            case "tag:yaml.org,2002:float" -> YamlWords.resolve(text) instanceof Number number ? (Object) number.doubleValue() : text;
            default -> throw malformed(event, "the tag " + tag + " is not supported");
        };
    }
}
