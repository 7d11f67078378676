package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import org.jspecify.annotations.Nullable;

/// Compiles the expressions of one object, to find out what is wrong with them. A variable can be referred to by the expressions after it. Nothing of CEL is loaded
/// while there is no expression. One thread.
final class Expressions {

    private final String[] names;
    private @Nullable CelEnvironment environment;

    private Expressions(String... names) {
        this.names = names;
    }

    /// What webhooks' conditions may refer to.
    static Expressions ofWebhook() {
        return new Expressions("object", "oldObject", "request", "namespaceObject", "authorizer", "authorizer.requestResource");
    }

    static Expressions ofPolicy(boolean parameters) {
        return parameters
                ? new Expressions("object", "oldObject", "request", "namespaceObject", "authorizer", "authorizer.requestResource", "params")
                : new Expressions("object", "oldObject", "request", "namespaceObject", "authorizer", "authorizer.requestResource");
    }

    private CelEnvironment environment() {
        CelEnvironment known = environment == null ? CelEnvironment.of(names) : environment;
        environment = known;
        return known;
    }

    void check(String text, CelEnvironment.Result expected, FieldPath path, FieldErrors errors) {
        try {
            environment().compile(text, expected);
        } catch (CelException e) {
            errors.invalid(path, text, String.valueOf(e.getMessage()));
        }
    }

    void variable(String name, String text, FieldPath path, FieldErrors errors) {
        try {
            environment = environment().with("variables." + name, environment().compile(text, CelEnvironment.Result.ANY));
        } catch (CelException e) {
            errors.invalid(path, text, String.valueOf(e.getMessage()));
        }
    }
}
