package io.j8s.apiserver.authentication.token;

import io.j8s.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A token in its compact form, taken apart: nothing of it may be believed before a key has verified it ([VerifyingKey#verifies]).
///
/// @param signed the bytes that are signed
public record Jwt(Map<String, Object> header, Map<String, Object> claims, byte[] signed, byte[] signature) {

    /// How far clocks may be apart.
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    /// @throws JwtException when it is not a token
    public static Jwt parse(String token) throws JwtException {
        int first = token.indexOf('.');
        int last = token.lastIndexOf('.');
        if (first < 0 || last == first || token.indexOf('.', first + 1) != last) {
            throw new JwtException("the token is not a JSON Web Token in compact form");
        }
        try {
            Map<String, Object> header = object(token.substring(0, first));
            Map<String, Object> claims = object(token.substring(first + 1, last));
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(last + 1));
            return new Jwt(header, claims, token.substring(0, last).getBytes(StandardCharsets.US_ASCII), signature);
        } catch (IllegalArgumentException e) {
            throw new JwtException("the token is not well-formed");
        }
    }

    @SuppressWarnings("unchecked") // members of JSON objects have text as names
    private static Map<String, Object> object(String encoded) throws JwtException {
        if (Json.readPlain(Base64.getUrlDecoder().decode(encoded)) instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new JwtException("a part of the token is not a JSON object");
    }

    /// Whether a text looks like a token of this form, without reading it.
    public static boolean looksLike(String token) {
        return token.chars().filter(c -> c == '.').count() == 2;
    }

    public String algorithm() {
        return text(header, "alg");
    }

    /// The name of the key it says it is signed with; empty for none.
    public String keyId() {
        return text(header, "kid");
    }

    public String issuer() {
        return text(claims, "iss");
    }

    public String subject() {
        return text(claims, "sub");
    }

    /// Whom it is for; one or several.
    public List<String> audiences() {
        Object value = claims.get("aud");
        return value instanceof String one ? List.of(one) : value instanceof List<?> several ? several.stream().map(String::valueOf).toList() : List.of();
    }

    /// A claim that is a text; empty when it is missing or something else.
    public String claim(String name) {
        return text(claims, name);
    }

    /// A claim that is an object; empty when it is missing or something else.
    public Map<String, Object> nested(String name) {
        return nested(claims, name);
    }

    @SuppressWarnings("unchecked") // members of JSON objects have text as names
    public static Map<String, Object> nested(Map<String, Object> from, String name) {
        return from.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    public static String text(Map<String, Object> from, String name) {
        return from.get(name) instanceof String text ? text : "";
    }

    /// A claim in seconds since 1970; null when it is missing.
    public @Nullable Instant time(String name) {
        return claims.get(name) instanceof Number number ? Instant.ofEpochSecond(number.longValue()) : null;
    }

    /// Refuses a token that has ended, or has not begun.
    public void checkTimes(Instant now) throws JwtException {
        Instant end = time("exp");
        if (end != null && now.isAfter(end.plus(LEEWAY))) {
            throw new JwtException("service account token has expired");
        }
        Instant begin = time("nbf");
        if (begin != null && now.isBefore(begin.minus(LEEWAY))) {
            throw new JwtException("service account token is not valid yet");
        }
        Instant issued = time("iat");
        if (issued != null && now.isBefore(issued.minus(LEEWAY))) {
            throw new JwtException("service account token is issued in the future");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Jwt jwt && java.util.Arrays.equals(jwt.signed, signed) && java.util.Arrays.equals(jwt.signature, signature);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(signature);
    }

    @Override
    public String toString() {
        return "token of " + issuer() + " for " + subject();
    }
}
