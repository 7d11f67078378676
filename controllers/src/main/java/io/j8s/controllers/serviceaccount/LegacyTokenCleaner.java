package io.j8s.controllers.serviceaccount;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.JsonText;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Informer;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.pods.SecretReferences;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.runtime.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.HashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks once a day at tokens in secrets that were made for service accounts by themselves (KEP-2799): one that nobody used for the period and no pod mounts is marked invalid, and deleted after another
/// such period. Nothing happens before use has been tracked for that long.
public final class LegacyTokenCleaner implements Controller {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyTokenCleaner.class);
    private static final Duration EVERY = Duration.ofHours(24);
    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private final Context context;
    private final Duration period;
    private final Informer<Secret> secrets;
    private final Informer<ServiceAccount> accounts;
    private final Informer<Pod> pods;
    private @Nullable Task task;

    /// @param period how long a token must not have been used
    public LegacyTokenCleaner(Context context, Duration period) {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("--legacy-service-account-token-clean-up-period must be positive, not " + period);
        }
        this.context = context;
        this.period = period;
        this.secrets = context.informers().of(Secret.RESOURCE);
        this.accounts = context.informers().of(ServiceAccount.RESOURCE);
        this.pods = context.informers().of(Pod.RESOURCE);
    }

    @Override
    public void start() {
        task = context.time().start("legacy-token-cleaner", () -> {
            while (true) {
                try {
                    clean();
                } catch (ApiException e) {
                    LOG.atError().addKeyValue("err", e.getMessage()).log("Legacy tokens could not be looked at, will try again in a day");
                }
                context.time().sleep(EVERY);
            }
        });
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
        }
    }

    private void clean() {
        Instant now = context.time().now();
        Instant tracked = trackedSince();
        if (tracked == null || now.isBefore(tracked.plus(period))) {
            return;
        }
        Map<String, Set<String>> mounted = new HashMap<>();
        for (Secret secret : secrets.lister().list()) {
            if (unused(secret, now) && generated(secret)
                    && !mounted.computeIfAbsent(secret.metadata().namespace(), this::mountedIn).contains(secret.metadata().name())) {
                retire(secret, now);
            }
        }
    }

    /// The day after the one on which tracking began; null when that is not known.
    private @Nullable Instant trackedSince() {
        ConfigMap map = context.client().find(ConfigMap.RESOURCE, "kube-system", "kube-apiserver-legacy-service-account-token-tracking");
        LocalDate day = map == null ? null : day(map.data().getOrDefault("since", ""));
        return day == null ? null : day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private boolean unused(Secret secret, Instant now) {
        Instant created = secret.metadata().creationTimestamp();
        Instant limit = now.minus(period);
        if (!secret.type().equals(TYPE) || secret.metadata().deletionTimestamp() != null || created == null || !created.isBefore(limit)) {
            return false;
        }
        String label = secret.metadata().labels().get(LAST_USED);
        if (label == null) {
            return true;
        }
        LocalDate used = day(label);
        return used != null && used.isBefore(limit.atOffset(ZoneOffset.UTC).toLocalDate());
    }

    /// Whether the secret was made for its account by itself: then the account names it.
    private boolean generated(Secret secret) {
        String name = secret.metadata().annotations().getOrDefault("kubernetes.io/service-account.name", "");
        String uid = secret.metadata().annotations().getOrDefault("kubernetes.io/service-account.uid", "");
        ServiceAccount account = name.isEmpty() ? null : accounts.lister().get(secret.metadata().namespace(), name);
        return account != null
                && (uid.isEmpty() || uid.equals(account.metadata().uid()))
                && account.secrets().stream().anyMatch(s -> s.name().equals(secret.metadata().name()));
    }

    private Set<String> mountedIn(String namespace) {
        return SecretReferences.ofAll(pods.lister().list(namespace));
    }

    private void retire(Secret secret, Instant now) {
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        LocalDate since = day(secret.metadata().labels().getOrDefault(INVALID_SINCE, ""));
        String namespace = secret.metadata().namespace();
        String name = secret.metadata().name();
        try {
            if (since == null) {
                LOG.atInfo().addKeyValue("secret", namespace + "/" + name).log("Marking a service account token as invalid that nobody uses");
                String patch = "{\"metadata\":{\"uid\":" + JsonText.quote(secret.metadata().uid()) + ",\"labels\":{" + JsonText.quote(INVALID_SINCE) + ":" + JsonText.quote(today.toString()) + "}}}";
                context.client().patch(Secret.RESOURCE, namespace, name, new Patch.Merge(patch), WriteOptions.NONE);
            } else if (since.isBefore(now.minus(period).atOffset(ZoneOffset.UTC).toLocalDate())) {
                LOG.atInfo().addKeyValue("secret", namespace + "/" + name).log("Deleting a service account token that nobody uses");
                context.client().delete(Secret.RESOURCE, namespace, name, new DeleteOptions(null, "", "", secret.metadata().resourceVersion(), false));
            }
        } catch (ApiException e) {
            if (!e.isConflict() && !e.isNotFound()) {
                LOG.atError().addKeyValue("secret", namespace + "/" + name).addKeyValue("err", e.getMessage()).log("An unused service account token could not be retired");
            }
        }
    }

    private static @Nullable LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
