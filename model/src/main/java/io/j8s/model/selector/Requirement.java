package io.j8s.model.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One condition on a label.
///
/// @param values sorted and without repetitions; what an operator allows is checked when it is made
public record Requirement(String key, Operator operator, List<String> values) {

    /// How a label and the values relate.
    public enum Operator { EQUALS, DOUBLE_EQUALS, NOT_EQUALS, IN, NOT_IN, EXISTS, DOES_NOT_EXIST, GREATER_THAN, LESS_THAN }

    /// @throws SelectorException when key, values or their number are not allowed
    public Requirement {
        values = values.size() < 2 ? List.copyOf(values) : values.stream().distinct().sorted().toList();
        List<String> problems = new ArrayList<>();
        for (String reason : Names.qualifiedName(key)) {
            problems.add("key: Invalid value: \"" + key + "\": " + reason);
        }
        String count = wrongCount(operator, values);
        if (!count.isEmpty()) {
            problems.add("values: Invalid value: " + values + ": " + count);
        }
        for (int i = 0; i < values.size(); i++) {
            if ((operator == Operator.GREATER_THAN || operator == Operator.LESS_THAN) && !isNumber(values.get(i))) {
                problems.add("values[" + i + "]: Invalid value: \"" + values.get(i) + "\": Gt and Lt compare with a whole number");
            }
            for (String reason : Names.labelValue(values.get(i))) {
                problems.add("values[" + i + "][" + key + "]: Invalid value: \"" + values.get(i) + "\": " + reason);
            }
        }
        if (!problems.isEmpty()) {
            throw new SelectorException(String.join(", ", problems));
        }
    }

    private static String wrongCount(Operator operator, List<String> values) {
        return switch (operator) {
            case IN, NOT_IN -> values.isEmpty() ? "in and notin need at least one value" : "";
            case EQUALS, DOUBLE_EQUALS, NOT_EQUALS -> values.size() == 1 ? "" : "=, == and != need exactly one value";
            case EXISTS, DOES_NOT_EXIST -> values.isEmpty() ? "" : "a test for existence takes no values";
            case GREATER_THAN, LESS_THAN -> values.size() == 1 ? "" : "Gt and Lt need exactly one value";
        };
    }

    /// Whether labels meet the condition.
    public boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return switch (operator) {
            case EQUALS, DOUBLE_EQUALS -> value != null && value.equals(values.getFirst());
            case NOT_EQUALS -> value == null || !value.equals(values.getFirst());
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case GREATER_THAN -> value != null && isNumber(value) && Long.parseLong(value) > Long.parseLong(values.getFirst());
            case LESS_THAN -> value != null && isNumber(value) && Long.parseLong(value) < Long.parseLong(values.getFirst());
        };
    }

    private static boolean isNumber(String text) {
        try {
            Long.parseLong(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        String joined = String.join(",", values);
        return switch (operator) {
            case EQUALS -> key + "=" + joined;
            case DOUBLE_EQUALS -> key + "==" + joined;
            case NOT_EQUALS -> key + "!=" + joined;
            case IN -> key + " in (" + joined + ")";
            case NOT_IN -> key + " notin (" + joined + ")";
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
            case GREATER_THAN -> key + ">" + joined;
            case LESS_THAN -> key + "<" + joined;
        };
    }
}
