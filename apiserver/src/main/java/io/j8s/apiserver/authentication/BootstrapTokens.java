package io.j8s.apiserver.authentication;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.model.core.v1.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tokens with which new nodes join (`--enable-bootstrap-token-auth`): `id.secret`, kept in the secret `bootstrap-token-id` of `kube-system`.
public final class BootstrapTokens implements TokenAuthenticator {

    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern GROUP = Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");

    private final ClusterState state;
    private final Supplier<Instant> now;

    public BootstrapTokens(ClusterState state, Supplier<Instant> now) {
        this.state = state;
        this.now = now;
    }

    @Override
    public Authentication authenticate(String token, List<String> audiences) {
        Matcher parts = TOKEN.matcher(token);
        if (!parts.matches()) {
            return Authentication.NONE;
        }
        Secret secret = state.get(Secret.RESOURCE, "kube-system", "bootstrap-token-" + parts.group(1));
        boolean usable = secret != null && !secret.metadata().hasDeletionTimestamp() && secret.type().equals("bootstrap.kubernetes.io/token")
                && value(secret, "token-id").equals(parts.group(1))
                && MessageDigest.isEqual(bytes(value(secret, "token-secret")), bytes(parts.group(2)))
                && value(secret, "usage-bootstrap-authentication").equals("true")
                && !expired(value(secret, "expiration"));
        return secret != null && usable
                ? new Authentication.Known(new User("system:bootstrap:" + parts.group(1), "", groups(value(secret, "auth-extra-groups")), Map.of()))
                : Authentication.NONE;
    }

    private static List<String> groups(String extra) {
        List<String> groups = new ArrayList<>();
        groups.add("system:bootstrappers");
        for (String group : extra.split(",", -1)) {
            if (GROUP.matcher(group).matches()) {
                groups.add(group);
            }
        }
        return groups;
    }

    private boolean expired(String expiration) {
        try {
            return !expiration.isEmpty() && !now.get().isBefore(Instant.parse(expiration));
        } catch (DateTimeParseException e) {
            return true;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String value(Secret secret, String key) {
        var data = secret.data().get(key);
        return data == null ? "" : new String(data.toArray(), StandardCharsets.UTF_8);
    }
}
