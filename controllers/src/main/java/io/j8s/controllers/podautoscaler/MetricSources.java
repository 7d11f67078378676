package io.j8s.controllers.podautoscaler;

import io.j8s.controllers.podautoscaler.MetricsApi.NoFiguresException;
import io.j8s.controllers.podautoscaler.ReplicaCalculator.Proposal;
import io.j8s.model.Quantity;
import io.j8s.model.autoscaling.v2.CrossVersionObjectReference;
import io.j8s.model.autoscaling.v2.MetricIdentifier;
import io.j8s.model.autoscaling.v2.MetricSpec;
import io.j8s.model.autoscaling.v2.MetricStatus;
import io.j8s.model.autoscaling.v2.MetricTarget;
import io.j8s.model.autoscaling.v2.MetricValueStatus;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.selector.Selector;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// What each of an autoscaler's metrics asks for.
final class MetricSources {
    private final MetricsApi api;
    private final Function<CrossVersionObjectReference, String> resources;

    /// @param name of the metric for conditions and events
    record Result(int replicas, String name, MetricStatus status) {}

    /// What is asked: the same for all metrics of one look.
    ///
    /// @param podSelector of the target
    record Question(String namespace, int specReplicas, int statusReplicas, String podSelector, ReplicaCalculator calculator) {}

    /// A metric could not be had.
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        final String reason;
        final String prefix;

        /// @param reason for the event and the condition
        /// @param prefix goes before the message where all metrics are spoken of
        FailedException(String reason, String prefix, String message) {
            super(message, null, false, false);
            this.reason = reason;
            this.prefix = prefix;
        }

        String words() {
            return String.valueOf(getMessage());
        }
    }

    /// @param resources the plural (with group) of what a reference names
    MetricSources(MetricsApi api, Function<CrossVersionObjectReference, String> resources) {
        this.api = api;
        this.resources = resources;
    }

    Result ask(MetricSpec metric, Question question) {
        return switch (metric.type()) {
            case "Resource" -> attempt("FailedGetResourceMetric", "failed to get " + metric.resource().name() + " resource metric value: ", () -> {
                Amounts amounts = amounts(question, metric.resource().name(), "", metric.resource().target(), "resource");
                return new Result(amounts.replicas, amounts.name, status(metric).withResource(r -> r.withName(metric.resource().name()).withCurrent(amounts.current)));
            });
            case "ContainerResource" -> attempt("FailedGetContainerResourceMetric", "failed to get " + metric.containerResource().container() + " container metric value: ", () -> {
                String container = metric.containerResource().container();
                Amounts amounts = amounts(question, metric.containerResource().name(), container, metric.containerResource().target(), "container resource");
                return new Result(amounts.replicas, amounts.name, status(metric).withContainerResource(r -> r.withName(metric.containerResource().name()).withContainer(container).withCurrent(amounts.current)));
            });
            case "Pods" -> attempt("FailedGetPodsMetric", "failed to get pods metric value: ", () -> ofPods(metric, question));
            case "Object" -> attempt("FailedGetObjectMetric", "failed to get object metric value: " + (average(metric.object().target()) ? "failed to get " + metric.object().metric().name() + " object metric: " : ""),
                    () -> ofObject(metric, question));
            case "External" -> attempt("FailedGetExternalMetric", "failed to get " + metric.external().metric().name() + " external metric value: "
                    + (average(metric.external().target()) ? "failed to get " + metric.external().metric().name() + " external metric: " : "failed to get external metric " + metric.external().metric().name() + ": "),
                    () -> external(metric, question));
            default -> throw new FailedException("InvalidMetricSourceType", "", "unknown metric source type \"" + metric.type() + "\"");
        };
    }

    private static Result attempt(String reason, String prefix, java.util.function.Supplier<Result> source) {
        try {
            return source.get();
        } catch (NoFiguresException e) {
            throw new FailedException(reason, prefix, String.valueOf(e.getMessage()));
        }
    }

    private static boolean average(MetricTarget target) {
        return target.averageValue() != null;
    }

    private static MetricStatus status(MetricSpec metric) {
        return MetricStatus.EMPTY.withType(metric.type());
    }

    private record Amounts(int replicas, String name, MetricValueStatus current) {}

    private Amounts amounts(Question question, String resource, String container, MetricTarget target, String what) {
        ReplicaCalculator calculator = question.calculator;
        Quantity average = target.averageValue();
        if (average != null) {
            Proposal proposal = prefixed("failed to get " + resource + " usage: ",
                    () -> calculator.byAverage(question.specReplicas, usage(question, resource, container), resource, average.milliValue()));
            return new Amounts(proposal.replicas(), resource + " resource", MetricValueStatus.EMPTY.withAverageValue(quantity(resource, proposal.amount())));
        }
        if (!target.hasAverageUtilization()) {
            throw new NoFiguresException("invalid resource metric source: neither an average utilization target nor an average value (usage) target was set");
        }
        Proposal proposal = prefixed("failed to get " + resource + " utilization: ",
                () -> calculator.byUtilization(question.specReplicas, usage(question, resource, container), resource, container, target.averageUtilization()));
        MetricValueStatus current = MetricValueStatus.EMPTY.withAverageUtilization(proposal.utilization()).withAverageValue(quantity(resource, proposal.amount()));
        return new Amounts(proposal.replicas(), resource + " " + what + " utilization (percentage of request)", current);
    }

    private Map<String, MetricsApi.Figure> usage(Question question, String resource, String container) {
        return prefixed("unable to get metrics for resource " + resource + ": ", () -> api.ofPods(question.namespace, question.podSelector, resource, container));
    }

    private Result ofPods(MetricSpec metric, Question question) {
        MetricIdentifier identifier = identifier(metric.pods().metric());
        Quantity target = metric.pods().target().averageValue();
        Map<String, MetricsApi.Figure> figures = prefixed("unable to get metric " + identifier.name() + ": ",
                () -> api.custom(question.namespace, identifier.name(), question.podSelector, selector(identifier)));
        Proposal proposal = question.calculator.byAverage(question.specReplicas, figures, "", target == null ? 0 : target.milliValue());
        return new Result(proposal.replicas(), "pods metric " + identifier.name(),
                status(metric).withPods(p -> p.withMetric(identifier).withCurrent(c -> c.withAverageValue(Quantity.ofMilli(proposal.amount())))));
    }

    private Result ofObject(MetricSpec metric, Question question) {
        MetricIdentifier identifier = identifier(metric.object().metric());
        CrossVersionObjectReference object = metric.object().describedObject();
        MetricTarget target = metric.object().target();
        Quantity value = target.value();
        Quantity average = target.averageValue();
        if (target.type().equals("Value") && value != null) {
            Proposal proposal = question.calculator.byValue(question.specReplicas, objectValue(question, object, identifier), value.milliValue());
            return new Result(proposal.replicas(), object.kind() + " metric " + identifier.name(),
                    status(metric).withObject(o -> o.withDescribedObject(object).withMetric(identifier).withCurrent(c -> c.withValue(Quantity.ofMilli(proposal.amount())))));
        }
        if (target.type().equals("AverageValue") && average != null) {
            Proposal proposal = question.calculator.byShare(question.statusReplicas, objectValue(question, object, identifier), average.milliValue());
            return new Result(proposal.replicas(), "external metric " + identifier.name() + "(" + spelled(identifier) + ")",
                    status(metric).withObject(o -> o.withDescribedObject(object).withMetric(identifier).withCurrent(c -> c.withAverageValue(Quantity.ofMilli(proposal.amount())))));
        }
        throw new NoFiguresException("invalid object metric source: neither a value target nor an average value target was set");
    }

    private long objectValue(Question question, CrossVersionObjectReference object, MetricIdentifier identifier) {
        try {
            return api.ofObject(question.namespace, resources.apply(object), object.name(), identifier.name(), selector(identifier));
        } catch (NoFiguresException e) {
            throw new NoFiguresException("unable to get metric " + identifier.name() + ": " + object.kind() + " on " + question.namespace + " " + object.name() + "/" + e.getMessage());
        }
    }

    private Result external(MetricSpec metric, Question question) {
        MetricIdentifier identifier = identifier(metric.external().metric());
        MetricTarget target = metric.external().target();
        Quantity average = target.averageValue();
        Quantity value = target.value();
        String name = "external metric " + identifier.name() + "(" + spelled(identifier) + ")";
        if (average != null) {
            Proposal proposal = question.calculator.byShare(question.statusReplicas, externalSum(question, identifier), average.milliValue());
            return new Result(proposal.replicas(), name, status(metric).withExternal(e -> e.withMetric(identifier).withCurrent(c -> c.withAverageValue(Quantity.ofMilli(proposal.amount())))));
        }
        if (value != null) {
            Proposal proposal = question.calculator.byValue(question.specReplicas, externalSum(question, identifier), value.milliValue());
            return new Result(proposal.replicas(), name, status(metric).withExternal(e -> e.withMetric(identifier).withCurrent(c -> c.withValue(Quantity.ofMilli(proposal.amount())))));
        }
        throw new NoFiguresException("invalid external metric source: neither a value target nor an average value target was set");
    }

    private long externalSum(Question question, MetricIdentifier identifier) {
        return prefixed("unable to get external metric " + question.namespace + "/" + identifier.name() + "/" + spelled(identifier) + ": ", () -> {
            long sum = 0;
            for (long value : api.external(question.namespace, identifier.name(), selector(identifier))) {
                sum = value > 0 && sum > Long.MAX_VALUE - value ? Long.MAX_VALUE : sum + value;
            }
            return sum;
        });
    }

    private static <T> T prefixed(String prefix, java.util.function.Supplier<T> source) {
        try {
            return source.get();
        } catch (NoFiguresException e) {
            throw new NoFiguresException(prefix + e.getMessage());
        }
    }

    private static MetricIdentifier identifier(MetricIdentifier given) {
        MetricIdentifier identifier = MetricIdentifier.EMPTY.withName(given.name());
        return given.hasSelector() ? identifier.withSelector(given.selector()) : identifier;
    }

    private static String selector(MetricIdentifier identifier) {
        return identifier.hasSelector() ? Selector.of(identifier.selector()).toString() : "";
    }

    /// A selector as conditions and events spell it.
    private static String spelled(MetricIdentifier identifier) {
        if (!identifier.hasSelector()) {
            return "nil";
        }
        LabelSelector selector = identifier.selector();
        StringBuilder text = new StringBuilder("&LabelSelector{MatchLabels:map[string]string{");
        new TreeMap<>(selector.matchLabels()).forEach((key, value) -> text.append(key).append(": ").append(value).append(','));
        text.append("},MatchExpressions:[]LabelSelectorRequirement{");
        selector.matchExpressions().forEach(e -> text.append("LabelSelectorRequirement{Key:").append(e.key()).append(",Operator:").append(e.operator()).append(",Values:[").append(String.join(" ", e.values())).append("],},"));
        return text.append("},}").toString();
    }

    private static Quantity quantity(String resource, long thousandths) {
        return resource.equals("memory") ? Quantity.of(BigDecimal.valueOf(thousandths, 3), Quantity.Format.BINARY_SI) : Quantity.ofMilli(thousandths);
    }
}
