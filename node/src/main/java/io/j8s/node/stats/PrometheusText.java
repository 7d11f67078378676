package io.j8s.node.stats;

/// Writes Prometheus' text format, version 0.0.4.
final class PrometheusText {
    private final StringBuilder out = new StringBuilder();
    private String name = "";

    PrometheusText counter(String metric, String help) {
        return begin(metric, help, "counter");
    }

    PrometheusText gauge(String metric, String help) {
        return begin(metric, help, "gauge");
    }

    /// @param labels name, value, name, value, …
    PrometheusText sample(double value, String... labels) {
        out.append(name);
        for (int i = 0; i < labels.length; i += 2) {
            out.append(i == 0 ? "{" : ",").append(labels[i]).append("=\"").append(labels[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")).append('"');
        }
        out.append(labels.length == 0 ? " " : "} ");
        out.append(value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value)).append('\n');
        return this;
    }

    /// Adds what is in the format already.
    void raw(String text) {
        out.append(text);
    }

    String text() {
        return out.toString();
    }

    private PrometheusText begin(String metric, String help, String type) {
        name = metric;
        out.append("# HELP ").append(metric).append(' ').append(help).append("\n# TYPE ").append(metric).append(' ').append(type).append('\n');
        return this;
    }
}
