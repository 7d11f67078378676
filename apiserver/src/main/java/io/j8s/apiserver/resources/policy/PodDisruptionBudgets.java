package io.j8s.apiserver.resources.policy;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.IntOrString;
import io.j8s.model.meta.v1.Condition;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.policy.v1.PodDisruptionBudgetSpec;
import io.j8s.model.policy.v1.PodDisruptionBudgetStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `poddisruptionbudgets.policy`
final class PodDisruptionBudgets {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath STATUS = FieldPath.of("status");
    private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");

    private PodDisruptionBudgets() {}

    static Resource<PodDisruptionBudget> resource() {
        return Resource.of(PodDisruptionBudget.RESOURCE)
                .shortNames("pdb")
                .names(NameRule.PATH_SEGMENT)
                .anyFinalizers()
                .metadataUpdateNotRevalidated()
                .updatesOnlyConditionally()
                .generationOfSpec()
                .rules(PodDisruptionBudgets::rules)
                .status(PodDisruptionBudgets::status)
                .table(table -> table
                        .nameColumn()
                        .column("Min Available", "string", "How many pods must stay available.", (budget, now) -> shown(budget.spec().minAvailable()))
                        .column("Max Unavailable", "string", "How many pods may be unavailable.", (budget, now) -> shown(budget.spec().maxUnavailable()))
                        .column("Allowed Disruptions", "integer", "How many pods may be evicted now.", (budget, now) -> budget.status().disruptionsAllowed())
                        .ageColumn())
                .build();
    }

    private static String shown(@Nullable IntOrString value) {
        return value == null ? "N/A" : value.toString();
    }

    private static void rules(PodDisruptionBudget budget, FieldErrors errors) {
        PodDisruptionBudgetSpec spec = budget.spec();
        if (spec.hasMinAvailable() && spec.hasMaxUnavailable()) {
            errors.invalid(SPEC, "spec", "minAvailable and maxUnavailable cannot be both set");
        }
        if (spec.hasMinAvailable()) {
            NumberRules.countOrPercent(spec.minAvailable(), SPEC.child("minAvailable"), errors);
            NumberRules.atMostAll(spec.minAvailable(), SPEC.child("minAvailable"), errors);
        }
        if (spec.hasMaxUnavailable()) {
            NumberRules.countOrPercent(spec.maxUnavailable(), SPEC.child("maxUnavailable"), errors);
            NumberRules.atMostAll(spec.maxUnavailable(), SPEC.child("maxUnavailable"), errors);
        }
        SelectorRules.selector(spec.selector(), SPEC.child("selector"), errors);
        List<String> policies = List.of("AlwaysAllow", "IfHealthyBudget");
        if (spec.hasUnhealthyPodEvictionPolicy() && !policies.contains(spec.unhealthyPodEvictionPolicy())) {
            errors.notSupported(SPEC.child("unhealthyPodEvictionPolicy"), spec.unhealthyPodEvictionPolicy(), policies);
        }
    }

    private static void status(PodDisruptionBudget budget, PodDisruptionBudget old, FieldErrors errors) {
        PodDisruptionBudgetStatus status = budget.status();
        conditions(status.conditions(), STATUS.child("conditions"), errors);
        NumberRules.notNegative(status.disruptionsAllowed(), STATUS.child("disruptionsAllowed"), errors);
        NumberRules.notNegative(status.currentHealthy(), STATUS.child("currentHealthy"), errors);
        NumberRules.notNegative(status.desiredHealthy(), STATUS.child("desiredHealthy"), errors);
        NumberRules.notNegative(status.expectedPods(), STATUS.child("expectedPods"), errors);
    }

    private static void conditions(List<Condition> conditions, FieldPath path, FieldErrors errors) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            Condition condition = conditions.get(i);
            FieldPath here = path.index(i);
            Names.qualifiedName(condition.type()).forEach(problem -> errors.invalid(here.child("type"), condition.type(), problem));
            if (!types.add(condition.type())) {
                errors.duplicate(here.child("type"), condition.type());
            }
            if (!List.of("False", "True", "Unknown").contains(condition.status())) {
                errors.notSupported(here.child("status"), condition.status(), List.of("False", "True", "Unknown"));
            }
            if (condition.observedGeneration() < 0) {
                errors.invalid(here.child("observedGeneration"), condition.observedGeneration(), "must be greater than or equal to zero");
            }
            if (condition.lastTransitionTime() == null) {
                errors.required(here.child("lastTransitionTime"), "must be set");
            }
            if (condition.message().length() > 32 * 1024) {
                errors.tooLong(here.child("message"), 32 * 1024);
            }
            reason(condition.reason(), here.child("reason"), errors);
        }
    }

    private static void reason(String reason, FieldPath path, FieldErrors errors) {
        if (reason.isEmpty()) {
            errors.required(path, "must be set");
            return;
        }
        if (!REASON.matcher(reason).matches()) {
            errors.invalid(path, reason, "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:'");
        }
        if (reason.length() > 1024) {
            errors.tooLong(path, 1024);
        }
    }
}
