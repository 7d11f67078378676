package io.j8s.model.schema;

import java.util.List;
import java.util.stream.Collectors;

/// An object so far from its schema that it cannot be held as a value of its type: a text where an object or a list must be. The API server answers with
/// 422 and all problems as causes.
public final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<SchemaProblem> problems;

    SchemaException(List<SchemaProblem> problems) {
        super(problems.stream().map(problem -> problem.field() + ": " + problem.detail()).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<SchemaProblem> problems() {
        return problems;
    }
}
