package io.j8s.apiserver.admission.webhook;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;

/// Counts what webhooks answer, under upstream's names. Any thread.
final class HookMetrics {

    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25};
    private static final double[] EVALUATION_SECONDS = {0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25};
    private static final int LARGEST_CODE = 600;
    private static final String[] CONDITION_LABELS = {"kind", "name", "operation", "type"};

    private final Histogram durations;
    private final Counter requests;
    private final Counter rejections;
    private final Counter failedOpen;
    private final Counter conditionErrors;
    private final Counter conditionExclusions;
    private final Histogram conditionTimes;

    /// Why a request was rejected.
    enum Rejection {
        UNCALLED("calling_webhook_error"), INTERNAL("apiserver_internal_error"), DENIED("no_error");

        private final String label;

        Rejection(String label) {
            this.label = label;
        }
    }

    HookMetrics(MetricRegistry registry) {
        durations = registry.histogram("apiserver_admission_webhook_admission_duration_seconds",
                "[STABLE] Admission webhook latency histogram in seconds, identified by name and broken out for each operation and API resource and type (validate or admit).", SECONDS,
                "name", "operation", "rejected", "type");
        requests = registry.counter("apiserver_admission_webhook_request_total", "[ALPHA] Admission webhook request total, identified by name and broken out for each admission type (validating or "
                + "admit) and operation. Additional labels specify whether the request was rejected or not and an HTTP status code. Codes greater than 600 are truncated to 600, to keep the metrics "
                + "cardinality bounded.", "code", "name", "operation", "rejected", "type");
        rejections = registry.counter("apiserver_admission_webhook_rejection_count", "[ALPHA] Admission webhook rejection count, identified by name and broken out for each admission type (validating "
                + "or admit) and operation. Additional labels specify an error type (calling_webhook_error or apiserver_internal_error if an error occurred; no_error otherwise) and optionally a non-zero "
                + "rejection code if the webhook rejects the request with an HTTP status code (honored by the apiserver when the code is greater or equal to 400). Codes greater than 600 are truncated to "
                + "600, to keep the metrics cardinality bounded.", "error_type", "name", "operation", "rejection_code", "type");
        failedOpen = registry.counter("apiserver_admission_webhook_fail_open_count",
                "[ALPHA] Admission webhook fail open count, identified by name and broken out for each admission type (validating or admit).", "name", "type");
        String broken = ", identified by name of resource containing the match condition and broken out for each kind containing matchConditions (webhook or policy), operation and admission type "
                + "(validate or admit).";
        conditionErrors = registry.counter("apiserver_admission_match_condition_evaluation_errors_total", "[ALPHA] Admission match condition evaluation errors count" + broken, CONDITION_LABELS);
        conditionExclusions = registry.counter("apiserver_admission_match_condition_exclusions_total", "[ALPHA] Admission match condition evaluation exclusions count" + broken, CONDITION_LABELS);
        conditionTimes = registry.histogram("apiserver_admission_match_condition_evaluation_seconds", "[ALPHA] Admission match condition evaluation time in seconds, identified by name and broken out "
                + "for each kind containing matchConditions (webhook or policy), operation and type (validate or admit).", EVALUATION_SECONDS, CONDITION_LABELS);
    }

    /// It was asked, and answered or did not.
    ///
    /// @param code the HTTP status that stands for how it went
    void asked(Hook hook, String operation, int code, boolean rejected, long nanos) {
        String word = Boolean.toString(rejected);
        requests.increment(text(code), hook.name(), operation, word, type(hook));
        durations.observe(nanos / 1e9, hook.name(), operation, word, type(hook));
    }

    void rejected(Hook hook, String operation, Rejection why, int code) {
        rejections.increment(why.label, hook.name(), operation, text(code), type(hook));
    }

    /// It failed, and the request went on.
    void failedOpen(Hook hook) {
        failedOpen.increment(hook.name(), type(hook));
    }

    /// Its conditions were looked at.
    void conditions(Hook hook, String operation, boolean failed, boolean excluded, long nanos) {
        String type = hook.mutates() ? "admit" : "validate";
        conditionTimes.observe(nanos / 1e9, "webhook", hook.name(), operation, type);
        if (failed) {
            conditionErrors.increment("webhook", hook.name(), operation, type);
        }
        if (excluded) {
            conditionExclusions.increment("webhook", hook.name(), operation, type);
        }
    }

    private static String text(int code) {
        return Integer.toString(Math.min(code, LARGEST_CODE));
    }

    private static String type(Hook hook) {
        return hook.mutates() ? "admit" : "validating";
    }
}
