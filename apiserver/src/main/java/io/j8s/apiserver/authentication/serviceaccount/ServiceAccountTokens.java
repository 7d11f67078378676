package io.j8s.apiserver.authentication.serviceaccount;

import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.TokenAuthenticator;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authentication.token.Jwt;
import io.j8s.apiserver.authentication.token.JwtException;
import io.j8s.apiserver.authentication.token.VerifyingKey;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.ObjectWriter;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.model.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Knows service accounts by their tokens: signature, issuer, audience and times; then that the account, and the pod, node or secret that the token is bound to, are
/// still the same objects. Also takes the older tokens that are kept in secrets.
///
/// Signatures that were good are remembered for a while; all else is asked anew at each request.
public final class ServiceAccountTokens implements TokenAuthenticator {

    static final String PREFIX = "system:serviceaccount:";
    private static final String LEGACY_ISSUER = "kubernetes/serviceaccount";
    private static final String OWN_CLAIMS = "kubernetes.io";
    private static final String EXTRA = "authentication.kubernetes.io/";
    private static final int REMEMBERED = 8192;
    /// An account or pod that is being deleted is accepted for so long beyond its deletion.
    private static final Duration AFTER_DELETION = Duration.ofMinutes(1);

    private final ServiceAccountKeys keys;
    private final ClusterState state;
    private final Supplier<Instant> now;
    private final LegacyTokenUse legacyUse;
    private final TokenCounts counts;
    private final Map<String, Jwt> verified = new ConcurrentHashMap<>();

    public ServiceAccountTokens(ServiceAccountKeys keys, ClusterState state, ObjectWriter writer, Timeline timeline, MetricRegistry registry) {
        this.keys = keys;
        this.state = state;
        this.now = timeline::now;
        this.counts = TokenCounts.of(registry);
        this.legacyUse = new LegacyTokenUse(writer, timeline, counts);
    }

    @Override
    public Authentication authenticate(String token, List<String> audiences) {
        if (!Jwt.looksLike(token)) {
            return Authentication.NONE;
        }
        try {
            Jwt jwt = verified.get(token);
            if (jwt == null) {
                jwt = parsed(token);
                if (jwt == null) {
                    return Authentication.NONE;
                }
                boolean legacy = jwt.issuer().equals(LEGACY_ISSUER);
                if (!legacy && !keys.issuers().contains(jwt.issuer())) {
                    return Authentication.NONE;
                }
                verify(token, jwt);
            }
            return jwt.issuer().equals(LEGACY_ISSUER) ? legacy(token, jwt, audiences) : bound(jwt, audiences);
        } catch (JwtException e) {
            return new Authentication.Failed(String.valueOf(e.getMessage()));
        }
    }

    /// Null: it is no such token, and may be of another kind.
    private static @Nullable Jwt parsed(String token) {
        try {
            return Jwt.parse(token);
        } catch (JwtException e) {
            return null;
        }
    }

    private void verify(String token, Jwt jwt) throws JwtException {
        for (VerifyingKey key : keys.verifying()) {
            if ((jwt.keyId().isEmpty() || jwt.keyId().equals(key.id())) && key.verifies(jwt)) {
                if (verified.size() >= REMEMBERED) {
                    verified.clear();
                }
                verified.put(token, jwt);
                return;
            }
        }
        throw new JwtException("no key of this server has signed the token");
    }

    private Authentication bound(Jwt jwt, List<String> audiences) throws JwtException {
        jwt.checkTimes(now.get());
        List<String> shared = shared(jwt, audiences);
        Map<String, Object> own = jwt.nested(OWN_CLAIMS);
        String namespace = Jwt.text(own, "namespace");
        Map<String, Object> account = Jwt.nested(own, "serviceaccount");
        String name = Jwt.text(account, "name");
        if (!jwt.subject().equals(PREFIX + namespace + ":" + name)) {
            throw new JwtException("the subject of the token is not its service account");
        }
        checkAccount(namespace, name, Jwt.text(account, "uid"));
        Map<String, List<String>> extra = new HashMap<>();
        if (!jwt.claim("jti").isEmpty()) {
            extra.put(EXTRA + "credential-id", List.of("JTI=" + jwt.claim("jti")));
        }
        checkBound(Secret.RESOURCE, namespace, Jwt.nested(own, "secret"), "secret");
        bind(Pod.RESOURCE, namespace, Jwt.nested(own, "pod"), "pod", extra);
        bind(Node.RESOURCE, "", Jwt.nested(own, "node"), "node", extra);
        countUse(own);
        return new Authentication.Known(user(namespace, name, Jwt.text(account, "uid"), extra), shared);
    }

    private void countUse(Map<String, Object> own) {
        if (own.get("warnafter") instanceof Number seconds && seconds.longValue() != 0) {
            (now.get().isAfter(Instant.ofEpochSecond(seconds.longValue())) ? counts.stale() : counts.valid()).increment();
        }
    }

    private List<String> shared(Jwt jwt, List<String> audiences) throws JwtException {
        List<String> wanted = audiences.isEmpty() ? keys.audiences() : audiences;
        List<String> of = jwt.audiences();
        List<String> shared = wanted.stream().filter(of::contains).toList();
        if (shared.isEmpty()) {
            throw new JwtException("token audiences " + quoted(of) + " is invalid for the target audiences " + quoted(wanted));
        }
        return shared;
    }

    private static String quoted(List<String> texts) {
        return "[" + String.join(" ", texts.stream().map(text -> "\"" + text + "\"").toList()) + "]";
    }

    private ServiceAccount checkAccount(String namespace, String name, String uid) throws JwtException {
        ServiceAccount account = state.get(ServiceAccount.RESOURCE, namespace, name);
        if (account == null) {
            throw new JwtException("serviceaccounts \"" + name + "\" not found");
        }
        if (gone(account.metadata())) {
            throw new JwtException("service account " + namespace + "/" + name + " has been deleted");
        }
        if (!uid.isEmpty() && !uid.equals(account.metadata().uid())) {
            throw new JwtException("service account UID (" + account.metadata().uid() + ") does not match claim (" + uid + ")");
        }
        return account;
    }

    private boolean gone(ObjectMeta meta) {
        Instant deletion = meta.deletionTimestamp();
        return deletion != null && now.get().isAfter(deletion.plus(AFTER_DELETION));
    }

    private <T extends Struct> void bind(ApiResource<T> resource, String namespace, Map<String, Object> claim, String what, Map<String, List<String>> extra)
            throws JwtException {
        if (claim.isEmpty()) {
            return;
        }
        boolean onlyInformation = what.equals("node") && extra.containsKey(EXTRA + "pod-name");
        if (!onlyInformation) {
            checkBound(resource, namespace, claim, what);
        }
        extra.put(EXTRA + what + "-name", List.of(Jwt.text(claim, "name")));
        if (!Jwt.text(claim, "uid").isEmpty()) {
            extra.put(EXTRA + what + "-uid", List.of(Jwt.text(claim, "uid")));
        }
    }

    private <T extends Struct> void checkBound(ApiResource<T> resource, String namespace, Map<String, Object> claim, String what) throws JwtException {
        if (claim.isEmpty()) {
            return;
        }
        String name = Jwt.text(claim, "name");
        T object = state.get(resource, namespace, name);
        if (object == null || gone(Objects.metadata(object))) {
            throw new JwtException("service account token has been invalidated");
        }
        if (!Objects.metadata(object).uid().equals(Jwt.text(claim, "uid"))) {
            throw new JwtException(what + " UID (" + Objects.metadata(object).uid() + ") does not match service account " + what + " ref claim (" + Jwt.text(claim, "uid") + ")");
        }
    }

    private Authentication legacy(String token, Jwt jwt, List<String> audiences) throws JwtException {
        String claims = "kubernetes.io/serviceaccount/";
        String namespace = jwt.claim(claims + "namespace");
        String name = jwt.claim(claims + "service-account.name");
        String uid = jwt.claim(claims + "service-account.uid");
        List<String> shared = audiences.isEmpty() ? keys.audiences() : audiences.stream().filter(keys.audiences()::contains).toList();
        if (shared.isEmpty() || !jwt.subject().equals(PREFIX + namespace + ":" + name)) {
            throw new JwtException("sub claim is invalid");
        }
        ServiceAccount account = checkAccount(namespace, name, uid);
        Secret secret = state.get(Secret.RESOURCE, namespace, jwt.claim(claims + "secret.name"));
        byte[] stored = secret == null || gone(secret.metadata()) ? new byte[0] : secretToken(secret);
        if (!MessageDigest.isEqual(stored, token.getBytes(StandardCharsets.UTF_8))) {
            throw new JwtException(stored.length == 0 ? "Token has been invalidated" : "Token does not match server's copy");
        }
        counts.legacy().increment();
        if (secret != null) {
            legacyUse.check(secret, account);
        }
        return new Authentication.Known(user(namespace, name, uid, Map.of()), shared);
    }

    private static byte[] secretToken(Secret secret) {
        var data = secret.data().get("token");
        return data == null ? new byte[0] : data.toArray();
    }

    private static User user(String namespace, String name, String uid, Map<String, List<String>> extra) {
        return new User(PREFIX + namespace + ":" + name, uid, List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, User.AUTHENTICATED), extra);
    }
}
