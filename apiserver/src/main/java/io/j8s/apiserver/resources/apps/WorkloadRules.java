package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.resources.core.TemplateRules;
import io.j8s.apiserver.resources.core.TemplateWarnings;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules that the kinds of workloads share.
final class WorkloadRules {

    static final FieldPath SPEC = FieldPath.of("spec");
    static final FieldPath STATUS = FieldPath.of("status");

    private WorkloadRules() {}

    /// A selector that must be there and select something.
    static void requiredSelector(boolean given, LabelSelector selector, String emptyMessage, FieldErrors errors) {
        FieldPath path = SPEC.child("selector");
        if (!given) {
            errors.required(path);
            return;
        }
        SelectorRules.selector(selector, path, errors);
        if (SelectorRules.isEmpty(selector)) {
            errors.invalid(path, selector, emptyMessage);
        }
    }

    /// The template of a workload that keeps its pods running; it must make pods that the selector selects.
    static void replicaTemplate(boolean given, LabelSelector selector, PodTemplateSpec template, FieldErrors errors) {
        FieldPath path = SPEC.child("template");
        Selector read = given ? SelectorRules.read(selector) : Selector.nothing();
        if (read == null) {
            errors.invalid(SPEC.child("selector"), selector, "invalid label selector");
            return;
        }
        matching(given, selector, read, template, path, errors);
        TemplateRules.template(template, path, errors);
        TemplateRules.longRunning(template, path, "ReplicaSet", errors);
    }

    static void matching(boolean given, LabelSelector selector, Selector read, PodTemplateSpec template, FieldPath path, FieldErrors errors) {
        boolean empty = given && SelectorRules.isEmpty(selector);
        if (!empty && !read.matches(template.metadata().labels())) {
            errors.invalid(path.child("metadata").child("labels"), template.metadata().labels(), "`selector` does not match template `labels`");
        }
    }

    static void atMost(int value, int most, String field, String than, FieldErrors errors) {
        if (value > most) {
            errors.invalid(STATUS.child(field), value, "cannot be greater than " + than);
        }
    }

    static void notNegative(long value, String field, FieldErrors errors) {
        NumberRules.notNegative(value, STATUS.child(field), errors);
    }

    /// A count that was there may not go, or become less.
    static void notDecremented(boolean given, int value, int old, FieldErrors errors) {
        if (!given || value < old) {
            errors.invalid(STATUS.child("collisionCount"), value, "cannot be decremented");
        }
    }

    /// Warnings for a workload whose name becomes part of its pods' names.
    static List<String> warnings(String name, PodTemplateSpec template, @Nullable PodTemplateSpec old) {
        List<String> warnings = new ArrayList<>();
        List<String> problems = Names.dnsLabel(name);
        if (old == null && !problems.isEmpty()) {
            warnings.add("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: " + problems);
        }
        warnings.addAll(warnings(template, old));
        return warnings;
    }

    static List<String> warnings(PodTemplateSpec template, @Nullable PodTemplateSpec old) {
        return TemplateWarnings.of(template, old, SPEC.child("template"));
    }
}
