package io.j8s.model;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// In which lines of a YAML text its fields stand, for messages to whoever wrote it.
public final class YamlPlaces {
    private final Map<String, Integer> lines = new HashMap<>();
    private final Iterator<Event> events;

    private YamlPlaces(String yaml) {
        events = new Parse(LoadSettings.builder().setAllowDuplicateKeys(true).setBufferSize(YamlReader.buffer(yaml)).build()).parseString(yaml).iterator();
    }

    /// The fields of the first document; of a text that is malformed, those before the mistake.
    public static YamlPlaces of(byte[] yaml) {
        YamlPlaces places = new YamlPlaces(new String(yaml, StandardCharsets.UTF_8));
        try {
            while (places.events.hasNext()) {
                if (places.events.next().getEventId() == Event.ID.DocumentStart) {
                    places.node(places.events.next(), "");
                    break;
                }
            }
        } catch (YamlEngineException e) {
            // what is known is told
        }
        return places;
    }

    /// The line, from 1, of a field such as `spec.containers[0].name`, or of the innermost one around it that is there; 0: of none.
    public int line(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
        }
        return 0;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }

    private void node(Event event, String path) {
        if (!lines.containsKey(path)) {
            event.getStartMark().ifPresent(mark -> lines.put(path, mark.getLine() + 1));
        }
        if (event instanceof MappingStartEvent) {
            for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
                String name = key instanceof ScalarEvent scalar ? scalar.getValue() : "";
                String member = path.isEmpty() ? name : path + "." + name;
                key.getStartMark().ifPresent(mark -> lines.putIfAbsent(member, mark.getLine() + 1));
                if (!(key instanceof ScalarEvent)) {
                    node(key, member);
                }
                node(events.next(), member);
            }
        } else if (event instanceof SequenceStartEvent) {
            int index = 0;
            for (Event element = events.next(); element.getEventId() != Event.ID.SequenceEnd; element = events.next()) {
                node(element, path + "[" + index++ + "]");
            }
        }
    }
}
