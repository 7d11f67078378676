package io.j8s.controllers.devicetainteviction;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.nodes.PodStatuses;
import io.j8s.controllers.resourceclaim.PodClaims;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Watches pods, claims and slices of devices. The moment of an eviction is worked out anew each time from what they say: a change of any of them can bring it forward, put it off, or cancel it.
public final class DeviceTaintEvictionController implements Controller {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 30, 60, 120, 180, 240};

    private final Context context;
    private final Informer<Pod> pods;
    private final Informer<ResourceClaim> claims;
    private final Index<ResourceClaim> claimsByPool;
    private final DevicePools pools;
    /// by pod, the uids of those that are to be evicted
    private final Map<ObjectKey, String> planned = new ConcurrentHashMap<>();
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final Counter deletions;
    private final Histogram delays;

    public DeviceTaintEvictionController(Context context, int workers) {
        this.context = context;
        this.pods = context.informers().of(Pod.RESOURCE);
        this.claims = context.informers().of(ResourceClaim.RESOURCE);
        Informer<ResourceSlice> slices = context.informers().of(ResourceSlice.RESOURCE);
        this.pools = new DevicePools(slices);
        this.claimsByPool = claims.index("pool", claim -> claim.status().allocation().devices().results().stream().map(r -> DevicePools.pool(r.driver(), r.pool())).distinct().toList());
        this.queue = context.queue("device-taint-eviction-controller");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("device-taint-eviction-controller");
        this.deletions = context.registry().counter("device_taint_eviction_controller_pod_deletions_total", "[ALPHA] Total number of Pods deleted by DeviceTaintEvictionController since its start.");
        this.delays = context.registry().histogram("device_taint_eviction_controller_pod_deletion_duration_seconds",
                "[ALPHA] Latency, in seconds, between the time when a device taint effect has been activated and a Pod's deletion via DeviceTaintEvictionController.", SECONDS);
        pods.addHandler(new PodEvents());
        claims.addHandler(new ClaimEvents());
        slices.addHandler(Handler.each(slice -> claimsByPool.get(DevicePools.pool(slice.spec().driver(), slice.spec().pool().name())).forEach(this::addPods)));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
    }

    private void addPods(ResourceClaim claim) {
        claim.status().reservedFor().stream()
                .filter(r -> r.apiGroup().isEmpty() && r.resource().equals("pods"))
                .forEach(r -> queue.add(new ObjectKey(claim.metadata().namespace(), r.name())));
    }

    private Outcome reconcile(ObjectKey key) {
        Pod pod = pods.lister().get(key);
        if (pod == null || pod.metadata().deletionTimestamp() != null) {
            planned.remove(key);
            return Outcome.DONE;
        }
        Instant now = context.time().now();
        Instant when = evictionTime(pod, now);
        if (when == null) {
            if (planned.remove(key, pod.metadata().uid())) {
                events.record(reference(pod), EventRecorder.NORMAL, "DeviceTaintManagerEviction", "Cancelling deletion");
            }
            return Outcome.DONE;
        }
        planned.put(key, pod.metadata().uid());
        if (when.isAfter(now)) {
            return Outcome.retryAfter(Duration.between(now, when));
        }
        evict(key, pod.metadata().uid(), when);
        return Outcome.DONE;
    }

    private @Nullable Instant evictionTime(Pod pod, Instant now) {
        Instant earliest = null;
        if (pod.spec().nodeName().isEmpty()) {
            return null;
        }
        for (PodResourceClaim entry : pod.spec().resourceClaims()) {
            if (PodClaims.named(pod, entry) instanceof PodClaims.Named.Claim(var name, var generated)) {
                ResourceClaim claim = claims.lister().get(pod.metadata().namespace(), name);
                if (claim != null && claim.status().hasAllocation() && (!generated || PodClaims.madeFor(pod, claim)) && PodClaims.reservedFor(pod, claim)) {
                    Instant when = pools.evictionTime(claim, now);
                    earliest = earliest == null || (when != null && when.isBefore(earliest)) ? when : earliest;
                }
            }
        }
        return earliest;
    }

    private void evict(ObjectKey key, String uid, Instant due) {
        Pod fresh = context.client().find(Pod.RESOURCE, key.namespace(), key.name());
        if (fresh != null && fresh.metadata().uid().equals(uid) && fresh.metadata().deletionTimestamp() == null) {
            events.record(reference(fresh), EventRecorder.NORMAL, "DeviceTaintManagerEviction", "Marking for deletion");
            try {
                PodStatuses.set(context.client(), fresh, "", "DisruptionTarget", "True", "DeletionByDeviceTaintManager", "Device Taint manager: deleting due to NoExecute taint", context.time().now());
                context.client().delete(Pod.RESOURCE, key.namespace(), key.name(), DeleteOptions.ofUid(uid));
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
            deletions.increment();
            delays.observe(Duration.between(due, context.time().now()));
        }
        planned.remove(key);
    }

    private static ObjectReference reference(Pod pod) {
        return ObjectReference.EMPTY.withApiVersion("v1").withKind("Pod").withNamespace(pod.metadata().namespace()).withName(pod.metadata().name()).withUid(pod.metadata().uid());
    }

    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            if (!pod.spec().resourceClaims().isEmpty()) {
                queue.add(new ObjectKey(pod.metadata().namespace(), pod.metadata().name()));
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            if (!before.spec().nodeName().equals(after.spec().nodeName())
                    || !before.metadata().uid().equals(after.metadata().uid())
                    || !before.status().resourceClaimStatuses().equals(after.status().resourceClaimStatuses())) {
                added(after);
            }
        }

        @Override
        public void deleted(Pod last) {
            planned.remove(new ObjectKey(last.metadata().namespace(), last.metadata().name()));
        }
    }

    private final class ClaimEvents implements Handler<ResourceClaim> {
        @Override
        public void added(ResourceClaim claim) {
            addPods(claim);
        }

        @Override
        public void changed(ResourceClaim before, ResourceClaim after) {
            addPods(before);
            addPods(after);
        }

        @Override
        public void deleted(ResourceClaim last) {
            addPods(last);
        }
    }
}
