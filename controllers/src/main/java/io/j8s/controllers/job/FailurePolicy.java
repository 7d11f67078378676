package io.j8s.controllers.job;

import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.j8s.model.batch.v1.PodFailurePolicyRule;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a job's pod failure policy (KEP-3329) says about a failed pod: the first rule that matches decides.
///
/// @param counts whether the failure counts towards the limits
/// @param failsIndex whether the pod's index is given up
/// @param failsJob why the whole job is given up; null: it is not
record FailurePolicy(boolean counts, boolean failsIndex, @Nullable String failsJob) {
    private static final FailurePolicy COUNT = new FailurePolicy(true, false, null);

    static FailurePolicy of(Job job, Pod pod) {
        List<PodFailurePolicyRule> rules = job.spec().podFailurePolicy().rules();
        for (int i = 0; i < rules.size(); i++) {
            PodFailurePolicyRule rule = rules.get(i);
            String cause = rule.hasOnExitCodes() ? exitCode(pod, rule) : condition(pod, rule);
            if (cause != null) {
                return switch (rule.action()) {
                    case "Ignore" -> new FailurePolicy(false, false, null);
                    case "FailIndex" -> new FailurePolicy(true, true, null);
                    case "FailJob" -> new FailurePolicy(true, false, cause + " matching FailJob rule at index " + i);
                    default -> COUNT;
                };
            }
        }
        return COUNT;
    }

    private static @Nullable String exitCode(Pod pod, PodFailurePolicyRule rule) {
        List<ContainerStatus> statuses = new ArrayList<>(pod.status().containerStatuses());
        statuses.addAll(pod.status().initContainerStatuses());
        PodFailurePolicyOnExitCodesRequirement wanted = rule.onExitCodes();
        for (ContainerStatus status : statuses) {
            int code = status.state().terminated().exitCode();
            boolean ended = status.state().hasTerminated() && code != 0 && (!wanted.hasContainerName() || wanted.containerName().equals(status.name()));
            if (ended && wanted.values().contains(code) == wanted.operator().equals("In")) {
                return "Container " + status.name() + " for pod " + name(pod) + " failed with exit code " + code;
            }
        }
        return null;
    }

    private static @Nullable String condition(Pod pod, PodFailurePolicyRule rule) {
        for (PodCondition condition : pod.status().conditions()) {
            if (rule.onPodConditions().stream().anyMatch(p -> p.type().equals(condition.type()) && (p.status().isEmpty() ? "True" : p.status()).equals(condition.status()))) {
                return "Pod " + name(pod) + " has condition " + condition.type();
            }
        }
        return null;
    }

    private static String name(Pod pod) {
        return pod.metadata().namespace() + "/" + pod.metadata().name();
    }
}
