package io.j8s.apiserver.admission.policy;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;

/// Counts what admission policies decide and how long their expressions take, under upstream's names. Any thread.
public final class PolicyMetrics {

    private static final double[] SECONDS = {5e-7, 0.001, 0.01, 0.1, 1};
    private static final double[] CEL_SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final Timeline timeline;
    private final Counter validations;
    private final Histogram validationTimes;
    private final Counter mutations;
    private final Histogram mutationTimes;
    private final Histogram.Series compilations;
    private final Histogram.Series evaluations;

    public PolicyMetrics(MetricRegistry registry, Timeline timeline) {
        this.timeline = timeline;
        String[] validation = {"enforcement_action", "error_type", "policy", "policy_binding"};
        validations = registry.counter("apiserver_validating_admission_policy_check_total",
                "[BETA] Validation admission policy check total, labeled by policy and further identified by binding and enforcement action taken.", validation);
        validationTimes = registry.histogram("apiserver_validating_admission_policy_check_duration_seconds", "[BETA] Validation admission latency for individual validation expressions in seconds, "
                + "labeled by policy and further including binding and enforcement action taken.", SECONDS, validation);
        String[] mutation = {"error_type", "policy", "policy_binding"};
        mutations = registry.counter("apiserver_mutating_admission_policy_check_total", "[ALPHA] Mutation admission policy check total, labeled by policy and further identified by binding.", mutation);
        mutationTimes = registry.histogram("apiserver_mutating_admission_policy_check_duration_seconds",
                "[ALPHA] Mutation admission latency for individual mutation expressions in seconds, labeled by policy and binding.", SECONDS, mutation);
        compilations = registry.histogram("apiserver_cel_compilation_duration_seconds", "[BETA] CEL compilation time in seconds.", CEL_SECONDS).at();
        evaluations = registry.histogram("apiserver_cel_evaluation_duration_seconds", "[BETA] CEL evaluation time in seconds.", CEL_SECONDS).at();
    }

    /// The clock that spans are measured with.
    long nanoTime() {
        return timeline.nanoTime();
    }

    /// A policy's expressions were compiled.
    void compiled(long nanos) {
        compilations.nanos(nanos);
    }

    /// One expression was evaluated.
    void evaluated(long nanos) {
        evaluations.nanos(nanos);
    }

    /// @param action `allow`, `deny`, `audit` or `warn`
    /// @param failure what the policy's author is told of the failure; empty when it said no, or yes
    void validated(String policy, String binding, String action, String failure, long nanos) {
        String error = failure.isEmpty() ? "invalid_error" : error(failure);
        validations.increment(action, error, policy, binding);
        validationTimes.observe(nanos / 1e9, action, error, policy, binding);
    }

    /// @param failure empty when the mutation was made
    void mutated(String policy, String binding, String failure, long nanos) {
        String error = failure.isEmpty() ? "no_error" : error(failure);
        mutations.increment(error, policy, binding);
        mutationTimes.observe(nanos / 1e9, error, policy, binding);
    }

    private static String error(String failure) {
        return failure.startsWith("compilation") ? "compile_error" : failure.contains("running out of cost budget") || failure.contains("cost limit exceeded") ? "out_of_budget" : "invalid_error";
    }
}
