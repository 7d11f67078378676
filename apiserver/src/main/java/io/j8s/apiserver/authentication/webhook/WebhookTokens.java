package io.j8s.apiserver.authentication.webhook;

import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.TokenAuthenticator;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.remote.RemoteException;
import io.j8s.apiserver.remote.Remembered;
import io.j8s.apiserver.remote.ReviewClient;
import io.j8s.runtime.Timeline;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks another server who a token stands for, with a TokenReview, and remembers what it said. A server that cannot be asked is asked again with the next request.
public final class WebhookTokens implements TokenAuthenticator, AutoCloseable {

    public static final Set<String> VERSIONS = Set.of("v1", "v1beta1");

    private static final int REMEMBERED = 4096;

    private final ReviewClient client;
    private final String version;
    private final Duration life;
    private final List<String> own;
    private final Remembered<String, Authentication> answers;

    /// @param version of the review: `v1` or `v1beta1`
    /// @param life how long an answer holds
    /// @param own the audiences of this server
    public WebhookTokens(ReviewClient client, String version, Duration life, List<String> own, Timeline timeline) {
        this.client = client;
        this.version = version;
        this.life = life;
        this.own = List.copyOf(own);
        this.answers = new Remembered<>(REMEMBERED, timeline);
    }

    @Override
    public Authentication authenticate(String token, List<String> audiences) {
        List<String> wanted = audiences.isEmpty() ? own : audiences;
        String key = key(token, wanted);
        Authentication known = answers.get(key);
        if (known != null) {
            return known;
        }
        try {
            Authentication answer = understood(client.post(review(token, wanted)), wanted);
            answers.put(key, answer, life);
            return answer;
        } catch (RemoteException e) {
            return new Authentication.Failed(e.why());
        }
    }

    /// The token itself is not kept.
    private static String key(String token, List<String> audiences) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest) + audiences;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private Map<String, Object> review(String token, List<String> audiences) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("token", token);
        if (!audiences.isEmpty()) {
            spec.put("audiences", audiences);
        }
        Map<String, Object> review = new LinkedHashMap<>();
        review.put("kind", "TokenReview");
        review.put("apiVersion", "authentication.k8s.io/" + version);
        review.put("metadata", Map.of());
        review.put("spec", spec);
        review.put("status", Map.of("user", Map.of()));
        return review;
    }

    private Authentication understood(Map<?, ?> review, List<String> wanted) throws RemoteException {
        if (!(review.get("status") instanceof Map<?, ?> status)) {
            throw new RemoteException("the webhook's TokenReview has no status");
        }
        List<String> of = texts(status.get("audiences"));
        List<String> shared = wanted.stream().filter((of.isEmpty() ? own : of)::contains).toList();
        if (shared.isEmpty() && !wanted.isEmpty()) {
            return Authentication.NONE;
        }
        if (!Boolean.TRUE.equals(status.get("authenticated"))) {
            return status.get("error") instanceof String error && !error.isEmpty() ? new Authentication.Failed(error) : Authentication.NONE;
        }
        return new Authentication.Known(user(status.get("user") instanceof Map<?, ?> user ? user : Map.of()), shared);
    }

    private static User user(Map<?, ?> info) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        if (info.get("extra") instanceof Map<?, ?> map) {
            map.forEach((key, values) -> extra.put(String.valueOf(key), texts(values)));
        }
        return new User(text(info.get("username")), text(info.get("uid")), texts(info.get("groups")), extra);
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(one -> texts.add(String.valueOf(one)));
        }
        return texts;
    }

    @Override
    public void close() {
        client.close();
    }
}
