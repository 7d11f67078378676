package io.j8s.model.selector;

import io.j8s.model.Field;
import io.j8s.model.Struct;
import io.j8s.model.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A label selector, compiled. Immutable.
///
/// Written form: requirements joined by commas, each `key`, `!key`, `key=value`, `key==value`, `key!=value`, `key in (a,b)`, `key notin (a,b)`, `key>1` or
/// `key<1`. An empty text selects everything.
public final class Selector {

    private static final Selector EVERYTHING = new Selector(List.of(), false);
    private static final Selector NOTHING = new Selector(List.of(), true);

    private final Requirement[] requirements;
    private final boolean nothing;

    private Selector(List<Requirement> requirements, boolean nothing) {
        List<Requirement> sorted = new ArrayList<>(requirements);
        sorted.sort(Comparator.comparing(Requirement::key));
        this.requirements = sorted.toArray(Requirement[]::new);
        this.nothing = nothing;
    }

    public static Selector everything() {
        return EVERYTHING;
    }

    public static Selector nothing() {
        return NOTHING;
    }

    public static Selector of(List<Requirement> requirements) {
        return requirements.isEmpty() ? EVERYTHING : new Selector(requirements, false);
    }

    /// Selects what has all these labels.
    ///
    /// @throws SelectorException when a key or value is not a label
    public static Selector ofLabels(Map<String, String> labels) {
        return of(labels.entrySet().stream().map(e -> new Requirement(e.getKey(), Operator.EQUALS, List.of(e.getValue()))).toList());
    }

    /// @throws SelectorException when the text is no selector
    public static Selector parse(String text) {
        return text.isEmpty() ? EVERYTHING : of(new SelectorParser(text).parse());
    }

    /// The selector a `meta/v1 LabelSelector` stands for: null selects nothing, an empty one everything.
    ///
    /// @throws SelectorException when a key, value or operator is not allowed
    public static Selector of(@Nullable Struct labelSelector) {
        if (labelSelector == null) {
            return NOTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        if (value(labelSelector, "matchLabels") instanceof Map<?, ?> labels) {
            labels.forEach((key, value) -> requirements.add(new Requirement((String) key, Operator.EQUALS, List.of((String) value))));
        }
        if (value(labelSelector, "matchExpressions") instanceof List<?> expressions) {
            for (Object expression : expressions) {
                requirements.add(expression((Struct) expression));
            }
        }
        return of(requirements);
    }

    private static Requirement expression(Struct expression) {
        String written = value(expression, "operator") instanceof String text ? text : "";
        Operator operator = switch (written) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> throw new SelectorException("\"" + written + "\" is no operator: use In, NotIn, Exists or DoesNotExist");
        };
        List<String> values = new ArrayList<>();
        if (value(expression, "values") instanceof List<?> list) {
            list.forEach(value -> values.add((String) value));
        }
        return new Requirement(value(expression, "key") instanceof String key ? key : "", operator, values);
    }

    private static @Nullable Object value(Struct struct, String name) {
        Field field = struct.structType().field(name);
        return field == null ? null : struct.get(field);
    }

    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return !nothing;
    }

    public boolean selectsEverything() {
        return requirements.length == 0 && !nothing;
    }

    public boolean selectsNothing() {
        return nothing;
    }

    /// By key.
    public List<Requirement> requirements() {
        return List.of(requirements);
    }

    /// The only value the selector lets a label have; null when it leaves it open.
    public @Nullable String exactValue(String key) {
        for (Requirement requirement : requirements) {
            if (requirement.key().equals(key)) {
                boolean exact = switch (requirement.operator()) {
                    case EQUALS, DOUBLE_EQUALS, IN -> requirement.values().size() == 1;
                    case NOT_EQUALS, NOT_IN, EXISTS, DOES_NOT_EXIST, GREATER_THAN, LESS_THAN -> false;
                };
                return exact ? requirement.values().getFirst() : null;
            }
        }
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Selector selector && nothing == selector.nothing && requirements().equals(selector.requirements());
    }

    @Override
    public int hashCode() {
        return requirements().hashCode() + (nothing ? 1 : 0);
    }

    /// The canonical written form: ordered by key. Parsing it gives an equal selector (except for [#nothing], whose form is empty, as upstream's).
    @Override
    public String toString() {
        return requirements().stream().map(Requirement::toString).collect(Collectors.joining(","));
    }
}
