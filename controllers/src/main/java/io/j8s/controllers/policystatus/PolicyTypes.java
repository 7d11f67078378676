package io.j8s.controllers.policystatus;

import io.j8s.model.admissionregistration.v1.ExpressionWarning;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import java.util.List;

/// Checks a policy's expressions against the types of what it matches. Controllers know no expression language: whoever composes them gives one that does.
@FunctionalInterface
public interface PolicyTypes {

    /// Finds nothing.
    PolicyTypes UNCHECKED = policy -> List.of();

    List<ExpressionWarning> check(ValidatingAdmissionPolicy policy);
}
