package io.j8s.model.schema;

import java.util.List;
import java.util.stream.Collectors;

/// An object so far from its schema that it cannot be held as a value of its type: a text where an object or a list must be. The API server answers with
/// 422 and all problems as causes.
public final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<SchemaProblem> problems;
    private final String name;

    /// @param name of the object
    SchemaException(String name, List<SchemaProblem> problems) {
        super(problems.stream().map(problem -> problem.field() + ": " + problem.detail()).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
        this.name = name;
    }

    /// The object's name; empty for none.
    public String name() {
        return name;
    }

    public List<SchemaProblem> problems() {
        return problems;
    }
}
