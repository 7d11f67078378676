package io.j8s.apiserver.authentication;

import io.j8s.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// Takes the token from `Authorization: Bearer …`, or from the WebSocket subprotocol `base64url.bearer.authorization.k8s.io.…` that browsers use because they cannot set
/// headers. A header that holds no token (another scheme, nothing after it, two spaces) counts as no credential.
public final class BearerTokens implements Authenticator {

    private static final String SUBPROTOCOL = "base64url.bearer.authorization.k8s.io.";

    private final TokenAuthenticator tokens;

    public BearerTokens(TokenAuthenticator tokens) {
        this.tokens = tokens;
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        String token = fromHeader(exchange.headers().getOr("authorization", ""));
        if (token.isEmpty()) {
            token = fromSubprotocol(exchange);
        }
        if (token.isEmpty()) {
            return Authentication.NONE;
        }
        Authentication found = tokens.authenticate(token, List.of());
        return found instanceof Authentication.None ? new Authentication.Failed("nobody knows the bearer token") : found;
    }

    private static String fromHeader(String header) {
        String[] parts = header.strip().split(" ", 3);
        return parts.length >= 2 && parts[0].toLowerCase(Locale.ROOT).equals("bearer") ? parts[1] : "";
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
