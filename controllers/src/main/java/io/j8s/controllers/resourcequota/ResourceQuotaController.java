package io.j8s.controllers.resourcequota;

import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.Service;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Watches quotas, pods, services and claims. Admission counts up; this counts anew: when a quota changes, when something that it limits goes or ends, and every five minutes, as upstream does, for what is not watched.
///
/// Between the moment when admission charges a write and the moment when the object is there, a count finds less than is charged. So what is used is only lowered when two counts,
/// a while apart, find the same while nobody has charged anything in between: else a quota could be exceeded.
public final class ResourceQuotaController implements Controller {
    private static final Duration SETTLE = Duration.ofMillis(200);
    /// From the charge of a write to its commit it takes less.
    private static final Duration CONFIRM = Duration.ofMillis(800);

    private final Context context;
    private final Duration period;
    private final Informer<ResourceQuota> quotas;
    private final NamespaceUsage usage;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    /// Quotas that a count found less of than is charged, with the version that it found.
    private final Map<ObjectKey, Lower> lower = new ConcurrentHashMap<>();

    private record Lower(String version, long sinceNanos) {}

    /// @param period after which everything is counted again, whether something seemed to change or not
    public ResourceQuotaController(Context context, Duration period, int workers) {
        this.context = context;
        this.period = period;
        this.quotas = context.informers().of(ResourceQuota.RESOURCE);
        Informer<Pod> pods = context.informers().of(Pod.RESOURCE);
        Informer<Service> services = context.informers().of(Service.RESOURCE);
        Informer<PersistentVolumeClaim> claims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        this.usage = new NamespaceUsage(context.client(), context.discovery());
        this.queue = context.queue("resource_quota_controller_resource_changes");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        quotas.addHandler(new Handler<>() {
            @Override
            public void added(ResourceQuota quota) {
                queue.add(key(quota));
            }

            @Override
            public void changed(ResourceQuota before, ResourceQuota after) {
                if (!before.spec().equals(after.spec()) || !after.spec().hard().equals(after.status().hard())) {
                    queue.add(key(after));
                }
            }

            @Override
            public void deleted(ResourceQuota last) {}
        });
        pods.addHandler(new Handler<>() {
            @Override
            public void added(Pod pod) {}

            @Override
            public void changed(Pod before, Pod after) {
                if (Pods.finished(before) != Pods.finished(after) || !before.spec().equals(after.spec())) {
                    recount(after.metadata().namespace());
                }
            }

            @Override
            public void deleted(Pod last) {
                recount(last.metadata().namespace());
            }
        });
        services.addHandler(Handler.each(service -> recount(service.metadata().namespace())));
        claims.addHandler(Handler.each(claim -> recount(claim.metadata().namespace())));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private static ObjectKey key(ResourceQuota quota) {
        return new ObjectKey(quota.metadata().namespace(), quota.metadata().name());
    }

    /// A moment later, so that many changes are counted once.
    private void recount(String namespace) {
        quotas.lister().list(namespace).forEach(quota -> queue.addAfter(key(quota), SETTLE));
    }

    private Outcome reconcile(ObjectKey key) {
        ResourceQuota quota = quotas.lister().get(key); // when it is outdated, the update below is refused
        if (quota == null || quota.metadata().deletionTimestamp() != null) {
            lower.remove(key);
            return Outcome.DONE;
        }
        Map<String, Quantity> used = usage.of(quota, context.time().now());
        boolean same = quota.status().hard().equals(quota.spec().hard()) && quota.status().used().keySet().equals(used.keySet())
                && used.entrySet().stream().allMatch(e -> e.getValue().compareTo(quota.status().used().getOrDefault(e.getKey(), Quantity.of(-1))) == 0);
        if (!same && !confirmed(key, quota, used)) {
            return Outcome.retryAfter(CONFIRM);
        }
        if (!same) {
            context.client().updateStatus(ResourceQuota.RESOURCE, key.namespace(), quota.withStatus(s -> s.withHard(quota.spec().hard()).withUsed(used)));
        }
        lower.remove(key);
        return Outcome.retryAfter(period);
    }

    /// Whether what was counted may be written: it is not less than before, or was found so for a while.
    private boolean confirmed(ObjectKey key, ResourceQuota quota, Map<String, Quantity> used) {
        boolean less = quota.status().used().entrySet().stream().anyMatch(e -> used.containsKey(e.getKey()) && used.get(e.getKey()).compareTo(e.getValue()) < 0);
        if (!less) {
            return true;
        }
        long now = context.time().nanoTime();
        Lower found = lower.merge(key, new Lower(quota.metadata().resourceVersion(), now), (before, after) -> before.version().equals(after.version()) ? before : after);
        return now - found.sinceNanos() >= CONFIRM.toNanos();
    }
}
