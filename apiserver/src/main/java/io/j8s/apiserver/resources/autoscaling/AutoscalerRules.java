package io.j8s.apiserver.resources.autoscaling;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Field;
import io.j8s.model.Quantity;
import io.j8s.model.autoscaling.v2.CrossVersionObjectReference;
import io.j8s.model.autoscaling.v2.HPAScalingPolicy;
import io.j8s.model.autoscaling.v2.HPAScalingRules;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.j8s.model.autoscaling.v2.MetricSpec;
import io.j8s.model.autoscaling.v2.MetricTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The rules for horizontal autoscalers.
final class AutoscalerRules {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final int LONGEST_WINDOW_SECONDS = 3600;
    private static final int LONGEST_PERIOD_SECONDS = 1800;
    private static final List<String> TYPES = List.of("ContainerResource", "External", "Object", "Pods", "Resource");
    private static final Map<String, String> FIELDS =
            Map.of("Object", "object", "Pods", "pods", "Resource", "resource", "External", "external", "ContainerResource", "containerResource");

    private AutoscalerRules() {}

    static void create(HorizontalPodAutoscaler hpa, FieldErrors errors) {
        rules(hpa, true, errors);
    }

    static void update(HorizontalPodAutoscaler hpa, HorizontalPodAutoscaler old, FieldErrors errors) {
        rules(hpa, namesGroup(old.spec().scaleTargetRef()), errors);
    }

    /// Only one kind that can be scaled is of the core group.
    private static boolean namesGroup(CrossVersionObjectReference reference) {
        return reference.apiVersion().contains("/") || reference.kind().equals("ReplicationController");
    }

    private static void rules(HorizontalPodAutoscaler hpa, boolean groupRequired, FieldErrors errors) {
        HorizontalPodAutoscalerSpec spec = hpa.spec();
        if (spec.hasMinReplicas() && spec.minReplicas() < 1) {
            errors.invalid(SPEC.child("minReplicas"), spec.minReplicas(), "must be greater than or equal to 1");
        }
        FieldPath most = SPEC.child("maxReplicas");
        if (spec.maxReplicas() == 0) {
            errors.required(most, "must be set and greater than 0");
        } else if (spec.maxReplicas() < 0) {
            errors.invalid(most, spec.maxReplicas(), "must be greater than or equal to 1");
        }
        if (spec.hasMinReplicas() && spec.maxReplicas() < spec.minReplicas()) {
            errors.invalid(most, spec.maxReplicas(), "must be greater than or equal to `minReplicas`");
        }
        reference(spec.scaleTargetRef(), SPEC.child("scaleTargetRef"), errors);
        if (groupRequired && !namesGroup(spec.scaleTargetRef())) {
            errors.invalid(SPEC.child("scaleTargetRef").child("apiVersion"), spec.scaleTargetRef().apiVersion(), "apiVersion must specify API group");
        }
        for (int i = 0; i < spec.metrics().size(); i++) {
            metric(spec.metrics().get(i), SPEC.child("metrics").index(i), errors);
        }
        boolean scalesToZero = spec.metrics().stream().anyMatch(metric -> metric.type().equals("Object") || metric.type().equals("External"));
        if (spec.hasMinReplicas() && spec.minReplicas() == 0 && !scalesToZero) {
            errors.forbidden(SPEC.child("metrics"), "must specify at least one Object or External metric to support scaling to zero replicas");
        }
        FieldPath behavior = SPEC.child("behavior");
        if (spec.behavior().hasScaleUp()) {
            scaling(spec.behavior().scaleUp(), behavior.child("scaleUp"), errors);
        }
        if (spec.behavior().hasScaleDown()) {
            scaling(spec.behavior().scaleDown(), behavior.child("scaleDown"), errors);
        }
    }

    static void status(HorizontalPodAutoscaler hpa, HorizontalPodAutoscaler old, FieldErrors errors) {
        NumberRules.notNegative(hpa.status().currentReplicas(), FieldPath.of("status").child("currentReplicas"), errors);
        NumberRules.notNegative(hpa.status().desiredReplicas(), FieldPath.of("status").child("desiredReplicas"), errors);
    }

    private static void segment(String text, FieldPath path, FieldErrors errors) {
        if (text.isEmpty()) {
            errors.required(path);
        } else {
            Names.pathSegment(text).forEach(problem -> errors.invalid(path, text, problem));
        }
    }

    private static void reference(CrossVersionObjectReference reference, FieldPath path, FieldErrors errors) {
        segment(reference.kind(), path.child("kind"), errors);
        segment(reference.name(), path.child("name"), errors);
        if (reference.apiVersion().chars().filter(c -> c == '/').count() > 1) {
            errors.invalid(path.child("apiVersion"), reference.apiVersion(), "must be `version` or `group/version`");
        }
    }

    private static void scaling(HPAScalingRules rules, FieldPath path, FieldErrors errors) {
        FieldPath window = path.child("stabilizationWindowSeconds");
        if (rules.stabilizationWindowSeconds() < 0) {
            errors.invalid(window, rules.stabilizationWindowSeconds(), "must be greater than or equal to zero");
        }
        if (rules.stabilizationWindowSeconds() > LONGEST_WINDOW_SECONDS) {
            errors.invalid(window, rules.stabilizationWindowSeconds(), "must be less than or equal to " + LONGEST_WINDOW_SECONDS);
        }
        if (rules.hasSelectPolicy() && !List.of("Disabled", "Max", "Min").contains(rules.selectPolicy())) {
            errors.notSupported(path.child("selectPolicy"), rules.selectPolicy(), List.of("Disabled", "Max", "Min"));
        }
        FieldPath policies = path.child("policies");
        if (rules.policies().isEmpty()) {
            errors.required(policies, "must specify at least one Policy");
        }
        for (int i = 0; i < rules.policies().size(); i++) {
            policy(rules.policies().get(i), policies.index(i), errors);
        }
        Quantity tolerance = rules.tolerance();
        if (tolerance != null && tolerance.signum() < 0) {
            errors.invalid(path.child("tolerance"), tolerance, "must be greater than or equal to 0");
        }
    }

    private static void policy(HPAScalingPolicy policy, FieldPath path, FieldErrors errors) {
        if (!List.of("Percent", "Pods").contains(policy.type())) {
            errors.notSupported(path.child("type"), policy.type(), List.of("Percent", "Pods"));
        }
        if (policy.value() <= 0) {
            errors.invalid(path.child("value"), policy.value(), "must be greater than zero");
        }
        if (policy.periodSeconds() <= 0) {
            errors.invalid(path.child("periodSeconds"), policy.periodSeconds(), "must be greater than zero");
        }
        if (policy.periodSeconds() > LONGEST_PERIOD_SECONDS) {
            errors.invalid(path.child("periodSeconds"), policy.periodSeconds(), "must be less than or equal to " + LONGEST_PERIOD_SECONDS);
        }
    }

    private static void metric(MetricSpec metric, FieldPath path, FieldErrors errors) {
        if (metric.type().isEmpty()) {
            errors.required(path.child("type"), "must specify a metric source type");
        }
        if (!TYPES.contains(metric.type())) {
            errors.notSupported(path.child("type"), metric.type(), TYPES);
        }
        List<String> present = new ArrayList<>();
        for (String name : List.of("object", "external", "pods", "resource", "containerResource")) {
            Field field = MetricSpec.TYPE.field(name);
            if (field != null && metric.has(field)) {
                present.add(name);
            }
        }
        if (!present.isEmpty()) {
            source(metric, present.getFirst(), path.child(present.getFirst()), errors);
        }
        String expected = FIELDS.getOrDefault(metric.type(), "");
        if (expected.isEmpty()) {
            errors.notSupported(path.child("type"), metric.type(), TYPES);
        } else if (!present.contains(expected)) {
            errors.required(path.child(expected), "must populate information for the given metric source");
        }
        if (present.size() == 1) {
            return;
        }
        present.remove(expected);
        for (String other : present.stream().sorted().toList()) {
            errors.forbidden(path.child(other), "must populate the given metric source only");
        }
    }

    private static void source(MetricSpec metric, String name, FieldPath path, FieldErrors errors) {
        FieldPath target = path.child("target");
        switch (name) {
            case "object" -> {
                reference(metric.object().describedObject(), path.child("describedObject"), errors);
                identifier(metric.object().metric().name(), path.child("metric").child("name"), errors);
                target(metric.object().target(), target, errors);
                if (!metric.object().target().hasValue() && !metric.object().target().hasAverageValue()) {
                    errors.required(target.child("averageValue"), "must set either a target value or averageValue");
                }
            }
            case "external" -> {
                MetricTarget wanted = metric.external().target();
                identifier(metric.external().metric().name(), path.child("metric").child("name"), errors);
                target(wanted, target, errors);
                if (!wanted.hasValue() && !wanted.hasAverageValue()) {
                    errors.required(target.child("averageValue"), "must set either a target value for metric or a per-pod target");
                }
                if (wanted.hasValue() && wanted.hasAverageValue()) {
                    errors.forbidden(target.child("value"), "may not set both a target value for metric and a per-pod target");
                }
            }
            case "pods" -> {
                identifier(metric.pods().metric().name(), path.child("metric").child("name"), errors);
                target(metric.pods().target(), target, errors);
                if (!metric.pods().target().hasAverageValue()) {
                    errors.required(target.child("averageValue"), "must specify a positive target averageValue");
                }
            }
            case "resource" -> {
                if (metric.resource().name().isEmpty()) {
                    errors.required(path.child("name"), "must specify a resource name");
                }
                resource(metric.resource().target(), target, errors);
            }
            default -> {
                if (metric.containerResource().name().isEmpty()) {
                    errors.required(path.child("name"), "must specify a resource name");
                }
                String container = metric.containerResource().container();
                if (container.isEmpty()) {
                    errors.required(path.child("container"), "must specify a container");
                } else {
                    Names.dnsLabel(container).forEach(problem -> errors.invalid(path.child("container"), container, problem));
                }
                resource(metric.containerResource().target(), target, errors);
            }
        }
    }

    private static void identifier(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path, "must specify a metric name");
        } else {
            Names.pathSegment(name).forEach(problem -> errors.invalid(path, name, problem));
        }
    }

    private static void resource(MetricTarget target, FieldPath path, FieldErrors errors) {
        target(target, path, errors);
        if (!target.hasAverageUtilization() && !target.hasAverageValue()) {
            errors.required(path.child("averageUtilization"), "must set either a target raw value or a target utilization");
        }
        if (target.hasAverageUtilization() && target.hasAverageValue()) {
            errors.forbidden(path.child("averageValue"), "may not set both a target raw value and a target utilization");
        }
    }

    private static void target(MetricTarget target, FieldPath path, FieldErrors errors) {
        if (target.type().isEmpty()) {
            errors.required(path.child("type"), "must specify a metric target type");
        }
        if (!List.of("Utilization", "Value", "AverageValue").contains(target.type())) {
            errors.invalid(path.child("type"), target.type(), "must be either Utilization, Value, or AverageValue");
        }
        Quantity value = target.value();
        if (value != null && value.signum() <= 0) {
            errors.invalid(path.child("value"), value, "must be positive");
        }
        Quantity average = target.averageValue();
        if (average != null && average.signum() <= 0) {
            errors.invalid(path.child("averageValue"), average, "must be positive");
        }
        if (target.hasAverageUtilization() && target.averageUtilization() < 1) {
            errors.invalid(path.child("averageUtilization"), target.averageUtilization(), "must be greater than 0");
        }
    }
}
