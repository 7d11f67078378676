package io.j8s.apiserver.audit;

import io.j8s.apiserver.Foundation;
import io.j8s.apiserver.Guards;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.Function;

/// Adds an audit log to a server's guards.
public final class Auditing {

    private Auditing() {}

    /// The same guards, and a log that is closed after them.
    ///
    /// @throws IllegalArgumentException from the function, when the policy is not right; names the file and the field
    public static Function<Foundation, Guards> with(AuditSettings settings, Function<Foundation, Guards> guards) {
        return foundation -> {
            AuditPolicy policy = policy(settings);
            AuditLog log = log(settings, foundation);
            Guards inner = guards.apply(foundation);
            return new Guards(inner.authenticator(), inner.authorizer(), inner.admission(), inner.resources(), inner.paths(), () -> {
                inner.close().run();
                log.close();
            }, new PolicyAuditor(policy, log, foundation.timeline()));
        };
    }

    private static AuditPolicy policy(AuditSettings settings) {
        try {
            return AuditPolicy.parse(Files.readString(settings.policy()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(settings.policy() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the audit policy " + settings.policy() + " cannot be read", e);
        }
    }

    private static AuditLog log(AuditSettings settings, Foundation foundation) {
        try {
            return new AuditLog(settings.log(), foundation.timeline());
        } catch (IOException e) {
            throw new UncheckedIOException("the audit log " + settings.log().file() + " cannot be opened", e);
        }
    }
}
