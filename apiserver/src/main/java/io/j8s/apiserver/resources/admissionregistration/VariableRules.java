package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.Variable;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules for a policy's variables.
final class VariableRules {

    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
    private static final Set<String> RESERVED = Set.of(
            "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
            "return", "var", "void", "while");

    private VariableRules() {}

    static void check(List<Variable> variables, Expressions expressions, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < variables.size(); i++) {
            Variable variable = variables.get(i);
            FieldPath here = path.index(i);
            if (variable.name().isBlank()) {
                errors.required(here.child("name"), "name is not specified");
            } else if (!IDENTIFIER.matcher(variable.name()).matches() || RESERVED.contains(variable.name())) {
                errors.invalid(here.child("name"), variable.name(), "name is not a valid CEL identifier");
            }
            if (variable.expression().isBlank()) {
                errors.required(here.child("expression"), "expression is not specified");
            } else {
                expressions.variable(variable.name(), variable.expression(), here.child("expression"), errors);
            }
        }
    }
}
