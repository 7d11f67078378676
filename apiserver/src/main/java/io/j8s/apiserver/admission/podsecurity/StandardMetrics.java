package io.j8s.apiserver.admission.podsecurity;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.Locale;

/// Counts judgements by the Pod Security Standards, under upstream's names. Any thread.
public final class StandardMetrics {

    private static final int THIS_MINOR = 36;

    private final Counter evaluations;
    private final Counter exemptions;
    private final Counter errors;

    public StandardMetrics(MetricRegistry registry) {
        evaluations = registry.counter("pod_security_evaluations_total", "[ALPHA] Number of policy evaluations that occurred, not counting ignored or exempt requests.",
                "decision", "mode", "policy_level", "policy_version", "request_operation", "resource", "subresource");
        exemptions = registry.counter("pod_security_exemptions_total", "[ALPHA] Number of exempt requests, not counting ignored or out of scope requests.",
                "request_operation", "resource", "subresource");
        errors = registry.counter("pod_security_errors_total",
                "[ALPHA] Number of errors preventing normal evaluation. Non-fatal errors may result in the latest restricted profile being used for evaluation.",
                "fatal", "request_operation", "resource", "subresource");
        for (String operation : new String[] {"create", "update"}) {
            exemptions.add(0, operation, "pod", "");
            exemptions.add(0, operation, "controller", "");
        }
    }

    /// @param mode `enforce`, `audit` or `warn`
    void judged(AdmissionRequest request, Standard standard, String mode, boolean allowed) {
        boolean latest = standard.minor() == Standard.LATEST || standard.level() == Standard.Level.PRIVILEGED;
        evaluations.increment(allowed ? "allow" : "deny", mode, standard.level().name().toLowerCase(Locale.ROOT),
                latest ? "latest" : standard.minor() > THIS_MINOR ? "future" : "v1." + standard.minor(), operation(request), resource(request), request.subresource());
    }

    void exempt(AdmissionRequest request) {
        exemptions.increment(operation(request), resource(request), request.subresource());
    }

    /// @param fatal whether nothing could be judged
    void failed(AdmissionRequest request, boolean fatal) {
        errors.increment(Boolean.toString(fatal), operation(request), resource(request), request.subresource());
    }

    private static String operation(AdmissionRequest request) {
        return request.operation().name().toLowerCase(Locale.ROOT);
    }

    private static String resource(AdmissionRequest request) {
        return request.about("", "pods") ? "pod" : request.about("", "namespaces") ? "namespace" : "controller";
    }
}
