package io.j8s.apiserver.authentication.oidc;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authentication.token.Jwt;
import io.j8s.apiserver.cel.CelException;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The tokens of one issuer: verified, and turned into users. Any thread.
final class IssuerTokens implements AutoCloseable {

    /// How far the issuer's clock may be ahead, for `nbf`.
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final JwtIssuer issuer;
    private final HttpClient http;
    private final IssuerKeys keys;
    private final Timeline timeline;

    IssuerTokens(JwtIssuer issuer, EventLoops loops, Timeline timeline) {
        this.issuer = issuer;
        ClientTls tls = issuer.authorities().isEmpty() ? ClientTls.SYSTEM : ClientTls.trusting(issuer.authorities());
        this.http = new HttpClient(loops, ClientConfig.of(tls), timeline);
        this.keys = new IssuerKeys(issuer, http, timeline);
        this.timeline = timeline;
    }

    JwtIssuer issuer() {
        return issuer;
    }

    User user(Jwt token) throws OidcException {
        verify(token);
        Map<String, Object> claims = token.claims();
        String name = issuer.userName().text(claims, "username");
        if (name.isEmpty()) {
            throw new OidcException("empty username via CEL expression is not allowed");
        }
        checkEmail(claims);
        List<String> groups = issuer.groups().texts(claims, "group");
        String uid = issuer.uid().text(claims, "uid");
        Map<String, List<String>> extra = extra(claims);
        for (JwtIssuer.ClaimRule rule : issuer.claimRules()) {
            check(rule, claims);
        }
        User user = new User(name, uid, groups, extra);
        for (JwtIssuer.Rule rule : issuer.userRules()) {
            holds(rule, variable -> variable.equals("user") ? described(user) : null, "user info validation rule");
        }
        return user;
    }

    private void verify(Jwt token) throws OidcException {
        if (token.audiences().stream().noneMatch(issuer.audiences()::contains)) {
            throw new OidcException("verify token: expected audience in " + issuer.audiences() + " got " + token.audiences());
        }
        Instant now = timeline.now();
        Instant end = token.time("exp");
        if (end == null || end.isBefore(now)) {
            throw new OidcException("verify token: token is expired (Token Expiry: " + end + ")");
        }
        Instant begin = token.time("nbf");
        if (begin != null && now.plus(AHEAD).isBefore(begin)) {
            throw new OidcException("verify token: current time " + now + " before the nbf (not before) time: " + begin);
        }
        if (!issuer.algorithms().contains(token.algorithm())) {
            throw new OidcException("verify token: id token signed with unsupported algorithm, expected " + issuer.algorithms() + " got \"" + token.algorithm() + "\"");
        }
        if (!keys.verify(token)) {
            throw new OidcException("verify token: failed to verify signature: failed to verify id token signature");
        }
    }

    private void checkEmail(Map<String, Object> claims) throws OidcException {
        boolean byEmail = issuer.userName() instanceof Mapping.Claim(String claim, String prefix) && claim.equals("email");
        if (byEmail && claims.containsKey("email_verified") && !Boolean.TRUE.equals(claims.get("email_verified"))) {
            throw new OidcException("email not verified");
        }
    }

    private Map<String, List<String>> extra(Map<String, Object> claims) throws OidcException {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        if (claims.get("jti") instanceof String id && !id.isEmpty()) {
            extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        }
        for (Map.Entry<String, Mapping> one : issuer.extra().entrySet()) {
            List<String> values = one.getValue().texts(claims, "extra");
            if (!values.isEmpty()) {
                extra.put(one.getKey(), values);
            }
        }
        return extra;
    }

    private static void check(JwtIssuer.ClaimRule rule, Map<String, Object> claims) throws OidcException {
        JwtIssuer.Rule expression = rule.rule();
        if (expression != null) {
            holds(expression, variable -> variable.equals("claims") ? claims : null, "claim validation expression");
        } else if (!claims.containsKey(rule.claim())) {
            throw new OidcException("required claim " + rule.claim() + " not present in ID token");
        } else if (!Objects.equals(claims.get(rule.claim()), rule.value())) {
            throw new OidcException("required claim " + rule.claim() + " value does not match. Got = " + claims.get(rule.claim()) + ", want = " + rule.value());
        }
    }

    private static void holds(JwtIssuer.Rule rule, Function<String, @Nullable Object> variables, String what) throws OidcException {
        try {
            if (!rule.expression().test(variables)) {
                throw new OidcException("error evaluating " + what + ": validation expression '" + rule.expression().text() + "' failed: " + rule.message());
            }
        } catch (CelException e) {
            throw new OidcException("error evaluating " + what + ": " + e.why());
        }
    }

    private static Map<String, Object> described(User user) {
        return Map.of("username", user.name(), "uid", user.uid(), "groups", user.groups(), "extra", user.extra());
    }

    @Override
    public void close() {
        http.close();
    }
}
