package io.j8s.controllers.tainteviction;

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
import io.j8s.controllers.nodes.Nodes;
import io.j8s.controllers.nodes.PodStatuses;
import io.j8s.controllers.nodes.Taints;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Toleration;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Watches nodes' taints and pods. How long a pod tolerates counts from when its node's taints were first seen beside it.
public final class TaintEvictionController implements Controller {
    private static final double[] DELAYS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 30, 60, 120, 180, 240};
    private final Context context;
    private final Informer<Pod> pods;
    private final Informer<Node> nodes;
    private final Index<Pod> podsByNode;
    private final Map<ObjectKey, Wait> waits = new ConcurrentHashMap<>();
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final Counter deletions;
    private final Histogram delays;

    /// @param since by the timeline's monotonic clock
    private record Wait(String uid, long since) {}

    public TaintEvictionController(Context context, int workers) {
        this.context = context;
        this.pods = context.informers().of(Pod.RESOURCE);
        this.nodes = context.informers().of(Node.RESOURCE);
        this.podsByNode = Nodes.podsByNode(pods);
        this.queue = context.queue("noexec_taint_pod");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("taint-eviction-controller");
        this.deletions = context.registry().counter("taint_eviction_controller_pod_deletions_total", "[ALPHA] Total number of Pods deleted by TaintEvictionController since its start.");
        this.delays = context.registry().histogram("taint_eviction_controller_pod_deletion_duration_seconds",
                "[ALPHA] Latency, in seconds, between the time when a taint effect has been activated for the Pod and its deletion via TaintEvictionController.", DELAYS);
        pods.addHandler(new PodEvents());
        nodes.addHandler(new NodeEvents());
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

    private Outcome reconcile(ObjectKey key) {
        Pod pod = pods.lister().get(key);
        Node node = pod == null ? null : nodes.lister().get("", pod.spec().nodeName());
        List<Taint> taints = node == null ? List.of() : Taints.noExecute(node);
        if (pod == null || taints.isEmpty() || pod.metadata().deletionTimestamp() != null) {
            cancel(key, pod);
            return Outcome.DONE;
        }
        List<Toleration> used = Taints.used(taints, pod.spec().tolerations());
        if (used == null) {
            evict(key, pod, Duration.ZERO);
            return Outcome.DONE;
        }
        Duration tolerated = shortest(used);
        if (tolerated == null) {
            cancel(key, pod);
            return Outcome.DONE;
        }
        Wait wait = waits.compute(key, (k, w) -> w != null && w.uid.equals(pod.metadata().uid()) ? w : new Wait(pod.metadata().uid(), context.time().nanoTime()));
        Duration left = tolerated.minusNanos(context.time().nanoTime() - wait.since);
        if (left.isPositive()) {
            return Outcome.retryAfter(left);
        }
        evict(key, pod, left.negated());
        return Outcome.DONE;
    }

    /// Null: for ever.
    private static @Nullable Duration shortest(List<Toleration> used) {
        Duration shortest = null;
        for (Toleration toleration : used) {
            if (toleration.hasTolerationSeconds()) {
                Duration span = Duration.ofSeconds(Math.max(0, toleration.tolerationSeconds()));
                shortest = shortest == null || span.compareTo(shortest) < 0 ? span : shortest;
            }
        }
        return shortest;
    }

    private void cancel(ObjectKey key, @Nullable Pod pod) {
        if (waits.remove(key) != null && pod != null && pod.metadata().deletionTimestamp() == null) {
            events.record(reference(pod), EventRecorder.NORMAL, "TaintManagerEviction", "Cancelling deletion of Pod " + key);
        }
    }

    /// @param late how long after it was due
    private void evict(ObjectKey key, Pod pod, Duration late) {
        events.record(reference(pod), EventRecorder.NORMAL, "TaintManagerEviction", "Marking for deletion Pod " + key);
        try {
            PodStatuses.set(context.client(), pod, "", "DisruptionTarget", "True", "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", context.time().now());
            context.client().delete(Pod.RESOURCE, key.namespace(), key.name(), DeleteOptions.ofUid(pod.metadata().uid()));
            deletions.increment();
            delays.observe(late);
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict() && e.code() != 422) {
                throw e;
            }
        }
        waits.remove(key);
    }

    private static ObjectReference reference(Pod pod) {
        return EventRecorder.reference(pod);
    }

    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            if (!pod.spec().nodeName().isEmpty()) {
                queue.add(new ObjectKey(pod.metadata().namespace(), pod.metadata().name()));
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            boolean same = before.spec().nodeName().equals(after.spec().nodeName())
                    && before.spec().tolerations().equals(after.spec().tolerations())
                    && before.metadata().uid().equals(after.metadata().uid());
            if (!same) {
                added(after);
            }
        }

        @Override
        public void deleted(Pod last) {
            queue.add(new ObjectKey(last.metadata().namespace(), last.metadata().name()));
        }
    }

    private final class NodeEvents implements Handler<Node> {
        @Override
        public void added(Node node) {
            if (!Taints.noExecute(node).isEmpty()) {
                addPods(node);
            }
        }

        @Override
        public void changed(Node before, Node after) {
            if (!Taints.noExecute(before).equals(Taints.noExecute(after))) {
                addPods(after);
            }
        }

        @Override
        public void deleted(Node last) {
            if (!Taints.noExecute(last).isEmpty()) {
                addPods(last);
            }
        }

        private void addPods(Node node) {
            podsByNode.get(node.metadata().name()).forEach(pod -> queue.add(new ObjectKey(pod.metadata().namespace(), pod.metadata().name())));
        }
    }
}
