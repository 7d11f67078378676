package io.j8s.runtime.metrics;

import java.util.List;

/// The labels of a family of series, and how they are written.
record Labels(List<String> names) {

    /// The values of one series, checked for their number.
    List<String> series(String family, String... values) {
        if (values.length != names.size()) {
            throw new IllegalArgumentException("metric " + family + " has the labels " + names + ", not " + values.length + " values");
        }
        return List.of(values);
    }

    /// Appends `{a="x",b="y"}`, with one more label when `extraName` is not empty; nothing when there is none.
    void write(StringBuilder out, List<String> values, String extraName, String extraValue) {
        if (names.isEmpty() && extraName.isEmpty()) {
            return;
        }
        out.append('{');
        for (int i = 0; i < names.size(); i++) {
            one(out, i == 0, names.get(i), values.get(i));
        }
        if (!extraName.isEmpty()) {
            one(out, names.isEmpty(), extraName, extraValue);
        }
        out.append('}');
    }

    private static void one(StringBuilder out, boolean first, String name, String value) {
        if (!first) {
            out.append(',');
        }
        out.append(name).append("=\"").append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")).append('"');
    }
}
