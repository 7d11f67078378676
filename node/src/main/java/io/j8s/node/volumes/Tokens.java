package io.j8s.node.volumes;

import io.j8s.client.Client;
import io.j8s.model.Struct;
import io.j8s.model.authentication.v1.TokenRequest;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Service-account tokens for pods (KEP-1205), asked for once and used until four fifths of their life, or a day, are over. Any thread may ask.
final class Tokens {
    private static final Duration LONGEST_USE = Duration.ofHours(24);
    private static final long DEFAULT_SECONDS = 3600;
    private final Client client;
    private final Timeline timeline;
    private final Map<Key, Token> tokens = new ConcurrentHashMap<>();

    private record Key(String podUid, String audience, long seconds) {}

    private record Token(String text, Instant renewAt) {}

    Tokens(Client client, Timeline timeline) {
        this.client = client;
        this.timeline = timeline;
    }

    String token(Pod pod, String audience, long seconds) {
        Key key = new Key(pod.metadata().uid(), audience, seconds == 0 ? DEFAULT_SECONDS : seconds);
        Token known = tokens.get(key);
        if (known == null || !timeline.now().isBefore(known.renewAt())) {
            known = request(pod, key);
            tokens.put(key, known);
        }
        return known.text();
    }

    void forget(String podUid) {
        tokens.keySet().removeIf(key -> key.podUid().equals(podUid));
    }

    private Token request(Pod pod, Key key) {
        Instant now = timeline.now();
        TokenRequest request = TokenRequest.EMPTY.withSpec(s -> s
                .withAudiences(key.audience().isEmpty() ? List.of() : List.of(key.audience()))
                .withExpirationSeconds(key.seconds())
                .withBoundObjectRef(r -> r.withKind("Pod").withApiVersion("v1").withName(pod.metadata().name()).withUid(key.podUid())));
        String account = pod.spec().serviceAccountName().isEmpty() ? "default" : pod.spec().serviceAccountName();
        Struct answer = client.createSubresource(ServiceAccount.RESOURCE, pod.metadata().namespace(), account, "token", request, TokenRequest.TYPE, io.j8s.client.WriteOptions.NONE);
        if (!(answer instanceof TokenRequest granted) || granted.status().token().isEmpty()) {
            throw new IllegalStateException("the API server answered a request for a token of service account " + account + " with " + answer);
        }
        Instant expires = granted.status().expirationTimestamp();
        Duration life = expires == null ? Duration.ofSeconds(key.seconds()) : Duration.between(now, expires);
        Duration use = life.multipliedBy(4).dividedBy(5);
        return new Token(granted.status().token(), now.plus(use.compareTo(LONGEST_USE) < 0 ? use : LONGEST_USE));
    }
}
