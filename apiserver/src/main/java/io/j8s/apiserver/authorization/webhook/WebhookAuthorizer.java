package io.j8s.apiserver.authorization.webhook;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.remote.RemoteException;
import io.j8s.apiserver.remote.Remembered;
import io.j8s.apiserver.remote.ReviewClient;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks another server, if all its conditions hold, and remembers what it said. Any thread; blocks.
public final class WebhookAuthorizer implements Authorizer, AutoCloseable {

    public static final Set<String> VERSIONS = Set.of("v1", "v1beta1");

    private static final Logger LOG = LoggerFactory.getLogger(WebhookAuthorizer.class);
    private static final int REMEMBERED = 8192;
    /// What a client may make larger at will is not remembered beyond this size.
    private static final int LARGEST_REMEMBERED = 10_000;
    private static final Decision NOT_CONCERNED = new Decision.NoOpinion("");

    private final ReviewClient client;
    private final Settings settings;
    private final Remembered<Attributes, Decision> answers;

    /// @param version of the review: `v1` or `v1beta1`
    /// @param allowedLife, refusedLife how long such an answer holds; zero: not at all
    /// @param denyOnError what counts when it cannot be asked: a refusal, or no opinion
    /// @param conditions about the review; it is asked only when all are true
    public record Settings(String version, Duration allowedLife, Duration refusedLife, boolean denyOnError, List<CelExpression> conditions) {
        public Settings {
            conditions = List.copyOf(conditions);
        }
    }

    public WebhookAuthorizer(ReviewClient client, Settings settings, Timeline timeline) {
        this.client = client;
        this.settings = settings;
        this.answers = new Remembered<>(REMEMBERED, timeline);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        try {
            if (!settings.conditions.isEmpty() && !concerns(attributes)) {
                return NOT_CONCERNED;
            }
            Decision known = answers.get(attributes);
            return known == null ? asked(attributes) : known;
        } catch (RemoteException e) {
            LOG.error("Failed to make webhook authorizer request: {}", e.why());
            return settings.denyOnError ? new Decision.Deny("") : NOT_CONCERNED;
        } catch (CelException e) {
            LOG.error("A match condition of an authorization webhook failed: {}", e.why());
            return settings.denyOnError ? new Decision.Deny("") : NOT_CONCERNED;
        }
    }

    private boolean concerns(Attributes attributes) throws CelException {
        Map<String, Object> request = AccessReviewBody.variable(attributes);
        CelException failed = null;
        for (CelExpression condition : settings.conditions) {
            try {
                if (!condition.test(name -> name.equals("request") ? request : null)) {
                    return false;
                }
            } catch (CelException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return true;
    }

    private Decision asked(Attributes attributes) throws RemoteException {
        Map<String, Object> review = new LinkedHashMap<>();
        review.put("kind", "SubjectAccessReview");
        review.put("apiVersion", "authorization.k8s.io/" + settings.version);
        review.put("metadata", Map.of());
        review.put("spec", AccessReviewBody.spec(attributes, settings.version.equals("v1") ? "groups" : "group"));
        review.put("status", Map.of("allowed", false));
        Map<?, ?> answer = client.post(review);
        Map<?, ?> status = answer.get("status") instanceof Map<?, ?> given ? given : Map.of();
        String reason = status.get("reason") instanceof String text ? text : "";
        boolean allowed = Boolean.TRUE.equals(status.get("allowed"));
        Decision decision = Boolean.TRUE.equals(status.get("denied")) ? new Decision.Deny(reason) : allowed ? new Decision.Allow(reason) : new Decision.NoOpinion(reason);
        if (size(attributes) < LARGEST_REMEMBERED) {
            answers.put(attributes, decision, allowed ? settings.allowedLife : settings.refusedLife);
        }
        return decision;
    }

    private static int size(Attributes a) {
        return a.namespace().length() + a.verb().length() + a.group().length() + a.version().length() + a.resource().length() + a.subresource().length()
                + a.name().length() + a.path().length() + a.fieldSelector().length() + a.labelSelector().length();
    }

    @Override
    public Rules rulesFor(User user, String namespace) {
        return new Rules(List.of(), List.of(), true, "webhook authorizer does not support user rule resolution");
    }

    @Override
    public void close() {
        client.close();
    }
}
