package io.j8s.apiserver.authentication.serviceaccount;

import io.j8s.apiserver.authentication.token.JwtException;
import io.j8s.apiserver.resource.ObjectWriter;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.runtime.Timeline;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps on secrets with tokens of service accounts the day on which they were last used (label `kubernetes.io/legacy-token-last-used`, KEP-2800), so that unused ones can
/// be found, and refuses those that were found.
final class LegacyTokenUse {

    private static final Logger LOG = LoggerFactory.getLogger(LegacyTokenUse.class);
    private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private final ObjectWriter writer;
    private final Timeline timeline;
    private final TokenCounts counts;

    LegacyTokenUse(ObjectWriter writer, Timeline timeline, TokenCounts counts) {
        this.counts = counts;
        this.writer = writer;
        this.timeline = timeline;
    }

    void check(Secret secret, ServiceAccount account) throws JwtException {
        String since = secret.metadata().labels().getOrDefault(INVALID_SINCE, "");
        if (!since.isEmpty()) {
            counts.invalidated().increment();
            throw new JwtException("the token in secret " + secret.metadata().namespace() + "/" + secret.metadata().name() + " for service account "
                    + secret.metadata().annotations().getOrDefault("kubernetes.io/service-account.name", "") + " has been marked invalid. Use tokens from the TokenRequest API or manually "
                    + "created secret-based tokens, or remove the '" + INVALID_SINCE + "' label from the secret to temporarily allow use of this token");
        }
        boolean automatic = account.secrets().stream().anyMatch(reference -> reference.name().equals(secret.metadata().name()));
        (automatic ? counts.automatic() : counts.manual()).increment();
        String today = LocalDate.ofInstant(timeline.now(), ZoneOffset.UTC).toString();
        if (!secret.metadata().labels().getOrDefault(LAST_USED, "").equals(today)) {
            mark(secret, today);
        }
    }

    /// On a thread of its own: the request need not wait for a write, and a failed one is made up for by the next use.
    private void mark(Secret secret, String today) {
        timeline.start("last use of a token", () -> {
            try {
                writer.changeMetadata(Secret.RESOURCE, secret.metadata().namespace(), secret.metadata().name(), current -> {
                    Map<String, String> labels = new LinkedHashMap<>(current.metadata().labels());
                    labels.put(LAST_USED, today);
                    return current.withMetadata(meta -> meta.withLabels(labels));
                });
            } catch (Refusal refusal) {
                LOG.warn("the last use of the token in secret {}/{} cannot be noted: {}", secret.metadata().namespace(), secret.metadata().name(), refusal.message());
            }
        });
    }
}
