package io.j8s.apiserver.authentication.oidc;

import io.j8s.apiserver.authentication.token.JsonWebKeys;
import io.j8s.apiserver.authentication.token.Jwt;
import io.j8s.apiserver.authentication.token.VerifyingKey;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.model.Json;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of an issuer, fetched when the first token comes, and again when a token is signed with one that is not known (at most once in ten seconds).
///
/// Any thread; while one fetches, the others that need the keys wait for it.
final class IssuerKeys {

    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final long LARGEST = 4L << 20;

    private final String issuer;
    private final URI description;
    private final HttpClient http;
    private final Timeline timeline;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile List<VerifyingKey> keys = List.of();
    /// Guarded by `fetching`, like what follows.
    private long fetchedAt;
    private boolean fetched;
    private String keysAt = "";
    private String failure = "";

    IssuerKeys(JwtIssuer issuer, HttpClient http, Timeline timeline) {
        this.issuer = issuer.url();
        String base = issuer.url().endsWith("/") ? issuer.url().substring(0, issuer.url().length() - 1) : issuer.url();
        this.description = URI.create(issuer.discoveryUrl().isEmpty() ? base + "/.well-known/openid-configuration" : issuer.discoveryUrl());
        this.http = http;
        this.timeline = timeline;
    }

    /// Whether one of the issuer's keys has signed the token.
    boolean verify(Jwt token) throws OidcException {
        return verifiedBy(keys, token) || verifiedBy(fetchedFor(token), token);
    }

    private static boolean verifiedBy(List<VerifyingKey> keys, Jwt token) {
        for (VerifyingKey key : keys) {
            if ((token.keyId().isEmpty() || key.id().equals(token.keyId())) && key.verifies(token)) {
                return true;
            }
        }
        return false;
    }

    private List<VerifyingKey> fetchedFor(Jwt token) throws OidcException {
        fetching.lock();
        try {
            if (verifiedBy(keys, token)) {
                return keys; // another thread has just fetched it
            }
            Duration pause = failure.isEmpty() ? BETWEEN_FETCHES : BETWEEN_ATTEMPTS;
            if (!fetched || timeline.nanoTime() - fetchedAt >= pause.toNanos()) {
                fetch();
            }
            if (!failure.isEmpty()) {
                throw new OidcException(failure);
            }
            return keys;
        } finally {
            fetching.unlock();
        }
    }

    private void fetch() {
        fetched = true;
        fetchedAt = timeline.nanoTime();
        try {
            if (keysAt.isEmpty()) {
                keysAt = discovered();
            }
            keys = JsonWebKeys.read(get(URI.create(keysAt)));
            failure = "";
        } catch (IOException | IllegalArgumentException e) {
            failure = "authenticator for issuer \"" + issuer + "\" is not initialized: " + e.getMessage();
            LOG.error("{}", failure);
        }
    }

    private String discovered() throws IOException {
        if (!(Json.readPlain(get(description)) instanceof Map<?, ?> document)) {
            throw new IOException(description + " is not a JSON object");
        }
        if (!issuer.equals(document.get("issuer"))) {
            throw new IOException("issuer did not match the issuer returned by provider, expected \"" + issuer + "\" got \"" + document.get("issuer") + "\"");
        }
        if (document.get("jwks_uri") instanceof String uri && !uri.isEmpty()) {
            return uri;
        }
        throw new IOException("provider did not return JWKS URL");
    }

    private byte[] get(URI uri) throws IOException {
        try (HttpResponse response = http.send(HttpRequest.get(uri).withHeader("accept", "application/json").within(TIMEOUT))) {
            byte[] body = response.readAll(LARGEST);
            if (response.status() != 200) {
                throw new IOException(uri + " answered with status " + response.status());
            }
            return body;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the request to " + uri + " was broken off", e);
        }
    }
}
