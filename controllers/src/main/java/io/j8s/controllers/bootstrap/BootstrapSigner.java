package io.j8s.controllers.bootstrap;

import io.j8s.client.ApiException;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Watches `kube-public/cluster-info` and bootstrap tokens: the kubeconfig in it gets a detached signature (RFC 7515, appendix F; HS256) by each token that may sign.
public final class BootstrapSigner implements Controller {
    private static final String NAMESPACE = "kube-public";
    private static final String NAME = "cluster-info";
    private static final String CONTENT = "kubeconfig";
    private static final String PREFIX = "jws-kubeconfig-";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Context context;
    private final Informer<ConfigMap> maps;
    private final Informer<Secret> secrets;
    private final ControllerLoop<String> loop;

    public BootstrapSigner(Context context) {
        this.context = context;
        this.maps = context.informers().of(ConfigMap.RESOURCE);
        this.secrets = context.informers().of(Secret.RESOURCE);
        WorkQueue<String> queue = context.queue("bootstrap_signer_queue");
        // one map, one worker
        this.loop = new ControllerLoop<>(context.time(), queue, 1, key -> reconcile());
        maps.addHandler(Handler.each(map -> {
            if (map.metadata().namespace().equals(NAMESPACE) && map.metadata().name().equals(NAME)) {
                queue.add(NAME);
            }
        }));
        secrets.addHandler(Handler.each(secret -> {
            if (BootstrapTokens.holdsToken(secret)) {
                queue.add(NAME);
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

    private Outcome reconcile() {
        ConfigMap map = maps.lister().get(NAMESPACE, NAME);
        String content = map == null ? null : map.data().get(CONTENT);
        if (map == null || content == null) {
            return Outcome.DONE;
        }
        Map<String, String> data = new TreeMap<>(map.data());
        data.keySet().removeIf(key -> key.startsWith(PREFIX));
        for (Secret secret : secrets.lister().list(BootstrapTokens.NAMESPACE)) {
            BootstrapTokens.Token token = BootstrapTokens.signing(secret, context.time().now());
            if (token != null) {
                data.put(PREFIX + token.id(), signature(content, token));
            }
        }
        if (!data.equals(new TreeMap<>(map.data()))) {
            try {
                context.client().update(ConfigMap.RESOURCE, NAMESPACE, map.withData(data));
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return Outcome.DONE;
    }

    private static String signature(String content, BootstrapTokens.Token token) {
        String header = BASE64.encodeToString(("{\"alg\":\"HS256\",\"kid\":\"" + token.id() + "\"}").getBytes(StandardCharsets.UTF_8));
        String payload = BASE64.encodeToString(content.getBytes(StandardCharsets.UTF_8));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(token.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return header + ".." + BASE64.encodeToString(mac.doFinal((header + "." + payload).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256, which every Java must have", e);
        }
    }
}
