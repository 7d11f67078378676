package io.j8s.apiserver.authentication.oidc;

import io.j8s.apiserver.cel.CelExpression;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An issuer of tokens, and how its tokens make users (API reference, "JWTAuthenticator").
///
/// @param source the part of the configuration file that it was read from: two that are equal are the same issuer
/// @param discoveryUrl where its description is; empty: below its own address
/// @param authorities that its server's certificate must lead to; empty: those of the system
/// @param audiences of which a token must name one
/// @param algorithms that its tokens may be signed with
/// @param userRules about the user that came out
public record JwtIssuer(
        Map<?, ?> source,
        String url,
        String discoveryUrl,
        List<X509Certificate> authorities,
        List<String> audiences,
        Set<String> algorithms,
        List<ClaimRule> claimRules,
        Mapping userName,
        Mapping groups,
        Mapping uid,
        Map<String, Mapping> extra,
        List<Rule> userRules) {

    public static final Set<String> ALGORITHMS = Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512");

    /// Something that the claims must fulfil: a claim has this value, or a rule holds.
    record ClaimRule(String claim, String value, @Nullable Rule rule) {}

    /// An expression that must be true, and what is said when it is not.
    record Rule(CelExpression expression, String message) {}

    JwtIssuer signedWith(Set<String> others) {
        return new JwtIssuer(source, url, discoveryUrl, authorities, audiences, others, claimRules, userName, groups, uid, extra, userRules);
    }
}
