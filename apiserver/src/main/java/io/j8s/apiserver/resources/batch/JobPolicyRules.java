package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.batch.v1.JobSpec;
import io.j8s.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.j8s.model.batch.v1.PodFailurePolicyOnPodConditionsPattern;
import io.j8s.model.batch.v1.PodFailurePolicyRule;
import io.j8s.model.batch.v1.SuccessPolicyRule;
import io.j8s.model.core.v1.Container;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules for what a job takes for failure and for success.
final class JobPolicyRules {

    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");
    private static final int MOST_RULES = 20;
    private static final int MOST_PATTERNS = 20;
    private static final int MOST_EXIT_CODES = 255;
    private static final int INDEXES_LENGTH = 64 * 1024;

    private JobPolicyRules() {}

    static void rules(JobSpec spec, FieldPath path, FieldErrors errors) {
        if (spec.hasPodFailurePolicy()) {
            failurePolicy(spec, path.child("podFailurePolicy").child("rules"), errors);
        }
        if (spec.hasSuccessPolicy()) {
            if (spec.completionMode().equals("Indexed")) {
                successPolicy(spec, path.child("successPolicy").child("rules"), errors);
            } else {
                errors.invalid(path.child("successPolicy"), spec.successPolicy(), "requires indexed completion mode");
            }
        }
        if (spec.hasPodReplacementPolicy()) {
            List<String> policies = spec.hasPodFailurePolicy() ? List.of("Failed") : List.of("Failed", "TerminatingOrFailed");
            if (!policies.contains(spec.podReplacementPolicy())) {
                errors.notSupported(path.child("podReplacementPolicy"), spec.podReplacementPolicy(), policies);
            }
        }
    }

    private static void failurePolicy(JobSpec spec, FieldPath path, FieldErrors errors) {
        List<PodFailurePolicyRule> rules = spec.podFailurePolicy().rules();
        if (rules.size() > MOST_RULES) {
            errors.tooMany(path, rules.size(), MOST_RULES);
        }
        Set<String> containers = Stream.concat(spec.template().spec().containers().stream(), spec.template().spec().initContainers().stream())
                .map(Container::name)
                .collect(Collectors.toSet());
        for (int i = 0; i < rules.size(); i++) {
            failureRule(spec, rules.get(i), path.index(i), containers, errors);
        }
    }

    private static void failureRule(JobSpec spec, PodFailurePolicyRule rule, FieldPath path, Set<String> containers, FieldErrors errors) {
        FieldPath action = path.child("action");
        if (rule.action().isEmpty()) {
            errors.required(action, "valid values: " + ACTIONS);
        } else if (rule.action().equals("FailIndex")) {
            if (!spec.hasBackoffLimitPerIndex()) {
                errors.invalid(action, rule.action(), "requires the backoffLimitPerIndex to be set");
            }
        } else if (!ACTIONS.contains(rule.action())) {
            errors.notSupported(action, rule.action(), ACTIONS);
        }
        if (rule.hasOnExitCodes()) {
            exitCodes(rule.onExitCodes(), path.child("onExitCodes"), containers, errors);
        }
        conditions(rule.onPodConditions(), path.child("onPodConditions"), errors);
        if (rule.hasOnExitCodes() && !rule.onPodConditions().isEmpty()) {
            errors.invalid(path, "", "specifying both OnExitCodes and OnPodConditions is not supported");
        }
        if (!rule.hasOnExitCodes() && rule.onPodConditions().isEmpty()) {
            errors.invalid(path, "", "specifying one of OnExitCodes and OnPodConditions is required");
        }
    }

    private static void conditions(List<PodFailurePolicyOnPodConditionsPattern> patterns, FieldPath path, FieldErrors errors) {
        if (patterns.size() > MOST_PATTERNS) {
            errors.tooMany(path, patterns.size(), MOST_PATTERNS);
        }
        for (int i = 0; i < patterns.size(); i++) {
            PodFailurePolicyOnPodConditionsPattern pattern = patterns.get(i);
            FieldPath here = path.index(i);
            Names.qualifiedName(pattern.type()).forEach(problem -> errors.invalid(here.child("type"), pattern.type(), problem));
            if (!List.of("False", "True", "Unknown").contains(pattern.status())) {
                errors.notSupported(here.child("status"), pattern.status(), List.of("False", "True", "Unknown"));
            }
        }
    }

    private static void exitCodes(PodFailurePolicyOnExitCodesRequirement codes, FieldPath path, Set<String> containers, FieldErrors errors) {
        FieldPath operator = path.child("operator");
        if (codes.operator().isEmpty()) {
            errors.required(operator, "valid values: [In NotIn]");
        } else if (!List.of("In", "NotIn").contains(codes.operator())) {
            errors.notSupported(operator, codes.operator(), List.of("In", "NotIn"));
        }
        if (codes.hasContainerName() && !containers.contains(codes.containerName())) {
            errors.invalid(path.child("containerName"), codes.containerName(), "must be one of the container or initContainer names in the pod template");
        }
        FieldPath values = path.child("values");
        if (codes.values().isEmpty()) {
            errors.invalid(values, codes.values(), "at least one value is required");
        } else if (codes.values().size() > MOST_EXIT_CODES) {
            errors.tooMany(values, codes.values().size(), MOST_EXIT_CODES);
        }
        Set<Integer> seen = new HashSet<>();
        boolean ordered = true;
        for (int i = 0; i < codes.values().size(); i++) {
            int code = codes.values().get(i);
            if (codes.operator().equals("In") && code == 0) {
                errors.invalid(values.index(i), code, "must not be 0 for the In operator");
            }
            if (!seen.add(code)) {
                errors.duplicate(values.index(i), code);
            }
            ordered &= i == 0 || code >= codes.values().get(i - 1);
        }
        if (!ordered) {
            errors.invalid(values, codes.values(), "must be ordered");
        }
    }

    private static void successPolicy(JobSpec spec, FieldPath path, FieldErrors errors) {
        List<SuccessPolicyRule> rules = spec.successPolicy().rules();
        if (rules.isEmpty()) {
            errors.required(path, "at least one rules must be specified when the successPolicy is specified");
        }
        if (rules.size() > MOST_RULES) {
            errors.tooMany(path, rules.size(), MOST_RULES);
        }
        for (int i = 0; i < rules.size(); i++) {
            successRule(spec, rules.get(i), path.index(i), errors);
        }
    }

    private static void successRule(JobSpec spec, SuccessPolicyRule rule, FieldPath path, FieldErrors errors) {
        if (!rule.hasSucceededCount() && !rule.hasSucceededIndexes()) {
            errors.required(path, "at least one of succeededCount or succeededIndexes must be specified");
        }
        long total = 0;
        if (rule.hasSucceededIndexes()) {
            FieldPath here = path.child("succeededIndexes");
            if (rule.succeededIndexes().length() > INDEXES_LENGTH) {
                errors.tooLong(here, INDEXES_LENGTH);
            }
            Indexes indexes = Indexes.parse(rule.succeededIndexes(), spec.completions());
            total = indexes.count();
            if (!indexes.problem().isEmpty()) {
                errors.invalid(here, rule.succeededIndexes(), "error parsing succeededIndexes: " + indexes.problem());
            }
        }
        if (rule.hasSucceededCount()) {
            FieldPath here = path.child("succeededCount");
            NumberRules.notNegative(rule.succeededCount(), here, errors);
            if (rule.succeededCount() > spec.completions()) {
                errors.invalid(here, rule.succeededCount(), "must be less than or equal to " + spec.completions() + " (the number of specified completions)");
            }
            if (rule.hasSucceededIndexes() && rule.succeededCount() > total) {
                errors.invalid(here, rule.succeededCount(), "must be less than or equal to " + total + " (the number of indexes in the specified succeededIndexes field)");
            }
        }
    }
}
