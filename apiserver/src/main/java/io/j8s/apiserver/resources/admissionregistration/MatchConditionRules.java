package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.MatchCondition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rules for the conditions under which a webhook or a policy is asked.
final class MatchConditionRules {

    private static final int MOST_CONDITIONS = 64;

    private MatchConditionRules() {}

    static void check(List<MatchCondition> conditions, Expressions expressions, FieldPath path, FieldErrors errors) {
        if (conditions.size() > MOST_CONDITIONS) {
            errors.tooMany(path, conditions.size(), MOST_CONDITIONS);
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            MatchCondition condition = conditions.get(i);
            FieldPath here = path.index(i);
            if (condition.expression().isBlank()) {
                errors.required(here.child("expression"));
            } else {
                expressions.check(condition.expression(), CelEnvironment.Result.BOOL, here.child("expression"), errors);
            }
            if (condition.name().isEmpty()) {
                errors.required(here.child("name"));
            } else {
                Names.qualifiedName(condition.name()).forEach(problem -> errors.invalid(here.child("name"), condition.name(), problem));
            }
            if (!condition.name().isEmpty() && !names.add(condition.name())) {
                errors.duplicate(here.child("name"), condition.name());
            }
        }
    }
}
