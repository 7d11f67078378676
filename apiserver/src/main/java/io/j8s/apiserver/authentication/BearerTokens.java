package io.j8s.apiserver.authentication;

import io.j8s.apiserver.metrics.TokenCacheMetrics;
import io.j8s.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the token from `Authorization: Bearer …`, or from the WebSocket subprotocol `base64url.bearer.authorization.k8s.io.…` that browsers use because they cannot set
/// headers. A header that holds no token (another scheme, nothing after it, two spaces) counts as no credential.
public final class BearerTokens implements Authenticator {

    private static final String SUBPROTOCOL = "base64url.bearer.authorization.k8s.io.";

    private final TokenAuthenticator tokens;
    private final TokenAuthenticator lasting;
    private final @Nullable TokenCacheMetrics metrics;

    public BearerTokens(TokenAuthenticator tokens) {
        this(tokens, (token, audiences) -> Authentication.NONE, null);
    }

    /// @param lasting asked first, and once for each connection: who a token stands for there never changes while the server runs
    /// @param metrics null: nothing is counted
    public BearerTokens(TokenAuthenticator tokens, TokenAuthenticator lasting, @Nullable TokenCacheMetrics metrics) {
        this.metrics = metrics;
        this.tokens = tokens;
        this.lasting = lasting;
    }

    /// A token that this connection has shown.
    private record Seen(String token, Authentication outcome) {}

    @Override
    public Authentication authenticate(Exchange exchange) {
        String token = fromHeader(exchange.headers().getOr("authorization", ""));
        if (token.isEmpty()) {
            token = fromSubprotocol(exchange);
        }
        if (token.isEmpty()) {
            return Authentication.NONE;
        }
        TokenCacheMetrics counts = metrics;
        long start = counts == null ? 0 : counts.nanoTime();
        if (exchange.connectionState().get(this) instanceof Seen(String shown, Authentication outcome) && shown.equals(token)) {
            if (counts != null) {
                counts.hit(start);
            }
            return outcome;
        }
        if (counts == null) {
            return asked(exchange, token);
        }
        counts.fetching();
        boolean known = false;
        try {
            Authentication found = asked(exchange, token);
            known = found instanceof Authentication.Known;
            return found;
        } finally {
            counts.fetched(known, start);
        }
    }

    private Authentication asked(Exchange exchange, String token) {
        Authentication fixed = lasting.authenticate(token, List.of());
        if (fixed instanceof Authentication.Known) {
            exchange.connectionState().put(this, new Seen(token, fixed));
            return fixed;
        }
        Authentication found = tokens.authenticate(token, List.of());
        return found instanceof Authentication.None ? new Authentication.Failed("nobody knows the bearer token") : found;
    }

    private static String fromHeader(String header) {
        String text = header.strip();
        if (!text.regionMatches(true, 0, "bearer ", 0, 7)) {
            return "";
        }
        int end = text.indexOf(' ', 7);
        return end < 0 ? text.substring(7) : text.substring(7, end);
    }

    private static String fromSubprotocol(Exchange exchange) {
        for (String header : exchange.headers().all("sec-websocket-protocol")) {
            for (String protocol : header.split(",", -1)) {
                String name = protocol.strip();
                if (name.startsWith(SUBPROTOCOL)) {
                    return decoded(name.substring(SUBPROTOCOL.length()));
                }
            }
        }
        return "";
    }

    private static String decoded(String encoded) {
        try {
            return new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
