package io.j8s.controllers.podgc;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.informer.Informer;
import io.j8s.controllers.frame.Batches;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.nodes.Nodes;
import io.j8s.controllers.nodes.PodStatuses;
import io.j8s.controllers.nodes.Taints;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.runtime.Task;
import io.j8s.runtime.metrics.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks at all pods every 20 s. A node counts as gone when it has been absent for 40 s and the server says so, too.
public final class PodGarbageCollector implements Controller {
    private static final Duration PERIOD = Duration.ofSeconds(20);
    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    private final Context context;
    private final int mostFinished;
    private final Informer<Pod> pods;
    private final Informer<Node> nodes;
    private final Counter deletions;
    private final Counter errors;
    private final Map<String, Long> missingSince = new HashMap<>();
    private @Nullable Task task;

    /// @param mostFinished how many finished pods may stay (`--terminated-pod-gc-threshold`); 0: any number
    public PodGarbageCollector(Context context, int mostFinished) {
        this.context = context;
        this.mostFinished = mostFinished;
        this.pods = context.informers().of(Pod.RESOURCE);
        this.nodes = context.informers().of(Node.RESOURCE);
        this.deletions = context.registry().counter("pod_gc_collector_force_delete_pods_total", "[ALPHA] Number of pods that are being forcefully deleted since the Pod GC Controller started.", "namespace", "reason");
        this.errors = context.registry().counter("pod_gc_collector_force_delete_pod_errors_total", "[ALPHA] Number of errors encountered when forcefully deleting the pods since the Pod GC Controller started.", "namespace", "reason");
    }

    @Override
    public void start() {
        task = context.time().start("pod-garbage-collector", () -> {
            while (true) {
                collect();
                context.time().sleep(PERIOD);
            }
        });
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
        }
    }

    private void collect() throws InterruptedException {
        List<Pod> all = pods.lister().list();
        if (mostFinished > 0) {
            delete("terminated", surplusFinished(all), null);
        }
        delete("out-of-service", all.stream().filter(this::outOfService).sorted(EVICTED_THEN_OLDEST).toList(), null);
        Set<String> gone = goneNodes(all);
        delete("orphaned", all.stream().filter(pod -> gone.contains(pod.spec().nodeName())).toList(), "PodGC: node no longer exists");
        delete("unscheduled", all.stream().filter(pod -> pod.metadata().deletionTimestamp() != null && pod.spec().nodeName().isEmpty()).toList(), null);
    }

    private static final Comparator<Pod> EVICTED_THEN_OLDEST = Comparator.comparing((Pod pod) -> !pod.status().reason().equals("Evicted"))
            .thenComparing(pod -> Objects.requireNonNullElse(pod.metadata().creationTimestamp(), Instant.MIN))
            .thenComparing(pod -> pod.metadata().name());

    private List<Pod> surplusFinished(List<Pod> all) {
        List<Pod> finished = new ArrayList<>(all.stream().filter(Pods::finished).toList());
        int surplus = finished.size() - mostFinished;
        if (surplus <= 0) {
            return List.of();
        }
        finished.sort(EVICTED_THEN_OLDEST);
        return finished.subList(0, surplus);
    }

    private boolean outOfService(Pod pod) {
        Node node = pod.metadata().deletionTimestamp() == null ? null : nodes.lister().get("", pod.spec().nodeName());
        return node != null && !Nodes.ready(node) && node.spec().taints().stream().anyMatch(t -> t.key().equals(Taints.OUT_OF_SERVICE));
    }

    private Set<String> goneNodes(List<Pod> all) {
        Set<String> missing = new HashSet<>();
        for (Pod pod : all) {
            String name = pod.spec().nodeName();
            if (!name.isEmpty() && nodes.lister().get("", name) == null) {
                missing.add(name);
            }
        }
        missingSince.keySet().retainAll(missing);
        long now = context.time().nanoTime();
        Set<String> gone = new HashSet<>();
        for (String name : missing) {
            long since = missingSince.computeIfAbsent(name, n -> now);
            if (now - since >= QUARANTINE.toNanos() && confirmedGone(name)) {
                gone.add(name);
            }
        }
        return gone;
    }

    private boolean confirmedGone(String name) {
        try {
            return context.client().find(Node.RESOURCE, "", name) == null;
        } catch (ApiException e) {
            return false;
        }
    }

    /// @param reason as in metrics
    /// @param disruption why the pods are disrupted; null: they are not
    private void delete(String reason, List<Pod> chosen, @Nullable String disruption) throws InterruptedException {
        Batches.each(context.time(), "pod-gc-delete", chosen, pod -> {
            deletions.increment(pod.metadata().namespace(), reason);
            try {
                delete(pod, disruption);
            } catch (ApiException e) {
                errors.increment(pod.metadata().namespace(), reason);
                throw e;
            }
        });
    }

    private void delete(Pod pod, @Nullable String disruption) {
        if (!Pods.finished(pod)) {
            if (disruption == null) {
                PodStatuses.phase(context.client(), pod, "Failed");
            } else {
                PodStatuses.set(context.client(), pod, "Failed", "DisruptionTarget", "True", "DeletionByPodGC", disruption, context.time().now());
            }
        }
        context.client().delete(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), DeleteOptions.ofUid(pod.metadata().uid()).after(0));
    }
}
