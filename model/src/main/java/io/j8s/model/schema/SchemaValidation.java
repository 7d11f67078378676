package io.j8s.model.schema;

import io.j8s.model.JsonNull;
import io.j8s.model.schema.SchemaProblem.Reason;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks plain JSON against a schema, and reports what upstream's validation reports, in its order: a value's kind, combined schemas, then what is
/// particular to its kind.
final class SchemaValidation {

    private static final String BODY = " in body ";

    private SchemaValidation() {}

    /// Problems, and how many checks a value passed: of several alternatives that fail, the one that came furthest is reported.
    private static final class Findings {
        final Set<SchemaProblem> problems = new LinkedHashSet<>();
        int checks;

        boolean valid() {
            return problems.isEmpty();
        }

        Findings with(Findings other) {
            problems.addAll(other.problems);
            checks += other.checks;
            return this;
        }

        Findings problem(Reason reason, String field, Object value, String detail) {
            problems.add(new SchemaProblem(reason, field.startsWith(".") ? field.substring(1) : field, value, detail));
            return this;
        }

        /// A problem that upstream reports without its field.
        Findings elsewhere(String detail) {
            problems.add(new SchemaProblem(Reason.INVALID, SchemaProblem.NO_FIELD, "", detail));
            return this;
        }
    }

    /// @param correlation what is known of the older value; null for none
    static List<SchemaProblem> problems(Schema schema, Object value, @Nullable Correlation correlation) {
        return List.copyOf(check(schema, value, "", correlation).problems);
    }

    /// What did not change may be wrong.
    private static Findings check(Schema schema, Object value, String path, @Nullable Correlation old) {
        Findings found = checkNow(schema, value, path, old);
        if (!found.valid() && old != null && old.isEqual()) {
            found.problems.clear();
        }
        return found;
    }

    private static @Nullable Correlation member(@Nullable Correlation old, String name, String path) {
        boolean typeMeta = path.isEmpty() && (name.equals("kind") || name.equals("apiVersion"));
        return old == null || typeMeta ? null : old.key(name);
    }

    private static Findings checkNow(Schema schema, Object value, String path, @Nullable Correlation old) {
        Findings all = new Findings();
        if (value == JsonNull.NULL) {
            return all.with(kind(schema, value, path)).with(enumeration(schema, value, path));
        }
        add(all, kind(schema, value, path));
        add(all, combined(schema, value, path, old));
        switch (value) {
            case String text -> {
                add(all, string(schema, text, path));
                add(all, format(schema, text, path));
            }
            case Number number -> add(all, number(schema, number, path));
            case List<?> list -> add(all, list(schema, list, path, old));
            default -> {}
        }
        add(all, enumeration(schema, value, path));
        if (value instanceof Map<?, ?> map) {
            add(all, object(schema, map, path, old));
        }
        all.checks++;
        return all;
    }

    private static void add(Findings all, Findings some) {
        all.with(some).checks++;
    }

    // ---- kinds ----

    private static String kindOf(Object value) {
        return switch (value) {
            case String _ -> "string";
            case Boolean _ -> "boolean";
            case Long _, Integer _ -> "integer";
            case Number _ -> "number";
            case List<?> _ -> "array";
            case Map<?, ?> _ -> "object";
            default -> "null";
        };
    }

    private static Findings kind(Schema schema, Object value, String path) {
        Findings found = new Findings();
        List<String> allowed = schema.intOrString() ? List.of("integer", "string") : schema.type().isEmpty() ? List.of() : List.of(schema.type());
        String kind = kindOf(value);
        boolean fits = allowed.isEmpty()
                || allowed.contains(kind)
                || kind.equals("null") && schema.nullable()
                || kind.equals("integer") && allowed.contains("number")
                || value instanceof String && Formats.isKnown(schema.format()) && !allowed.contains("integer") && !allowed.contains("number");
        if (!fits) {
            return found.problem(Reason.TYPE_INVALID, path, value == JsonNull.NULL ? "null" : value, "must be of type " + String.join(" or ", allowed) + ", not " + kind);
        }
        found.checks++;
        return found;
    }

    private static Findings enumeration(Schema schema, Object value, String path) {
        Findings found = new Findings();
        if (schema.enumeration().isEmpty() || value != JsonNull.NULL && schema.enumeration().stream().anyMatch(allowed -> equal(allowed, value))) {
            return found;
        }
        return found.problem(Reason.NOT_SUPPORTED, path, value, "must be one of " + schema.enumeration());
    }

    /// As upstream, that brings the value into the type of what is allowed first: a fraction into a whole number.
    private static boolean equal(Object a, Object b) {
        return switch (a) {
            case Long whole when b instanceof Number number -> whole == number.longValue();
            case Number number when b instanceof Number other -> number.doubleValue() == other.doubleValue();
            default -> a.equals(b);
        };
    }

    // ---- scalars ----

    private static Findings string(Schema schema, String text, String path) {
        Findings found = new Findings();
        Schema.Limits limits = schema.limits();
        int length = text.codePointCount(0, text.length());
        if (limits.maxLength() != null && length > limits.maxLength()) {
            return found.problem(Reason.TOO_LONG, path, text, "may not be more than " + limits.maxLength() + " characters long");
        }
        if (limits.minLength() != null && length < limits.minLength()) {
            return found.problem(Reason.INVALID, path, text, path + BODY + "should be at least " + limits.minLength() + " chars long");
        }
        if (limits.pattern() != null && !limits.pattern().matches(text)) {
            return found.problem(Reason.INVALID, path, text, path + BODY + "should match '" + limits.pattern() + "'");
        }
        return found;
    }

    private static Findings format(Schema schema, String text, String path) {
        Findings found = new Findings();
        boolean asked = (schema.type().isEmpty() || schema.type().equals("string")) && Formats.isKnown(schema.format());
        return asked && !Formats.matches(schema.format(), text)
                ? found.problem(Reason.TYPE_INVALID, path, text, path + BODY + "must be of type " + schema.format())
                : found;
    }

    private static Findings number(Schema schema, Number value, String path) {
        Findings found = new Findings();
        found.checks++;
        Schema.Limits limits = schema.limits();
        checkRange(schema, value, found);
        Double factor = limits.multipleOf();
        if (factor != null && !isMultiple(value, factor)) {
            found.problem(Reason.INVALID, path, value, path + BODY + "should be a multiple of " + shown(factor));
        }
        Double least = limits.minimum();
        if (least != null && (value.doubleValue() < least || limits.exclusiveMinimum() && value.doubleValue() <= least)) {
            found.problem(Reason.INVALID, path, value, path + BODY + "should be greater than " + (limits.exclusiveMinimum() ? "" : "or equal to ") + shown(least));
        }
        Double most = limits.maximum();
        if (most != null && (value.doubleValue() > most || limits.exclusiveMaximum() && value.doubleValue() >= most)) {
            found.problem(Reason.INVALID, path, value, path + BODY + "should be less than " + (limits.exclusiveMaximum() ? "" : "or equal to ") + shown(most));
        }
        return found;
    }

    private static void checkRange(Schema schema, Number value, Findings found) {
        if (schema.intOrString()) {
            return;
        }
        boolean whole = value instanceof Long || value instanceof Integer;
        if (schema.type().equals("integer")) {
            if (!whole) {
                found.elsewhere("the value must be a whole number of 64 bits, not " + value);
            } else if (schema.format().equals("int32") && (int) value.longValue() != value.longValue()) {
                found.elsewhere("the value must be a whole number of 32 bits, not " + value);
            }
        } else if (schema.type().equals("number") && schema.format().equals("float") && Float.isInfinite(value.floatValue())) {
            found.elsewhere("the value must fit a floating point number of 32 bits, not " + value);
        }
    }

    private static boolean isMultiple(Number value, double factor) {
        if (value instanceof Long number && factor == Math.rint(factor)) {
            return factor > 0 && number % (long) factor == 0;
        }
        double quotient = factor < 1 ? 1 / factor * value.doubleValue() : value.doubleValue() / factor;
        return factor > 0 && Math.abs(quotient) < 1L << 53 && Math.abs(quotient - Math.rint(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
    }

    private static String shown(double limit) {
        return limit == Math.rint(limit) && Math.abs(limit) < 1L << 53 ? Long.toString((long) limit) : Double.toString(limit);
    }

    // ---- lists and objects ----

    private static Findings list(Schema schema, List<?> list, String path, @Nullable Correlation old) {
        Findings found = new Findings();
        Schema items = schema.items();
        for (int i = 0; items != null && i < list.size(); i++) {
            found.with(check(items, list.get(i), path + "[" + i + "]", old == null ? null : old.index(i)));
        }
        Schema.Limits limits = schema.limits();
        if (limits.minItems() != null && list.size() < limits.minItems()) {
            found.problem(Reason.INVALID, path, (long) list.size(), path + BODY + "should have at least " + limits.minItems() + " items");
        }
        if (limits.maxItems() != null && list.size() > limits.maxItems()) {
            found.problem(Reason.TOO_MANY, path, (long) list.size(), "must have at most " + limits.maxItems() + " items");
        }
        if (limits.uniqueItems() && Set.copyOf(list).size() < list.size()) {
            found.problem(Reason.INVALID, path, "", path + BODY + "shouldn't contain duplicates");
        }
        found.checks++;
        return found;
    }

    private static Findings object(Schema schema, Map<?, ?> object, String path, @Nullable Correlation old) {
        Findings found = new Findings();
        Schema.Limits limits = schema.limits();
        if (limits.minProperties() != null && object.size() < limits.minProperties()) {
            found.problem(Reason.INVALID, path, (long) object.size(), path + BODY + "should have at least " + limits.minProperties() + " properties");
        }
        if (limits.maxProperties() != null && object.size() > limits.maxProperties()) {
            found.problem(Reason.TOO_MANY, path, (long) object.size(), "must have at most " + limits.maxProperties() + " properties");
        }
        Schema additional = schema.additional();
        if (schema.additionalNone()) {
            object.keySet().stream().filter(name -> !schema.properties().containsKey((String) name)).forEach(name -> found.problem(
                    Reason.INVALID, path, name, path + "." + name + BODY + "is a forbidden property"));
        }
        if (additional != null) {
            object.forEach((name, value) -> {
                if (!schema.properties().containsKey(name)) {
                    found.with(check(additional, value, path + "." + name, member(old, (String) name, path)));
                }
            });
        }
        schema.properties().forEach((name, property) -> {
            Object value = object.get(name);
            if (value != null) {
                found.with(check(property, value, path.isEmpty() ? name : path + "." + name, member(old, name, path)));
            }
        });
        for (String name : schema.required()) {
            if (!object.containsKey(name)) {
                found.problem(Reason.REQUIRED, path + "." + name, "", "");
            }
        }
        return found;
    }

    // ---- schemas combined ----

    private static Findings combined(Schema schema, Object value, String path, @Nullable Correlation old) {
        Findings all = new Findings();
        if (!schema.anyOf().isEmpty()) {
            anyOf(schema, value, path, old, all);
        }
        if (!schema.oneOf().isEmpty()) {
            oneOf(schema, value, path, old, all);
        }
        boolean allValid = true;
        for (Schema each : schema.allOf()) {
            Findings found = checkNow(each, value, path, old);
            allValid &= found.valid();
            all.with(found);
        }
        if (!allValid) {
            all.elsewhere("\"" + path + "\" must validate all the schemas (allOf)");
        }
        Schema not = schema.not();
        if (not != null && checkNow(not, value, path, old).valid()) {
            all.elsewhere("\"" + path + "\" must not validate the schema (not)");
        }
        all.checks++;
        return all;
    }

    private static void anyOf(Schema schema, Object value, String path, @Nullable Correlation old, Findings all) {
        Findings best = null;
        for (Schema each : schema.anyOf()) {
            Findings found = checkNow(each, value, path, old);
            if (found.valid()) {
                all.with(found);
                return;
            }
            best = best == null || found.checks > best.checks ? found : best;
        }
        all.elsewhere("\"" + path + "\" must validate at least one schema (anyOf)");
        if (best != null) {
            all.with(best);
        }
    }

    private static void oneOf(Schema schema, Object value, String path, @Nullable Correlation old, Findings all) {
        Findings best = null;
        Findings first = null;
        int valid = 0;
        for (Schema each : schema.oneOf()) {
            Findings found = checkNow(each, value, path, old);
            if (found.valid()) {
                valid++;
                first = first == null ? found : first;
            } else if (best == null || found.checks > best.checks) {
                best = found;
            }
        }
        if (valid == 1 && first != null) {
            all.with(first);
            return;
        }
        all.elsewhere("\"" + path + "\" must validate one and only one schema (oneOf). " + (valid == 0 ? "Found none valid" : "Found " + valid + " valid alternatives"));
        if (valid == 0 && best != null) {
            all.with(best);
        }
    }
}
