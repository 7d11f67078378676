package io.j8s.controllers.nodelifecycle;

import io.j8s.client.ApiException;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Batches;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.nodes.Nodes;
import io.j8s.controllers.nodes.PodStatuses;
import io.j8s.controllers.nodes.Taints;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Taint;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Watches nodes, their leases and pods. Three parts:
///
/// - a loop over changed nodes keeps `NoSchedule` taints and labels as their conditions say;
/// - every 5 s all nodes are looked at: silent ones get `Unknown` conditions, those that are not ready wait for a `NoExecute` taint, and their pods are marked not ready;
/// - the waiting nodes get their taints at the rate that their zone allows ([Zones]).
public final class NodeLifecycleController implements Controller {
    private static final String LEASES = "kube-node-lease";
    private static final String EXCLUDED = "node.kubernetes.io/exclude-disruption";
    private static final Taint NOT_READY = Taints.of(Taints.NOT_READY, Taints.NO_EXECUTE);
    private static final Taint UNREACHABLE = Taints.of(Taints.UNREACHABLE, Taints.NO_EXECUTE);
    private static final List<String> CONDITIONS = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");
    private static final Duration TAINT_PERIOD = Duration.ofMillis(100);

    private final Context context;
    private final NodeLifecycleSettings settings;
    private final Informer<Node> nodes;
    private final Informer<Lease> leases;
    private final Index<Pod> podsByNode;
    private final Heartbeats heartbeats;
    private final ZoneMetrics metrics;
    private final Zones zones;
    private final Gate waiting;
    private final Set<String> podsToMark = ConcurrentHashMap.newKeySet();
    private final Map<String, String> knownUids = new HashMap<>();
    private final WorkQueue<String> queue;
    private final ControllerLoop<String> loop;
    private final EventRecorder events;
    private @Nullable Task monitor;
    private @Nullable Task tainter;

    public NodeLifecycleController(Context context, NodeLifecycleSettings settings, int workers) {
        this.context = context;
        this.settings = settings;
        this.nodes = context.informers().of(Node.RESOURCE);
        this.leases = context.informers().of(Lease.RESOURCE);
        Informer<Pod> pods = context.informers().of(Pod.RESOURCE);
        this.podsByNode = Nodes.podsByNode(pods);
        this.zones = new Zones(context.time(), settings);
        this.waiting = context.time().gate();
        this.heartbeats = new Heartbeats(context.time());
        this.metrics = new ZoneMetrics(context.registry());
        this.queue = context.queue("node_lifecycle_controller");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("node-controller");
        nodes.addHandler(Handler.each(node -> queue.add(node.metadata().name())));
        pods.addHandler(new PodEvents());
    }

    @Override
    public void start() {
        loop.start();
        monitor = context.time().start("node-monitor", this::monitor);
        tainter = context.time().start("node-tainter", this::taint);
    }

    @Override
    public void close() {
        loop.close();
        if (monitor != null) {
            monitor.close();
        }
        if (tainter != null) {
            tainter.close();
        }
        events.close();
    }

    private Outcome reconcile(String name) {
        Node node = nodes.lister().get("", name);
        Instant now = context.time().now();
        if (node != null && !ConditionTaints.applied(node, now).equals(node)) {
            Nodes.change(context.client(), name, latest -> ConditionTaints.applied(latest, now));
        }
        return Outcome.DONE;
    }

    private void monitor() throws InterruptedException {
        while (true) {
            look();
            context.time().sleep(settings.monitorPeriod());
        }
    }

    private void look() throws InterruptedException {
        long begun = context.time().nanoTime();
        List<Node> all = nodes.lister().list();
        register(all);
        Map<String, Node> judged = new ConcurrentHashMap<>();
        Batches.each(context.time(), "node-health", all, node -> judged.put(node.metadata().name(), check(node)));
        Map<String, Zones.Count> counts = new HashMap<>();
        for (Node node : judged.values()) {
            if (!node.metadata().labels().containsKey(EXCLUDED)) {
                boolean ready = Nodes.ready(node);
                counts.merge(Nodes.zone(node), new Zones.Count(ready ? 1 : 0, ready ? 0 : 1), (a, b) -> new Zones.Count(a.ready() + b.ready(), a.unready() + b.unready()));
            }
        }
        switch (zones.judge(counts)) {
            case NORMAL -> {}
            case ALL_DISRUPTED -> Batches.each(context.time(), "node-untaint", all, node -> untaint(node.metadata().name()));
            case RECOVERED -> heartbeats.forgive();
        }
        metrics.looked(counts, Duration.ofNanos(context.time().nanoTime() - begun));
        waiting.signal();
    }

    private void register(List<Node> all) {
        Set<String> names = new HashSet<>();
        for (Node node : all) {
            String name = node.metadata().name();
            names.add(name);
            if (!node.metadata().uid().equals(knownUids.put(name, node.metadata().uid()))) {
                record(name, node.metadata().uid(), EventRecorder.NORMAL, "RegisteredNode", "Node " + name + " event: Registered Node " + name + " in Controller");
            }
        }
        knownUids.entrySet().removeIf(known -> {
            if (!names.contains(known.getKey())) {
                record(known.getKey(), known.getValue(), EventRecorder.NORMAL, "RemovingNode", "Node " + known.getKey() + " event: Removing Node " + known.getKey() + " from Controller");
                return true;
            }
            return false;
        });
        heartbeats.keep(names);
    }

    private void record(String name, String uid, String type, String reason, String message) {
        events.record(ObjectReference.EMPTY.withKind("Node").withApiVersion("v1").withName(name).withUid(uid), type, reason, message);
    }

    /// Judges one node; answers it with its conditions as they are then.
    private Node check(Node node) {
        String name = node.metadata().name();
        String before = Nodes.status(node, "Ready");
        Duration silence = heartbeats.silence(node, leases.lister().get(LEASES, name));
        Duration allowed = before.isEmpty() ? settings.startupGrace() : settings.grace();
        Node judged = silence.compareTo(allowed) > 0 ? silent(node) : node;
        if (!judged.equals(node)) {
            context.client().updateStatus(Node.RESOURCE, "", judged);
        }
        String ready = Nodes.status(judged, "Ready");
        if (ready.isEmpty()) {
            return judged;
        }
        mark(judged, ready);
        if (before.equals("True") && !ready.equals("True")) {
            record(name, node.metadata().uid(), EventRecorder.NORMAL, "NodeNotReady", "Node " + name + " status is now: NodeNotReady");
            podsToMark.add(name);
        } else if (!ready.equals("True") && podsByNode.get(name).stream().anyMatch(Pods::ready)) {
            podsToMark.add(name);
        }
        if (podsToMark.contains(name) && !ready.equals("True")) {
            markPods(name);
        }
        podsToMark.remove(name);
        return judged;
    }

    /// The node with unknown conditions.
    private Node silent(Node node) {
        Instant now = context.time().now().truncatedTo(ChronoUnit.SECONDS);
        List<NodeCondition> conditions = new ArrayList<>(node.status().conditions());
        for (String type : CONDITIONS) {
            NodeCondition before = Nodes.condition(node, type);
            if (before == null) {
                conditions.add(NodeCondition.EMPTY
                        .withType(type)
                        .withStatus("Unknown")
                        .withReason("NodeStatusNeverUpdated")
                        .withMessage("Kubelet never posted node status.")
                        .withLastHeartbeatTime(node.metadata().creationTimestamp())
                        .withLastTransitionTime(now));
            } else if (!before.status().equals("Unknown")) {
                NodeCondition after = before.withStatus("Unknown").withReason("NodeStatusUnknown").withMessage("Kubelet stopped posting node status.").withLastTransitionTime(now);
                conditions.replaceAll(c -> c.type().equals(type) ? after : c);
            }
        }
        return conditions.equals(node.status().conditions()) ? node : node.withStatus(s -> s.withConditions(conditions));
    }

    /// Lets a node that is not ready wait for its taint; one that is loses it at once.
    private void mark(Node node, String ready) {
        if (ready.equals("True")) {
            clear(node);
            return;
        }
        Taint wanted = ready.equals("False") ? NOT_READY : UNREACHABLE;
        Taint other = ready.equals("False") ? UNREACHABLE : NOT_READY;
        if (Taints.has(node, other)) {
            swap(node.metadata().name(), wanted, other);
        } else if (!Taints.has(node, wanted)) {
            zones.add(Nodes.zone(node), node.metadata().name());
        }
    }

    private void swap(String name, Taint wanted, Taint other) {
        Taint timed = wanted.withTimeAdded(context.time().now().truncatedTo(ChronoUnit.SECONDS));
        Nodes.change(context.client(), name, latest -> Taints.swap(latest, timed, List.of(other)));
    }

    private void clear(Node node) {
        zones.remove(Nodes.zone(node), node.metadata().name());
        if (Taints.has(node, NOT_READY) || Taints.has(node, UNREACHABLE)) {
            untaint(node.metadata().name());
        }
    }

    private void untaint(String name) {
        Nodes.change(context.client(), name, latest -> Taints.swap(latest, null, List.of(NOT_READY, UNREACHABLE)));
    }

    private void taint() throws InterruptedException {
        while (true) {
            waiting.await(zones::anyWaiting);
            for (String name : zones.due()) {
                Node node = nodes.lister().get("", name);
                if (node == null || Nodes.ready(node)) {
                    continue;
                }
                try {
                    boolean unknown = !Nodes.status(node, "Ready").equals("False");
                    swap(name, unknown ? UNREACHABLE : NOT_READY, unknown ? NOT_READY : UNREACHABLE);
                    metrics.evicted(Nodes.zone(node));
                } catch (ApiException e) {
                    zones.add(Nodes.zone(node), name);
                }
            }
            context.time().sleep(TAINT_PERIOD);
        }
    }

    private void markPods(String name) {
        for (Pod pod : podsByNode.get(name)) {
            if (!Pods.ready(pod)) {
                continue;
            }
            try {
                PodStatuses.set(context.client(), pod, "", "Ready", "False", "", "", context.time().now());
                events.warning(pod, "NodeNotReady", "Node is not ready");
            } catch (ApiException e) {
                if (!e.isNotFound() && e.code() != 422) {
                    throw e;
                }
            }
        }
    }

    /// A pod that comes to a node that is not ready is not ready either.
    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            Node node = pod.spec().nodeName().isEmpty() ? null : nodes.lister().get("", pod.spec().nodeName());
            if (node != null && !Nodes.ready(node) && Pods.ready(pod)) {
                podsToMark.add(pod.spec().nodeName());
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            if (!before.spec().nodeName().equals(after.spec().nodeName())) {
                added(after);
            }
        }

        @Override
        public void deleted(Pod last) {}
    }
}
