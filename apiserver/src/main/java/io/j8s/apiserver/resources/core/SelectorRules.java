package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.LabelSelectorRequirement;
import io.j8s.model.selector.Selector;
import io.j8s.model.selector.SelectorException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules for labels and for what selects by them.
public final class SelectorRules {

    private SelectorRules() {}

    public static void labels(Map<String, String> labels, FieldPath path, FieldErrors errors) {
        labels.forEach((key, value) -> {
            Names.qualifiedName(key).forEach(problem -> errors.invalid(path, key, problem));
            Names.labelValue(value).forEach(problem -> errors.invalid(path, value, problem));
        });
    }

    public static void selector(LabelSelector selector, FieldPath path, FieldErrors errors) {
        labels(selector.matchLabels(), path.child("matchLabels"), errors);
        List<LabelSelectorRequirement> expressions = selector.matchExpressions();
        for (int i = 0; i < expressions.size(); i++) {
            requirement(expressions.get(i), false, path.child("matchExpressions").index(i), errors);
        }
    }

    /// @param anyOperator whether an operator that is not known is let pass
    public static void requirement(LabelSelectorRequirement expression, boolean anyOperator, FieldPath path, FieldErrors errors) {
        switch (expression.operator()) {
            case "In", "NotIn" -> {
                if (expression.values().isEmpty()) {
                    errors.required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!expression.values().isEmpty()) {
                    errors.forbidden(path.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> {
                if (!anyOperator) {
                    errors.invalid(path.child("operator"), expression.operator(), "not a valid selector operator");
                }
            }
        }
        Names.qualifiedName(expression.key()).forEach(problem -> errors.invalid(path.child("key"), expression.key(), problem));
        for (int i = 0; i < expression.values().size(); i++) {
            String value = expression.values().get(i);
            FieldPath here = path.child("values").index(i);
            Names.labelValue(value).forEach(problem -> errors.invalid(here, value, problem));
        }
    }

    /// The selector ready for use, or null when it cannot be read.
    public static @Nullable Selector read(LabelSelector selector) {
        try {
            return Selector.of(selector);
        } catch (SelectorException e) {
            return null;
        }
    }

    /// The selector as tables show it.
    public static String shown(LabelSelector selector) {
        Selector read = read(selector);
        return read == null ? "<error>" : read.requirements().isEmpty() ? "<none>" : read.toString();
    }

    public static boolean isEmpty(LabelSelector selector) {
        return selector.matchLabels().isEmpty() && selector.matchExpressions().isEmpty();
    }
}
