package io.j8s.controllers.serviceaccount;

import io.j8s.client.ApiException;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Buckets;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.pods.PodControl;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import java.time.Duration;
import java.util.Map;

/// Watches namespaces and config maps; keeps `kube-root-ca.crt`, by which pods check the API server's certificate, in every namespace.
public final class RootCertificatePublisher implements Controller {
    private static final String NAME = "kube-root-ca.crt";
    private static final String KEY = "ca.crt";
    private static final Map<String, String> ANNOTATIONS = Map.of(
            "kubernetes.io/description", "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or "
                    + "kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.");

    private final Context context;
    private final String certificates;
    private final Informer<Namespace> namespaces;
    private final Informer<ConfigMap> maps;
    private final ControllerLoop<String> loop;
    private final Counter syncs;
    private final Histogram durations;

    public RootCertificatePublisher(Context context, ServiceAccountSettings settings, int workers) {
        this.context = context;
        this.certificates = settings.rootCertificates();
        this.namespaces = context.informers().of(Namespace.RESOURCE);
        this.maps = context.informers().of(ConfigMap.RESOURCE);
        WorkQueue<String> queue = context.queue("root_ca_cert_publisher");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.syncs = context.registry().counter("root_ca_cert_publisher_sync_total", "[ALPHA] Number of namespace syncs happened in root ca cert publisher.", "code");
        this.durations = context.registry().histogram("root_ca_cert_publisher_sync_duration_seconds", "[ALPHA] Number of namespace syncs happened in root ca cert publisher.", Buckets.exponential(0.001, 2, 15), "code");
        namespaces.addHandler(Handler.each(namespace -> queue.add(namespace.metadata().name())));
        maps.addHandler(Handler.each(map -> {
            if (map.metadata().name().equals(NAME)) {
                queue.add(map.metadata().namespace());
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
        long begun = context.time().nanoTime();
        String code = "200";
        try {
            return publish(name);
        } catch (ApiException e) {
            code = Integer.toString(e.code());
            throw e;
        } finally {
            syncs.increment(code);
            durations.observe(Duration.ofNanos(context.time().nanoTime() - begun), code);
        }
    }

    private Outcome publish(String name) {
        Namespace namespace = namespaces.lister().get("", name);
        if (namespace == null || namespace.metadata().deletionTimestamp() != null) {
            return Outcome.DONE;
        }
        ConfigMap existing = maps.lister().get(name, NAME);
        Map<String, String> data = Map.of(KEY, certificates);
        try {
            if (existing == null) {
                ObjectMeta meta = ObjectMeta.EMPTY.withName(NAME).withNamespace(name).withAnnotations(ANNOTATIONS);
                context.client().create(ConfigMap.RESOURCE, name, ConfigMap.EMPTY.withMetadata(meta).withData(data));
            } else if (!existing.data().equals(data)) {
                context.client().update(ConfigMap.RESOURCE, name, existing.withData(data));
            }
        } catch (ApiException e) {
            if (!e.alreadyExists() && !e.isNotFound() && !PodControl.namespaceTerminating(e)) {
                throw e;
            }
        }
        return Outcome.DONE;
    }
}
