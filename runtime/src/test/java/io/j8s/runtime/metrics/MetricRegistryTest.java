package io.j8s.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricRegistryTest {
    private final MetricRegistry registry = new MetricRegistry();

    @Test
    void countersAreWrittenWithTheirLabels() {
        registry.counter("requests_total", "How many.", "verb", "code").increment("GET", "200");
        registry.counter("requests_total", "How many.", "verb", "code").add(2, "GET", "a\"b\n");
        assertThat(registry.text()).startsWith("# HELP requests_total How many.\n# TYPE requests_total counter\n")
                .contains("requests_total{verb=\"GET\",code=\"200\"} 1\n", "requests_total{verb=\"GET\",code=\"a\\\"b\\n\"} 2\n");
    }

    @Test
    void histogramsAreCumulative() {
        Histogram histogram = registry.histogram("seconds", "How long.", new double[] {0.5, 1}, "verb");
        histogram.observe(0.25, "GET");
        histogram.observe(0.75, "GET");
        histogram.observe(5, "GET");
        assertThat(registry.text()).contains("seconds_bucket{verb=\"GET\",le=\"0.5\"} 1\n", "seconds_bucket{verb=\"GET\",le=\"1\"} 2\n",
                "seconds_bucket{verb=\"GET\",le=\"+Inf\"} 3\n", "seconds_sum{verb=\"GET\"} 6\n", "seconds_count{verb=\"GET\"} 3\n");
    }

    @Test
    void aFamilyWithoutLabelsIsThereFromTheBeginningAndOneWithLabelsFromItsFirstSeries() {
        registry.counter("plain_total", "Plain.");
        registry.histogram("plain_seconds", "Plain.", new double[] {1});
        Counter labelled = registry.counter("labelled_total", "Labelled.", "a");
        assertThat(registry.text()).contains("plain_total 0\n", "plain_seconds_count 0\n").doesNotContain("labelled");
        labelled.at("x");
        assertThat(registry.text()).contains("labelled_total{a=\"x\"} 0\n");
    }

    @Test
    void theRegistryCountsItselfByStability() {
        registry.counter("a_total", "[STABLE] A.");
        registry.counter("b_total", "[ALPHA] (Deprecated since 1.34.0) B.");
        registry.counter("c_total", "C.");
        registry.disable("c_total");
        registry.describeItself();
        assertThat(registry.text()).contains("registered_metrics_total{deprecated_version=\"\",stability_level=\"STABLE\"} 1\n",
                "registered_metrics_total{deprecated_version=\"1.34.0\",stability_level=\"ALPHA\"} 1\n", "disabled_metrics_total 1\n");
    }

    @Test
    void whatIsObservedElsewhereIsWrittenAsAnyDistribution() {
        registry.histogram("seats", "Seats.", new double[] {0.5, 1}, "level")
                .ofAll(() -> java.util.Map.of(java.util.List.of("low"), new Histogram.Observed(new long[] {3, 2, 1}, 4.5)));
        assertThat(registry.text()).contains("seats_bucket{level=\"low\",le=\"0.5\"} 3\n", "seats_bucket{level=\"low\",le=\"1\"} 5\n", "seats_bucket{level=\"low\",le=\"+Inf\"} 6\n",
                "seats_sum{level=\"low\"} 4.5\n");
    }

    @Test
    void gaugesAreAskedWhenTheyAreRead() {
        double[] value = {1};
        registry.gauge("depth", "How deep.").of(() -> value[0]);
        value[0] = 2.5;
        assertThat(registry.text()).contains("# TYPE depth gauge\ndepth 2.5\n");
    }

    @Test
    void theProcessIsKnownByItsUsualNames() {
        ProcessMetrics.register(registry);
        assertThat(registry.text()).containsPattern("process_resident_memory_bytes [1-9]").contains("process_cpu_seconds_total", "go_goroutines");
    }

    @Test
    void aNameHasOneKindAndItsLabels() {
        registry.counter("a", "A.", "x");
        assertThatThrownBy(() -> registry.gauge("a", "A.")).hasMessageContaining("registered as a Counter already");
        assertThatThrownBy(() -> registry.counter("a", "A.", "x").increment()).hasMessageContaining("has the labels [x]");
    }
}
