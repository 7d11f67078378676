package io.j8s.controllers.bootstrap;

import io.j8s.model.Bytes;
import io.j8s.model.core.v1.Secret;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How bootstrap tokens stand in secrets (API reference, "Bootstrap token secret format").
final class BootstrapTokens {
    static final String NAMESPACE = "kube-system";
    private static final String TYPE = "bootstrap.kubernetes.io/token";
    private static final Pattern NAME = Pattern.compile("bootstrap-token-([a-z0-9]{6})");

    private BootstrapTokens() {}

    /// A token that may sign.
    record Token(String id, String secret) {}

    static boolean holdsToken(Secret secret) {
        return secret.metadata().namespace().equals(NAMESPACE) && secret.type().equals(TYPE);
    }

    static String text(Secret secret, String key) {
        Bytes value = secret.data().get(key);
        return value == null ? "" : value.text();
    }

    /// Null: it never expires. One that cannot be read counts as expired long ago.
    static @Nullable Instant expiration(Secret secret) {
        String text = text(secret, "expiration");
        if (text.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /// The token of a secret if it may sign now, else null.
    static @Nullable Token signing(Secret secret, Instant now) {
        Matcher name = NAME.matcher(secret.metadata().name());
        String id = text(secret, "token-id");
        String value = text(secret, "token-secret");
        Instant expiration = expiration(secret);
        boolean usable = holdsToken(secret)
                && name.matches()
                && name.group(1).equals(id)
                && !value.isEmpty()
                && (expiration == null || now.isBefore(expiration))
                && text(secret, "usage-bootstrap-signing").equals("true");
        return usable ? new Token(id, value) : null;
    }
}
