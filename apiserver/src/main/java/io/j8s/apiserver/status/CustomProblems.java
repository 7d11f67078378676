package io.j8s.apiserver.status;

import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.schema.SchemaProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Turns what is wrong with a custom resource by its schema into the server's errors.
public final class CustomProblems {

    private CustomProblems() {}

    /// The refusal of an object with these problems.
    public static Refusal refusal(ApiResource<?> resource, String name, List<SchemaProblem> problems) {
        return Refusal.invalid(resource.group(), resource.kind(), name, problems.stream().map(CustomProblems::error).toList());
    }

    /// As [#error(SchemaProblem)], of a value that stands at a path.
    public static FieldError error(SchemaProblem problem, FieldPath path) {
        FieldError bare = error(problem);
        String field = problem.field().isEmpty() || problem.field().equals(SchemaProblem.NO_FIELD) ? path.toString() : path.child(problem.field()).toString();
        return new FieldError(bare.kind(), field, bare.value(), bare.detail());
    }

    public static FieldError error(SchemaProblem problem) {
        FieldError.Kind kind = switch (problem.reason()) {
            case INVALID -> FieldError.Kind.INVALID;
            case TYPE_INVALID -> FieldError.Kind.TYPE_INVALID;
            case REQUIRED -> FieldError.Kind.REQUIRED;
            case NOT_SUPPORTED -> FieldError.Kind.NOT_SUPPORTED;
            case TOO_LONG -> FieldError.Kind.TOO_LONG;
            case TOO_MANY -> FieldError.Kind.TOO_MANY;
            case DUPLICATE -> FieldError.Kind.DUPLICATE;
        };
        return new FieldError(kind, problem.field(), new String(Json.writePlain(problem.value()), StandardCharsets.UTF_8), problem.detail());
    }
}
