package io.j8s.apiserver.admission.webhook;

import io.j8s.apiserver.remote.RemoteException;
import io.j8s.apiserver.remote.WebhookClient;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.http.EventLoops;
import io.j8s.model.admissionregistration.v1.ServiceReference;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Sends reviews of requests to admission's webhooks. Thread-safe.
public final class HookCaller implements AutoCloseable {

    private static final long LARGEST_ANSWER = 8L << 20;

    private final WebhookClient client;

    public HookCaller(ClusterState state, EventLoops loops, Timeline timeline, MetricRegistry metrics) {
        this.client = new WebhookClient(state, loops, timeline, metrics);
    }

    /// The answer's members.
    Map<?, ?> call(Hook hook, Map<String, Object> review) throws HookException {
        ServiceReference service = hook.target().service();
        WebhookClient.Place place = hook.target().hasService()
                ? new WebhookClient.Place.InCluster(service.namespace(), service.name(), service.path(), service.port())
                : new WebhookClient.Place.Url(hook.target().url());
        String authorities = new String(hook.target().caBundle().toArray(), StandardCharsets.UTF_8);
        try {
            return client.post(new WebhookClient.Target(place, authorities, "kube-apiserver-admission", hook.timeout(), LARGEST_ANSWER), review);
        } catch (RemoteException e) {
            throw HookException.uncalled(e.why(), e.status());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
