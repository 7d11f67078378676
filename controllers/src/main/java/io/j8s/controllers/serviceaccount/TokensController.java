package io.j8s.controllers.serviceaccount;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.JsonText;
import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.Bytes;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Watches secrets of the type `kubernetes.io/service-account-token` and service accounts; fills such secrets with a token that does not expire, and deletes those whose account is gone.
public final class TokensController implements Controller {
    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String NAME = "kubernetes.io/service-account.name";
    private static final String UID = "kubernetes.io/service-account.uid";

    private final Context context;
    private final ServiceAccountSettings settings;
    private final Informer<Secret> secrets;
    private final Informer<ServiceAccount> accounts;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;

    public TokensController(Context context, ServiceAccountSettings settings, int workers) {
        this.context = context;
        this.settings = settings;
        this.secrets = context.informers().of(Secret.RESOURCE);
        this.accounts = context.informers().of(ServiceAccount.RESOURCE);
        this.queue = context.queue("serviceaccount_tokens_secret");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        secrets.addHandler(Handler.each(secret -> {
            if (secret.type().equals(TYPE)) {
                queue.add(new ObjectKey(secret.metadata().namespace(), secret.metadata().name()));
            }
        }));
        accounts.addHandler(Handler.each(this::addSecretsOf));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private void addSecretsOf(ServiceAccount account) {
        for (Secret secret : secrets.lister().list(account.metadata().namespace())) {
            if (secret.type().equals(TYPE) && account.metadata().name().equals(secret.metadata().annotations().get(NAME))) {
                queue.add(new ObjectKey(secret.metadata().namespace(), secret.metadata().name()));
            }
        }
    }

    private Outcome reconcile(ObjectKey key) {
        Secret secret = secrets.lister().get(key);
        String accountName = secret == null ? null : secret.metadata().annotations().get(NAME);
        if (secret == null || accountName == null || accountName.isEmpty() || secret.metadata().deletionTimestamp() != null) {
            return Outcome.DONE;
        }
        ServiceAccount account = account(secret, accountName);
        if (account == null) {
            delete(secret);
            return Outcome.DONE;
        }
        Secret filled = filled(secret, account);
        if (!filled.equals(secret)) {
            context.client().update(Secret.RESOURCE, key.namespace(), filled);
        }
        return Outcome.DONE;
    }

    /// The account the secret is for, as far as it is still the same one; the cache may be behind, so that its absence is asked for.
    private @Nullable ServiceAccount account(Secret secret, String name) {
        String uid = secret.metadata().annotations().getOrDefault(UID, "");
        ServiceAccount cached = accounts.lister().get(secret.metadata().namespace(), name);
        if (cached != null && (uid.isEmpty() || cached.metadata().uid().equals(uid))) {
            return cached;
        }
        ServiceAccount live = context.client().find(ServiceAccount.RESOURCE, secret.metadata().namespace(), name);
        return live != null && (uid.isEmpty() || live.metadata().uid().equals(uid)) ? live : null;
    }

    private void delete(Secret secret) {
        try {
            context.client().delete(Secret.RESOURCE, secret.metadata().namespace(), secret.metadata().name(), DeleteOptions.ofUid(secret.metadata().uid()));
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
    }

    private Secret filled(Secret secret, ServiceAccount account) {
        Map<String, Bytes> data = new LinkedHashMap<>(secret.data());
        Bytes root = bytes(settings.rootCertificates());
        if (!settings.rootCertificates().isEmpty()) {
            data.put("ca.crt", root);
        }
        data.putIfAbsent("namespace", bytes(secret.metadata().namespace()));
        TokenSigner signer = settings.signer();
        if (!data.containsKey("token") && signer != null) {
            data.put("token", bytes(signer.sign(claims(secret, account))));
        }
        if (data.equals(secret.data())) {
            return secret;
        }
        Map<String, String> annotations = new LinkedHashMap<>(secret.metadata().annotations());
        annotations.put(NAME, account.metadata().name());
        annotations.put(UID, account.metadata().uid());
        return secret.withData(data).withMetadata(m -> m.withAnnotations(annotations));
    }

    private static String claims(Secret secret, ServiceAccount account) {
        String namespace = account.metadata().namespace();
        String name = account.metadata().name();
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", "kubernetes/serviceaccount");
        claims.put("kubernetes.io/serviceaccount/namespace", namespace);
        claims.put("kubernetes.io/serviceaccount/secret.name", secret.metadata().name());
        claims.put("kubernetes.io/serviceaccount/service-account.name", name);
        claims.put("kubernetes.io/serviceaccount/service-account.uid", account.metadata().uid());
        claims.put("sub", "system:serviceaccount:" + namespace + ":" + name);
        StringBuilder json = new StringBuilder("{");
        claims.forEach((claim, value) -> json.append(json.length() == 1 ? "" : ",").append(JsonText.quote(claim)).append(':').append(JsonText.quote(value)));
        return json.append('}').toString();
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
