package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.resources.core.TemplateRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.DaemonSetSpec;
import io.j8s.model.apps.v1.DaemonSetStatus;
import io.j8s.model.apps.v1.DaemonSetUpdateStrategy;
import io.j8s.model.apps.v1.RollingUpdateDaemonSet;
import io.j8s.model.selector.Selector;
import java.util.List;

/// The rules for daemon sets.
final class DaemonSetRules {

    private static final FieldPath SPEC = WorkloadRules.SPEC;

    private DaemonSetRules() {}

    static void update(DaemonSet set, DaemonSet old, FieldErrors errors) {
        errors.immutable(SPEC.child("selector"), set.spec().selector(), old.spec().selector());
        rules(set, errors);
    }

    static void rules(DaemonSet set, FieldErrors errors) {
        DaemonSetSpec spec = set.spec();
        FieldPath template = SPEC.child("template");
        SelectorRules.selector(spec.selector(), SPEC.child("selector"), errors);
        Selector selector = spec.hasSelector() ? SelectorRules.read(spec.selector()) : Selector.nothing();
        if (selector != null && !selector.matches(spec.template().metadata().labels())) {
            errors.invalid(template.child("metadata").child("labels"), spec.template().metadata().labels(), "`selector` does not match template `labels`");
        }
        if (spec.hasSelector() && SelectorRules.isEmpty(spec.selector())) {
            errors.invalid(SPEC.child("selector"), spec.selector(), "empty selector is invalid for daemonset");
        }
        TemplateRules.template(spec.template(), template, errors);
        TemplateRules.longRunning(spec.template(), template, "DaemonSet", errors);
        NumberRules.notNegative(spec.minReadySeconds(), SPEC.child("minReadySeconds"), errors);
        strategy(spec.updateStrategy(), SPEC.child("updateStrategy"), errors);
        NumberRules.notNegative(spec.revisionHistoryLimit(), SPEC.child("revisionHistoryLimit"), errors);
    }

    private static void strategy(DaemonSetUpdateStrategy strategy, FieldPath path, FieldErrors errors) {
        switch (strategy.type()) {
            case "OnDelete" -> {}
            case "RollingUpdate" -> rollingUpdate(strategy.rollingUpdate(), path.child("rollingUpdate"), errors);
            default -> errors.notSupported(path, strategy.type(), List.of("RollingUpdate", "OnDelete"));
        }
    }

    private static void rollingUpdate(RollingUpdateDaemonSet rolling, FieldPath path, FieldErrors errors) {
        FieldPath unavailable = path.child("maxUnavailable");
        FieldPath surge = path.child("maxSurge");
        NumberRules.countOrPercent(rolling.maxUnavailable(), unavailable, errors);
        NumberRules.countOrPercent(rolling.maxSurge(), surge, errors);
        NumberRules.atMostAll(rolling.maxUnavailable(), unavailable, errors);
        NumberRules.atMostAll(rolling.maxSurge(), surge, errors);
        boolean someUnavailable = NumberRules.amount(rolling.maxUnavailable()) != 0;
        boolean someSurge = NumberRules.amount(rolling.maxSurge()) != 0;
        if (someUnavailable && someSurge) {
            errors.invalid(surge, rolling.maxSurge(), "may not be set when maxUnavailable is non-zero");
        } else if (!someUnavailable && !someSurge) {
            errors.required(unavailable, "cannot be 0 when maxSurge is 0");
        }
    }

    static void status(DaemonSet set, DaemonSet old, FieldErrors errors) {
        DaemonSetStatus status = set.status();
        WorkloadRules.notNegative(status.currentNumberScheduled(), "currentNumberScheduled", errors);
        WorkloadRules.notNegative(status.numberMisscheduled(), "numberMisscheduled", errors);
        WorkloadRules.notNegative(status.desiredNumberScheduled(), "desiredNumberScheduled", errors);
        WorkloadRules.notNegative(status.numberReady(), "numberReady", errors);
        WorkloadRules.notNegative(status.observedGeneration(), "observedGeneration", errors);
        WorkloadRules.notNegative(status.updatedNumberScheduled(), "updatedNumberScheduled", errors);
        WorkloadRules.notNegative(status.numberAvailable(), "numberAvailable", errors);
        WorkloadRules.notNegative(status.numberUnavailable(), "numberUnavailable", errors);
        WorkloadRules.notNegative(status.collisionCount(), "collisionCount", errors);
        if (old.status().hasCollisionCount()) {
            WorkloadRules.notDecremented(status.hasCollisionCount(), status.collisionCount(), old.status().collisionCount(), errors);
        }
    }
}
