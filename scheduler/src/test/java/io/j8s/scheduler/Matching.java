package io.j8s.scheduler;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeSelector;
import io.j8s.model.core.v1.NodeSelectorRequirement;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Toleration;
import io.j8s.model.meta.v1.LabelSelector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Selectors and tolerations, word by word as the API reference defines them. For the reference scheduler only.
final class Matching {

    private Matching() {}

    static boolean labels(LabelSelector selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.matchLabels().entrySet())
                && selector.matchExpressions().stream().allMatch(one -> holds(one.operator(), one.values(), labels.get(one.key())));
    }

    private static boolean holds(String operator, List<String> values, @Nullable String value) {
        return switch (operator) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> value != null && Long.parseLong(value) > Long.parseLong(values.getFirst());
            case "Lt" -> value != null && Long.parseLong(value) < Long.parseLong(values.getFirst());
            default -> throw new IllegalArgumentException(operator);
        };
    }

    /// One of the terms must hold; a term without anything holds for nothing.
    static boolean node(NodeSelector selector, Node node) {
        return selector.nodeSelectorTerms().stream().anyMatch(term -> !(term.matchExpressions().isEmpty() && term.matchFields().isEmpty())
                && term.matchExpressions().stream().allMatch(one -> holds(one, node.metadata().labels().get(one.key())))
                && term.matchFields().stream().allMatch(one -> holds(one, node.metadata().name())));
    }

    private static boolean holds(NodeSelectorRequirement one, @Nullable String value) {
        return holds(one.operator(), one.values(), value);
    }

    static boolean tolerates(List<Toleration> tolerations, Taint taint) {
        return tolerations.stream().anyMatch(one -> (one.effect().isEmpty() || one.effect().equals(taint.effect()))
                && (one.key().isEmpty() || one.key().equals(taint.key()))
                && (one.operator().equals("Exists") || (!one.key().isEmpty() && one.value().equals(taint.value()))));
    }
}
