package io.j8s.apiserver.customresources;

import io.j8s.apiserver.cel.RuleTree;
import io.j8s.apiserver.resource.EmbeddedObjects;
import io.j8s.apiserver.resource.Strategy;
import io.j8s.apiserver.status.CustomProblems;
import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.DynamicStruct;
import io.j8s.model.apiextensions.v1.CustomResourceSubresourceScale;
import io.j8s.model.schema.Correlation;
import io.j8s.model.schema.Schema;
import io.j8s.model.schema.SchemaProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for objects of a custom resource when they are written in one version: its schema, objects within, kinds of lists, rules in CEL. What an update does not change
/// may be wrong (KEP-4008).
final class CustomRules implements Strategy.VersionRules<DynamicStruct> {

    /// Who breaks the schema in one of these ways is not told of rules that may not even make sense then.
    private static final Set<FieldError.Kind> BLOCKING = Set.of(
            FieldError.Kind.NOT_SUPPORTED, FieldError.Kind.REQUIRED, FieldError.Kind.TOO_LONG, FieldError.Kind.TOO_MANY, FieldError.Kind.TYPE_INVALID);

    private final CustomVersion version;

    CustomRules(CustomVersion version) {
        this.version = version;
    }

    private Map<String, Object> plain(DynamicStruct object) {
        return version.schema().plain(object);
    }

    @Override
    public void check(DynamicStruct object, @Nullable DynamicStruct old, FieldErrors errors) {
        Schema schema = version.schema().schema();
        Map<String, Object> plain = plain(object);
        Map<String, Object> before = old == null ? null : plain(old);
        Correlation correlation = before == null ? null : Correlation.of(schema, plain, before);
        int already = errors.size();
        List<SchemaProblem> problems = correlation == null ? schema.problems(plain) : schema.problems(plain, correlation);
        problems.forEach(problem -> errors.add(CustomProblems.error(problem)));
        scale(plain, true, errors);
        errors.addAll(EmbeddedObjects.check(schema, plain, "", false));
        if (before == null || schema.repetitions(before).isEmpty()) {
            schema.repetitions(plain).forEach(problem -> errors.add(CustomProblems.error(problem)));
        }
        expressions(plain, before, correlation, already, errors);
    }

    @Override
    public void checkPart(String subresource, DynamicStruct object, DynamicStruct old, FieldErrors errors) {
        if (!subresource.equals("status")) {
            check(object, old, errors);
            return;
        }
        Schema schema = version.schema().schema();
        Schema ofStatus = schema.properties().get("status");
        Map<String, Object> plain = plain(object);
        Map<String, Object> before = plain(old);
        Correlation correlation = Correlation.of(schema, plain, before);
        int already = errors.size();
        Object status = plain.get("status");
        if (status != null && ofStatus != null) {
            Correlation part = correlation.key("status");
            List<SchemaProblem> problems = part == null ? ofStatus.problems(status) : ofStatus.problems(status, part);
            problems.forEach(problem -> errors.add(CustomProblems.error(problem, FieldPath.of("status"))));
        }
        scale(plain, false, errors);
        if (schema.repetitions(before).isEmpty()) {
            schema.repetitions(plain).stream().filter(problem -> problem.field().startsWith("status")).forEach(problem -> errors.add(CustomProblems.error(problem)));
        }
        expressions(plain, before, correlation, already, errors);
    }

    private void expressions(
            Map<String, Object> plain, @Nullable Map<String, Object> before, @Nullable Correlation correlation, int already, FieldErrors errors) {
        RuleTree rules = version.rules();
        if (rules == null) {
            return;
        }
        List<FieldError> found = errors.list();
        if (found.subList(already, found.size()).stream().anyMatch(error -> BLOCKING.contains(error.kind()))) {
            errors.add(new FieldError(FieldError.Kind.INVALID, SchemaProblem.NO_FIELD, "null",
                    "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"));
            return;
        }
        errors.addAll(rules.check(plain, before, correlation, "", errors::warn));
    }

    // ---- scale

    private void scale(Map<String, Object> plain, boolean spec, FieldErrors errors) {
        if (!version.declared().subresources().hasScale()) {
            return;
        }
        CustomResourceSubresourceScale scale = version.declared().subresources().scale();
        if (spec) {
            replicas(scale.specReplicasPath(), plain, errors);
        }
        replicas(scale.statusReplicasPath(), plain, errors);
        String selector = scale.labelSelectorPath();
        if (!selector.isEmpty() && value(selector, plain) instanceof Object value && !(value instanceof String)) {
            errors.invalid(FieldPath.of(selector), "", selector + " accessor error: " + value + " is no text");
        }
    }

    private static void replicas(String path, Map<String, Object> plain, FieldErrors errors) {
        Object value = value(path, plain);
        if (value == null) {
            return;
        }
        if (!(value instanceof Long || value instanceof Integer)) {
            errors.invalid(FieldPath.of(path), 0, path + " accessor error: " + value + " is no whole number");
        } else if (((Number) value).longValue() < 0) {
            errors.invalid(FieldPath.of(path), value, "should be a non-negative integer");
        } else if (((Number) value).longValue() > Integer.MAX_VALUE) {
            errors.invalid(FieldPath.of(path), value, "should be less than or equal to " + Integer.MAX_VALUE);
        }
    }

    private static @Nullable Object value(String path, Map<String, Object> plain) {
        Object at = plain;
        for (String name : path.substring(1).split("\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return at;
    }
}
