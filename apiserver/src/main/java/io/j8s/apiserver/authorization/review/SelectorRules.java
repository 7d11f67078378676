package io.j8s.apiserver.authorization.review;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.authorization.v1.FieldSelectorAttributes;
import io.j8s.model.authorization.v1.LabelSelectorAttributes;
import io.j8s.model.authorization.v1.ResourceAttributes;
import io.j8s.model.meta.v1.LabelSelectorRequirement;
import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.Selector;
import io.j8s.model.selector.SelectorException;
import java.util.ArrayList;
import java.util.List;

/// The selectors of an access review: their rules, and their text form. Requirements that are not understood are left out, which can only make the question a wider one.
final class SelectorRules {

    private static final FieldPath PATH = FieldPath.of("spec").child("resourceAttributes");

    private SelectorRules() {}

    /// One requirement on a field or a label.
    private record Term(String key, String operator, List<String> values) {}

    static void check(ResourceAttributes attributes, FieldErrors errors) {
        if (attributes.hasFieldSelector()) {
            FieldPath path = PATH.child("fieldSelector");
            List<Term> terms = fieldTerms(attributes.fieldSelector());
            check(path, attributes.fieldSelector().rawSelector(), terms.size(), errors);
            for (int i = 0; i < terms.size(); i++) {
                check(path.child("requirements").index(i), terms.get(i), errors);
            }
        }
        if (attributes.hasLabelSelector()) {
            FieldPath path = PATH.child("labelSelector");
            List<LabelSelectorRequirement> requirements = attributes.labelSelector().requirements();
            check(path, attributes.labelSelector().rawSelector(), requirements.size(), errors);
            for (int i = 0; i < requirements.size(); i++) {
                io.j8s.apiserver.resources.core.SelectorRules.requirement(requirements.get(i), true, path.child("requirements").index(i), errors);
            }
        }
    }

    private static List<Term> fieldTerms(FieldSelectorAttributes selector) {
        return selector.requirements().stream().map(one -> new Term(one.key(), one.operator(), one.values())).toList();
    }

    private static List<Term> labelTerms(LabelSelectorAttributes selector) {
        return selector.requirements().stream().map(one -> new Term(one.key(), one.operator(), one.values())).toList();
    }

    private static void check(FieldPath path, String raw, int requirements, FieldErrors errors) {
        if (!raw.isEmpty() && requirements > 0) {
            errors.invalid(path.child("rawSelector"), raw, "may not be specified at the same time as requirements");
        }
        if (raw.isEmpty() && requirements == 0) {
            errors.required(path.child("requirements"), "when " + path + " is specified, requirements or rawSelector is required");
        }
    }

    private static void check(FieldPath path, Term term, FieldErrors errors) {
        if (term.key.isEmpty()) {
            errors.required(path.child("key"), "must be specified");
        }
        switch (term.operator) {
            case "In", "NotIn" -> {
                if (term.values.isEmpty()) {
                    errors.required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!term.values.isEmpty()) {
                    errors.forbidden(path.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> { }
        }
    }

    /// What of the selectors was not understood; empty for nothing.
    static String problem(ResourceAttributes attributes) {
        List<String> problems = new ArrayList<>(0);
        if (attributes.hasFieldSelector()) {
            List<Term> terms = fieldTerms(attributes.fieldSelector());
            note("fieldSelector", terms, terms.stream().filter(term -> fieldText(term).isEmpty()).count(), isFieldSelector(attributes.fieldSelector().rawSelector()), problems);
        }
        if (attributes.hasLabelSelector()) {
            List<Term> terms = labelTerms(attributes.labelSelector());
            note("labelSelector", terms, terms.stream().filter(term -> labelText(term).isEmpty()).count(), isLabelSelector(attributes.labelSelector().rawSelector()), problems);
        }
        return String.join("; ", problems);
    }

    private static void note(String field, List<Term> terms, long unknown, boolean readable, List<String> problems) {
        if (!readable || unknown > 0) {
            problems.add("spec.resourceAttributes." + field + (readable && unknown < terms.size() ? " partially" : "") + " ignored due to parse error");
        }
    }

    private static boolean isFieldSelector(String raw) {
        try {
            FieldSelector.parse(raw);
            return true;
        } catch (SelectorException e) {
            return false;
        }
    }

    private static boolean isLabelSelector(String raw) {
        try {
            Selector.parse(raw);
            return true;
        } catch (SelectorException e) {
            return false;
        }
    }

    static String fields(FieldSelectorAttributes selector) {
        if (selector.requirements().isEmpty()) {
            return selector.rawSelector();
        }
        return String.join(",", fieldTerms(selector).stream().map(SelectorRules::fieldText).filter(text -> !text.isEmpty()).toList());
    }

    static String labels(LabelSelectorAttributes selector) {
        if (selector.requirements().isEmpty()) {
            return selector.rawSelector();
        }
        return String.join(",", labelTerms(selector).stream().map(SelectorRules::labelText).filter(text -> !text.isEmpty()).toList());
    }

    private static String fieldText(Term term) {
        if (term.values.size() != 1) {
            return "";
        }
        String value = FieldSelector.escape(term.values.getFirst());
        return switch (term.operator) {
            case "In" -> term.key + "=" + value;
            case "NotIn" -> term.key + "!=" + value;
            default -> "";
        };
    }

    private static String labelText(Term term) {
        String values = "(" + String.join(",", term.values) + ")";
        return switch (term.operator) {
            case "In" -> term.key + " in " + values;
            case "NotIn" -> term.key + " notin " + values;
            case "Exists" -> term.key;
            case "DoesNotExist" -> "!" + term.key;
            default -> "";
        };
    }
}
