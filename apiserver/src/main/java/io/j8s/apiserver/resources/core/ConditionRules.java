package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.meta.v1.Condition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules for conditions of the common kind (meta/v1).
public final class ConditionRules {

    private static final Set<String> STATUSES = Set.of("True", "False", "Unknown");
    private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");
    private static final int MOST_REASON_CHARACTERS = 1024;
    private static final int MOST_MESSAGE_CHARACTERS = 32 * 1024;

    private ConditionRules() {}

    public static void check(List<Condition> conditions, FieldPath path, FieldErrors errors) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            if (!types.add(conditions.get(i).type())) {
                errors.duplicate(path.index(i).child("type"), conditions.get(i).type());
            }
            check(conditions.get(i), path.index(i), errors);
        }
    }

    private static void check(Condition condition, FieldPath path, FieldErrors errors) {
        if (condition.type().isEmpty()) {
            errors.required(path.child("type"), "must be set");
        } else {
            Names.qualifiedName(condition.type()).forEach(problem -> errors.invalid(path.child("type"), condition.type(), problem));
        }
        if (!STATUSES.contains(condition.status())) {
            errors.notSupported(path.child("status"), condition.status(), STATUSES);
        }
        if (condition.observedGeneration() < 0) {
            errors.invalid(path.child("observedGeneration"), condition.observedGeneration(), "must be greater than or equal to zero");
        }
        if (condition.lastTransitionTime() == null) {
            errors.required(path.child("lastTransitionTime"), "must be set");
        }
        reason(condition.reason(), path.child("reason"), errors);
        if (condition.message().length() > MOST_MESSAGE_CHARACTERS) {
            errors.tooLong(path.child("message"), MOST_MESSAGE_CHARACTERS);
        }
    }

    private static void reason(String reason, FieldPath path, FieldErrors errors) {
        if (reason.isEmpty()) {
            errors.required(path, "must be set");
            return;
        }
        if (!REASON.matcher(reason).matches()) {
            errors.invalid(path, reason, "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:'");
        }
        if (reason.length() > MOST_REASON_CHARACTERS) {
            errors.tooLong(path, MOST_REASON_CHARACTERS);
        }
    }
}
