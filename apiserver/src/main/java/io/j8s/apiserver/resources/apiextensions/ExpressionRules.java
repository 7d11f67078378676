package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.cel.CompiledRule;
import io.j8s.apiserver.cel.RuleCompiler;
import io.j8s.apiserver.cel.SchemaRule;
import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles the rules of a schema and bounds what they cost: each rule for all the values it can be evaluated for in one object, and all rules together.
final class ExpressionRules {

    static final Set<String> REASONS = Set.of("FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate");

    private static final long RULE_LIMIT = 10_000_000;
    private static final long SCHEMA_LIMIT = 100_000_000;
    private static final int MOST_NAMED = 4;
    private static final long UNBOUNDED = Long.MAX_VALUE;

    private final SchemaNode schema;
    private final boolean unchanged;
    private final List<Cost> costly = new ArrayList<>();
    private long total;

    private record Cost(FieldPath path, long cost) {}

    /// @param unchanged whether the schema is that of the older state: then a rule may cost what it does
    ExpressionRules(SchemaNode schema, boolean unchanged) {
        this.schema = schema;
        this.unchanged = unchanged;
    }

    Node root() {
        return new Node(schema, true, 1L);
    }

    private static long product(long a, long b) {
        return b != 0 && a > UNBOUNDED / b ? UNBOUNDED : a * b;
    }

    /// A node of the schema on the way down.
    final class Node {
        private final SchemaNode node;
        private final boolean resource;
        /// How many values of it there can be in an object; null where the schemas above set no bound.
        private final @Nullable Long times;

        private Node(SchemaNode node, boolean resource, @Nullable Long times) {
            this.node = node;
            this.resource = resource;
            this.times = times;
        }

        private Node below(SchemaNode child) {
            Long elements = mostElements();
            return new Node(child, child.embeddedResource(), times == null || elements == null ? null : (Long) product(times, elements));
        }

        private @Nullable Long mostElements() {
            String bound = switch (node.type()) {
                case "object" -> node.has("additionalProperties") ? "maxProperties" : "";
                case "array" -> "maxItems";
                default -> "";
            };
            if (bound.isEmpty()) {
                return 1L;
            }
            Long most = node.count(bound);
            return most == null ? null : (Long) Math.max(most, 0);
        }

        Node property(String name, SchemaNode property) {
            return below(property);
        }

        Node items(SchemaNode items) {
            return below(items);
        }

        Node additional(SchemaNode additional) {
            return below(additional);
        }

        /// @param uncorrelatable where the parts cannot be told apart between two states of an object; null for nowhere above
        void compile(FieldPath path, @Nullable FieldPath uncorrelatable, FieldErrors errors) {
            if (node.list("x-kubernetes-validations").isEmpty()) {
                return;
            }
            Schema typed = Schema.of(node.json());
            if (!RuleCompiler.knows(typed, resource)) {
                errors.internal(path.child("x-kubernetes-validations"), "failed to construct type information for x-kubernetes-validations rules");
                return;
            }
            List<CompiledRule> rules = RuleCompiler.compile(typed, resource);
            long values = times == null ? RuleCompiler.mostTimes(typed, resource) : times;
            for (int i = 0; i < rules.size(); i++) {
                check(rules.get(i), values, path.child("x-kubernetes-validations").index(i), uncorrelatable, errors);
            }
        }

        private void check(CompiledRule rule, long values, FieldPath path, @Nullable FieldPath uncorrelatable, FieldErrors errors) {
            long cost = product(rule.mostCost(), values);
            if (!unchanged && cost > RULE_LIMIT) {
                errors.forbidden(path.child("rule"), tooMuch("estimated rule cost", cost, RULE_LIMIT));
            }
            add(path.child("rule"), cost);
            if (!rule.error().isEmpty()) {
                refuse(path.child("rule"), rule.source(), rule.error(), errors);
            }
            if (!rule.messageError().isEmpty()) {
                refuse(path.child("messageExpression"), rule.source(), rule.messageError(), errors);
            } else if (rule.message() != null) {
                if (!unchanged && rule.messageCost() > RULE_LIMIT) {
                    errors.forbidden(path.child("messageExpression"), tooMuch("estimated messageExpression cost", rule.messageCost(), RULE_LIMIT));
                }
                add(path.child("messageExpression"), rule.messageCost());
            }
            if (rule.usesOldSelf()) {
                if (uncorrelatable != null) {
                    errors.invalid(path.child("rule"), rule.source().rule(), "oldSelf cannot be used on the uncorrelatable portion of the schema within " + uncorrelatable);
                }
            } else if (rule.source().optionalOldSelf() != null) {
                errors.invalid(path.child("optionalOldSelf"), rule.source().optionalOldSelf(), "may not be set if oldSelf is not used in rule");
            }
        }
    }

    /// The whole rule is the value that is wrong.
    private static void refuse(FieldPath path, SchemaRule rule, String why, FieldErrors errors) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("Rule", rule.rule());
        shown.put("Message", rule.message());
        shown.put("MessageExpression", rule.messageExpression());
        shown.put("Reason", rule.reason().isEmpty() ? JsonNull.NULL : rule.reason());
        shown.put("FieldPath", rule.fieldPath());
        shown.put("OptionalOldSelf", Objects.requireNonNullElse(rule.optionalOldSelf(), JsonNull.NULL));
        errors.add(new FieldError(FieldError.Kind.INVALID, path.toString(), new String(Json.writePlain(shown), StandardCharsets.UTF_8), why));
    }

    private void add(FieldPath path, long cost) {
        total = total > UNBOUNDED - cost ? UNBOUNDED : total + cost;
        if (cost >= SCHEMA_LIMIT / 100) {
            costly.add(new Cost(path, cost));
        }
    }

    /// Refuses a schema whose rules cost too much together, naming the costliest.
    void total(FieldPath path, FieldErrors errors) {
        if (total <= SCHEMA_LIMIT) {
            return;
        }
        costly.stream().sorted(Comparator.comparingLong(Cost::cost).reversed()).limit(MOST_NAMED)
                .forEach(one -> errors.forbidden(one.path, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        errors.forbidden(path, tooMuch("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", total, SCHEMA_LIMIT));
    }

    private static String tooMuch(String what, long cost, long limit) {
        double factor = (double) cost / limit;
        String times = factor > 100 ? "more than 100x" : String.format(Locale.ROOT, factor < 1.5 ? "%fx" : "%.1fx", factor);
        return what + " exceeds budget by factor of " + times
                + " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
