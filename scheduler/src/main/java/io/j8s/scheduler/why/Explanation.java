package io.j8s.scheduler.why;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is the matter with an object.
///
/// @param about such as `pod default/web`
/// @param state one sentence
/// @param findings what keeps it from running, the first cause first; empty when nothing does
/// @param parts what is the matter with objects that it is made of
public record Explanation(String about, String state, List<Finding> findings, List<Explanation> parts) {

    /// One cause.
    ///
    /// @param topic a word for programs, such as `Scheduling`
    /// @param message what is the case
    /// @param suggestion what could be done; empty when there is nothing to suggest
    public record Finding(String topic, String message, String suggestion) {}

    public Explanation {
        findings = List.copyOf(findings);
        parts = List.copyOf(parts);
    }

    /// For people: a line for each finding.
    public String text() {
        StringBuilder text = new StringBuilder();
        append(text, "");
        return text.toString();
    }

    private void append(StringBuilder text, String indent) {
        text.append(indent).append(about).append(": ").append(state).append('\n');
        for (Finding finding : findings) {
            text.append(indent).append("  - ").append(finding.message.strip().replace("\n", "\n" + indent + "    ")).append('\n');
            if (!finding.suggestion.isEmpty()) {
                text.append(indent).append("    -> ").append(finding.suggestion).append('\n');
            }
        }
        parts.forEach(part -> part.append(text, indent + "  "));
    }

    /// For programs: plain maps and lists.
    public Map<String, Object> plain() {
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("about", about);
        plain.put("state", state);
        List<Object> list = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("topic", finding.topic);
            one.put("message", finding.message);
            if (!finding.suggestion.isEmpty()) {
                one.put("suggestion", finding.suggestion);
            }
            list.add(one);
        }
        plain.put("findings", list);
        if (!parts.isEmpty()) {
            plain.put("parts", parts.stream().map(part -> (Object) part.plain()).toList());
        }
        return plain;
    }
}
