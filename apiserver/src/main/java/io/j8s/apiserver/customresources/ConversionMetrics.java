package io.j8s.apiserver.customresources;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;

/// What dashboards read of conversions by webhooks, under upstream's names.
final class ConversionMetrics {

    /// Why a conversion failed.
    enum Failure {
        NONE(""), CALL("conversion_webhook_call_failure"), MALFORMED("conversion_webhook_malformed_response_failure"),
        PARTIAL("conversion_webhook_partial_response_failure"), INVALID_OBJECT("conversion_webhook_invalid_converted_object_failure");

        private final String label;

        Failure(String label) {
            this.label = label;
        }
    }

    private static final double[] SECONDS = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 45, 60};
    private static final int BUCKETS = 15;
    private static final double FIRST_SECONDS = 0.001;

    private final Histogram byDefinition;
    private final Counter requests;
    private final Histogram seconds;

    ConversionMetrics(MetricRegistry registry) {
        byDefinition = registry.histogram(
                "apiserver_crd_conversion_webhook_duration_seconds", "[ALPHA] CRD webhook conversion duration in seconds", bounds(),
                "crd_name", "from_version", "to_version", "succeeded");
        requests = registry.counter(
                "apiserver_conversion_webhook_request_total", "[ALPHA] Counter for conversion webhook requests with success/failure and failure error type", "result", "failure_type");
        seconds = registry.histogram(
                "apiserver_conversion_webhook_duration_seconds", "[ALPHA] Conversion webhook request latency", SECONDS, "result", "failure_type");
    }

    private static double[] bounds() {
        double[] bounds = new double[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            bounds[i] = FIRST_SECONDS * (1 << i);
        }
        return bounds;
    }

    void converted(String definition, String from, String to, Failure failure, Duration took) {
        boolean succeeded = failure == Failure.NONE;
        byDefinition.observe(took, definition, from, to, Boolean.toString(succeeded));
        requests.increment(succeeded ? "success" : "failure", failure.label);
        seconds.observe(took, succeeded ? "success" : "failure", failure.label);
    }
}
