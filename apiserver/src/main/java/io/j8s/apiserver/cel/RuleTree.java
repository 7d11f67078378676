package io.j8s.apiserver.cel;

import io.j8s.apiserver.status.FieldError;
import io.j8s.model.JsonNull;
import io.j8s.model.schema.Correlation;
import io.j8s.model.schema.Schema;
import io.j8s.model.schema.SchemaProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The rules of a schema, node by node, compiled when the first object is checked. Safe for many threads.
public final class RuleTree {

    private static final int LONGEST_MESSAGE_BYTES = 5 * 1024;
    private static final long BUDGET = 10_000_000;

    private final Schema schema;
    private final boolean resource;
    private final Map<String, RuleTree> properties;
    private final @Nullable RuleTree items;
    private final @Nullable RuleTree additional;
    private volatile @Nullable List<CompiledRule> compiled;

    private RuleTree(Schema schema, boolean resource, Map<String, RuleTree> properties, @Nullable RuleTree items, @Nullable RuleTree additional) {
        this.schema = schema;
        this.resource = resource;
        this.properties = properties;
        this.items = items;
        this.additional = additional;
    }

    /// The rules of a schema and of all below it; null when there are none.
    public static @Nullable RuleTree of(@Nullable Schema schema, boolean resource) {
        if (schema == null || Declared.of(schema, Declared.ROOT, resource) == null) {
            return null;
        }
        return tree(schema, resource);
    }

    private static @Nullable RuleTree tree(@Nullable Schema schema, boolean resource) {
        if (schema == null) {
            return null;
        }
        Map<String, RuleTree> properties = new TreeMap<>();
        schema.properties().forEach((name, property) -> {
            RuleTree below = tree(property, property.embeddedResource());
            if (below != null) {
                properties.put(name, below);
            }
        });
        RuleTree items = schema.items() == null ? null : tree(schema.items(), schema.items().embeddedResource());
        RuleTree additional = schema.additional() == null ? null : tree(schema.additional(), schema.additional().embeddedResource());
        boolean any = !schema.rules().isEmpty() || !properties.isEmpty() || items != null || additional != null;
        return any ? new RuleTree(schema, resource, properties, items, additional) : null;
    }

    private List<CompiledRule> rules() {
        List<CompiledRule> known = compiled;
        if (known == null) {
            known = RuleCompiler.compile(schema, resource);
            compiled = known;
        }
        return known;
    }

    /// The rules that a value breaks.
    ///
    /// @param old the value before; null when there is none
    /// @param correlation which parts of the two belong together; null when there is no older value
    /// @param path where the value stands; empty for a whole object
    /// @param warnings told of what is let pass because it did not change
    public List<FieldError> check(Object value, @Nullable Object old, @Nullable Correlation correlation, String path, Consumer<String> warnings) {
        Check check = new Check(warnings);
        check.node(this, value, old, path, correlation, null);
        return check.found;
    }

    /// One check, within one budget.
    private static final class Check {
        private final Consumer<String> warnings;
        private final List<FieldError> found = new ArrayList<>();
        private long budget = BUDGET;

        Check(Consumer<String> warnings) {
            this.warnings = warnings;
        }

        /// @param nearest the nearest value above whose older one is known
        void node(RuleTree tree, Object value, @Nullable Object old, String path, @Nullable Correlation correlation, @Nullable Correlation nearest) {
            if (value == JsonNull.NULL || budget < 0) {
                return;
            }
            rules(tree, value, old == JsonNull.NULL ? null : old, path, correlation == null ? nearest : correlation);
            if (value instanceof List<?> list && tree.items != null) {
                list(tree, tree.items, list, old, path, correlation, nearest);
            } else if (value instanceof Map<?, ?> map) {
                Map<?, ?> before = old instanceof Map<?, ?> known ? known : Map.of();
                boolean root = nearest == null;
                for (Object key : map.keySet().stream().sorted().toList()) {
                    String name = (String) key;
                    RuleTree below = tree.properties.get(name);
                    String place = path.isEmpty() ? name : path + "." + name;
                    if (below == null && !tree.schema.properties().containsKey(name)) {
                        below = tree.additional;
                        place = path + "[" + name + "]";
                    }
                    if (below != null) {
                        boolean typeMeta = root && (name.equals("apiVersion") || name.equals("kind"));
                        Correlation part = correlation == null || typeMeta ? null : correlation.key(name);
                        Correlation above = typeMeta ? null : correlation == null ? nearest : correlation;
                        node(below, java.util.Objects.requireNonNull(map.get(name)), before.get(name), place, part, above);
                    }
                }
            }
        }

        private void list(
                RuleTree tree, RuleTree items, List<?> list, @Nullable Object old, String path, @Nullable Correlation correlation, @Nullable Correlation nearest) {
            Map<List<Object>, Object> before = old instanceof List<?> known ? Correlation.byKey(tree.schema, known) : Map.of();
            for (int i = 0; i < list.size(); i++) {
                List<Object> key = Correlation.keyOf(tree.schema, list.get(i));
                node(items, list.get(i), key == null ? null : before.get(key), path + "[" + i + "]",
                        correlation == null ? null : correlation.index(i), correlation == null ? nearest : correlation);
            }
        }

        private void rules(RuleTree tree, Object value, @Nullable Object old, String path, @Nullable Correlation correlation) {
            List<CompiledRule> rules = tree.rules();
            if (rules.isEmpty()) {
                return;
            }
            Map<String, Object> variables = new HashMap<>();
            Map<String, Object> optional = new HashMap<>();
            try {
                Object self = TypedValues.of(value, tree.schema, tree.resource);
                variables.put("self", self);
                optional.put("self", self);
                optional.put("oldSelf", Optional.empty());
                if (old != null && rules.stream().anyMatch(CompiledRule::usesOldSelf)) {
                    Object before = TypedValues.of(old, tree.schema, tree.resource);
                    variables.put("oldSelf", before);
                    optional.put("oldSelf", Optional.of(before));
                }
            } catch (IllegalArgumentException e) {
                invalid(tree, path, e.getMessage() + " evaluating rule: " + rules.getFirst().source().shown());
                return;
            }
            for (CompiledRule rule : rules) {
                if (budget < 0) {
                    return;
                }
                boolean transition = rule.usesOldSelf() && old == null && !rule.source().takesNoOldSelf();
                if (!transition) {
                    rule(tree, rule, rule.source().takesNoOldSelf() ? optional : variables, value, path, correlation);
                }
            }
        }

        private void rule(RuleTree tree, CompiledRule rule, Map<String, Object> variables, Object value, String path, @Nullable Correlation correlation) {
            if (!rule.error().isEmpty()) {
                invalid(tree, path, "rule compile error: " + rule.error());
                return;
            }
            MeteredExpression expression = rule.expression();
            if (expression == null) {
                return;
            }
            MeteredExpression.Outcome outcome = expression.evaluate(variables);
            if (outcome.cost() > budget) {
                invalid(tree, path, "validation failed due to running out of cost budget, no further validation rules will be run");
                budget = -1;
                return;
            }
            budget -= outcome.cost();
            if (outcome.exhausted()) {
                invalid(tree, path, "'" + outcome.error() + "': no further validation rules will be run due to call cost exceeds limit for rule: " + rule.source().shown());
                budget = -1;
            } else if (outcome.error().equals("no such overload")) {
                invalid(tree, path, "'no such overload': call arguments did not match a supported operator, function or macro signature for rule: " + rule.source().shown());
            } else if (!outcome.error().isEmpty()) {
                invalid(tree, path, outcome.error() + " evaluating rule: " + rule.source().shown());
            } else if (!Boolean.TRUE.equals(outcome.value())) {
                broken(tree, rule, variables, value, path, correlation);
            }
        }

        private void broken(RuleTree tree, CompiledRule rule, Map<String, Object> variables, Object value, String path, @Nullable Correlation correlation) {
            String field = rule.field().isEmpty() ? path : path.isEmpty() ? rule.field() : path + (rule.field().startsWith("[") ? "" : ".") + rule.field();
            String detail = message(rule, variables);
            boolean omitted = tree.schema.type().equals("object") || tree.schema.type().equals("array");
            FieldError.Kind kind = switch (rule.source().reason()) {
                case "FieldValueForbidden" -> FieldError.Kind.FORBIDDEN;
                case "FieldValueRequired" -> FieldError.Kind.REQUIRED;
                case "FieldValueDuplicate" -> FieldError.Kind.DUPLICATE;
                default -> FieldError.Kind.INVALID;
            };
            String shown = omitted ? null : value instanceof String text ? '"' + text + '"' : String.valueOf(value);
            FieldError error = new FieldError(kind, field.isEmpty() ? SchemaProblem.NO_FIELD : field, shown, kind == FieldError.Kind.DUPLICATE ? "" : detail);
            if (!rule.usesOldSelf() && correlation != null && correlation.isEqual()) {
                warnings.accept(error.toString());
            } else {
                found.add(error);
            }
        }

        private String message(CompiledRule rule, Map<String, Object> variables) {
            MeteredExpression expression = rule.message();
            if (expression != null) {
                MeteredExpression.Outcome outcome = expression.evaluate(variables);
                budget -= outcome.cost();
                if (outcome.value() instanceof String text) {
                    String message = text.strip();
                    boolean fits = !message.isEmpty() && message.indexOf('\n') < 0
                            && message.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= LONGEST_MESSAGE_BYTES;
                    if (fits) {
                        return message;
                    }
                }
            }
            return rule.source().message().isEmpty() ? "failed rule: " + rule.source().shown() : rule.source().message().strip();
        }

        private void invalid(RuleTree tree, String path, String detail) {
            found.add(new FieldError(FieldError.Kind.INVALID, path.isEmpty() ? SchemaProblem.NO_FIELD : path, '"' + tree.schema.type() + '"', detail));
        }
    }
}
