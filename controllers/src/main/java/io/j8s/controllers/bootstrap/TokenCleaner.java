package io.j8s.controllers.bootstrap;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.core.v1.Secret;
import java.time.Duration;
import java.time.Instant;

/// Watches secrets of the type `bootstrap.kubernetes.io/token` in `kube-system`. A token whose expiration cannot be read counts as expired, and so it does nowhere else either.
public final class TokenCleaner implements Controller {
    private static final String NAMESPACE = BootstrapTokens.NAMESPACE;

    private final Context context;
    private final Informer<Secret> secrets;
    private final ControllerLoop<String> loop;

    public TokenCleaner(Context context, int workers) {
        this.context = context;
        this.secrets = context.informers().of(Secret.RESOURCE);
        WorkQueue<String> queue = context.queue("token_cleaner");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        secrets.addHandler(Handler.each(secret -> {
            if (BootstrapTokens.holdsToken(secret)) {
                queue.add(secret.metadata().name());
            }
        }));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Outcome reconcile(String name) {
        Secret secret = secrets.lister().get(NAMESPACE, name);
        Instant expiration = secret == null ? null : BootstrapTokens.expiration(secret);
        if (secret == null || expiration == null) {
            return Outcome.DONE;
        }
        Duration left = Duration.between(context.time().now(), expiration);
        if (left.isPositive()) {
            return Outcome.retryAfter(left);
        }
        try {
            context.client().delete(Secret.RESOURCE, NAMESPACE, name, DeleteOptions.ofUid(secret.metadata().uid()));
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
        return Outcome.DONE;
    }
}
