package io.j8s.scheduler;

import io.j8s.client.Client;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Informer;
import io.j8s.client.informer.Informers;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.Plugin;
import io.j8s.scheduler.framework.PreEnqueuePlugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.plugins.DefaultPlugins;
import io.j8s.scheduler.queue.QueuedPod;
import io.j8s.scheduler.queue.SchedulingQueue;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Places pods on nodes until it is closed. This file is the main path, top to bottom: events come in, the next pod is taken, a node is found, the pod is bound.
///
/// Threads: one scheduling task owns all state (cluster, queue, nominations). Informers and bindings hand it what happened through an [Inbox]. Each binding is a task of
/// its own, at most [SchedulerConfig#concurrentBindings] at once; the scheduling task goes on meanwhile, counting the pod as being on its node already (assumed).
public final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration IDLE_CHECK = Duration.ofSeconds(30);

    private final Timeline timeline;
    private final SchedulerConfig config;
    private final Informers informers;
    private final EventRecorder events;
    private final Gate gate;
    private final Inbox inbox;
    private final ClusterState cluster = new ClusterState();
    private final SchedulingQueue queue;
    private final Nominations nominations = new Nominations();
    private final ClusterVolumes storage;
    private final Profile profile;
    private final Placement placement;
    private final Preemption preemption;
    private final Binder binder;
    /// Pods that count as being on a node though the API does not say so yet.
    private final Map<String, String> assumed = new HashMap<>();
    private int bindings;
    private long lastFlush;
    private final Task task;

    private Scheduler(Client client, Timeline timeline, SchedulerConfig config) {
        this.timeline = timeline;
        this.config = config;
        this.informers = new Informers(client, timeline);
        this.events = new EventRecorder(client, timeline, config.schedulerName(), "");
        this.gate = timeline.gate();
        this.inbox = new Inbox(gate);
        this.queue = new SchedulingQueue(config.firstBackoff(), config.longestBackoff());
        this.storage = new ClusterVolumes(client, timeline, informers, kind -> inbox.add(() -> wake(new ClusterEvent(kind, null, null))));
        this.profile = new Profile(config.schedulerName(), DefaultPlugins.list(new Owners(informers), storage));
        this.placement = new Placement(profile, cluster, nominations, timeline.random());
        Informer<PodDisruptionBudget> budgets = informers.of(PodDisruptionBudget.RESOURCE);
        this.preemption = new Preemption(cluster, () -> budgets.lister().list(), timeline.random());
        this.binder = new Binder(client, timeline, events, profile);
        this.lastFlush = timeline.nanoTime();
        listen();
        this.task = timeline.start("scheduler", this::run);
    }

    /// Starts to place the pods of the configured name.
    public static Scheduler start(Client client, Timeline timeline, SchedulerConfig config) {
        return new Scheduler(client, timeline, config);
    }

    private void listen() {
        ClusterListener listener = new ClusterListener(inbox, this::podChanged, this::podGone, this::nodeChanged, this::nodeGone);
        informers.of(Pod.RESOURCE).addHandler(listener.pods());
        informers.of(Node.RESOURCE).addHandler(listener.nodes());
        informers.of(Namespace.RESOURCE).addHandler(listener.namespaces((name, labels) -> {
            cluster.putNamespace(name, labels);
            wake(new ClusterEvent(ClusterEvent.Kind.NAMESPACE_LABELS, null, null));
        }));
    }

    private void run() throws InterruptedException {
        informers.start();
        informers.awaitSynced();
        while (true) {
            inbox.drain();
            flush();
            QueuedPod next = bindings < config.concurrentBindings() ? queue.next(timeline.nanoTime()) : null;
            if (next == null) {
                await();
            } else {
                schedule(next);
            }
        }
    }

    private void await() throws InterruptedException {
        Duration backoff = queue.untilBackoffEnds(timeline.nanoTime());
        boolean busy = bindings >= config.concurrentBindings();
        Duration most = backoff == null || busy ? IDLE_CHECK : backoff.plusMillis(1);
        if (backoff == null && queue.unschedulableCount() == 0) {
            gate.await(() -> !inbox.isEmpty());
        } else {
            gate.await(() -> !inbox.isEmpty(), most);
        }
    }

    /// Pods that wait too long for an event are tried anyway.
    private void flush() {
        long now = timeline.nanoTime();
        if (now - lastFlush > IDLE_CHECK.toNanos()) {
            lastFlush = now;
            queue.wake(queued -> now - queued.lastTry() > config.unschedulableTimeout().toNanos(), now);
        }
    }

    // ---- one pod

    private void schedule(QueuedPod queued) {
        PodInfo pod = queued.pod();
        if (pod.ending()) {
            return;
        }
        switch (placement.find(pod)) {
            case Placement.Result.Chosen(NodeInfo node, int feasible) -> assumeAndBind(queued, node);
            case Placement.Result.None(Diagnosis diagnosis) -> noNode(queued, diagnosis);
        }
    }

    private void assumeAndBind(QueuedPod queued, NodeInfo place) {
        String node = place.name();
        PodInfo pod = queued.pod();
        cluster.put(pod, node);
        assumed.put(pod.uid(), node);
        nominations.remove(pod.uid());
        bindings++;
        timeline.start("bind", () -> {
            RuntimeException failure = binder.bind(pod, place);
            inbox.add(() -> bound(queued, node, failure));
        });
    }

    private void bound(QueuedPod queued, String node, @Nullable RuntimeException failure) {
        bindings--;
        PodInfo pod = queued.pod();
        assumed.remove(pod.uid());
        if (failure == null) {
            return;
        }
        if (Binder.podIsGone(failure)) {
            cluster.remove(pod.uid());
            return;
        }
        LOG.atWarn().addKeyValue("pod", pod).addKeyValue("node", node).addKeyValue("err", failure.getMessage()).log("A pod could not be bound, will try again");
        PodInfo known = cluster.pod(pod.uid());
        if (known == null || known.nodeName().isEmpty()) {
            cluster.remove(pod.uid());
            queue.failed(queued, Set.of(), timeline.nanoTime());
            wake(new ClusterEvent(ClusterEvent.Kind.ASSIGNED_POD_DELETED, pod.pod(), null));
        }
    }

    private void noNode(QueuedPod queued, Diagnosis diagnosis) {
        PodInfo pod = queued.pod();
        String message = diagnosis.message(cluster.nodes().size());
        Preemption.Choice choice = preemption.mayPreempt(pod, nominations.of(pod.uid())) ? preemption.choose(placement, pod, diagnosis) : null;
        Set<String> rejectedBy = new TreeSet<>(diagnosis.plugins());
        if (rejectedBy.isEmpty()) {
            rejectedBy.add("NodeName"); // there are no nodes at all: wait for one
        }
        queue.failed(queued, rejectedBy, timeline.nanoTime());
        if (choice == null) {
            String note = message + " preemption: 0/" + cluster.nodes().size() + " nodes are available: " + notHelped(diagnosis);
            timeline.start("report", () -> binder.reportUnschedulable(pod.pod(), cluster.nodes().isEmpty() ? message : note, ""));
            return;
        }
        String node = choice.node().name();
        nominations.below(pod, node).forEach(other -> nominations.remove(other.uid()));
        nominations.put(pod, node);
        timeline.start("preempt", () -> {
            binder.reportUnschedulable(pod.pod(), message, node);
            choice.victims().forEach(victim -> binder.preempt(victim.pod(), pod.pod(), node));
        });
    }

    private static String notHelped(Diagnosis diagnosis) {
        long[] counts = new long[2];
        diagnosis.each((node, verdict) -> counts[verdict.rejection().resolvable() ? 0 : 1]++);
        long resolvable = counts[0];
        long not = counts[1];
        StringBuilder text = new StringBuilder();
        if (resolvable > 0) {
            text.append(resolvable).append(" No preemption victims found for incoming pod");
        }
        if (not > 0) {
            text.append(text.isEmpty() ? "" : ", ").append(not).append(" Preemption is not helpful for scheduling");
        }
        return text.append('.').toString();
    }

    // ---- what happens in the cluster (on the scheduling task)

    private void podChanged(@Nullable Pod before, Pod pod) {
        String uid = pod.metadata().uid();
        boolean over = pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
        if (!pod.spec().nodeName().isEmpty()) {
            assignedChanged(pod, over);
        } else if (over || !pod.spec().schedulerName().equals(config.schedulerName())) {
            queue.remove(uid);
        } else if (!assumed.containsKey(uid)) {
            waitingChanged(before, pod);
        }
    }

    private void assignedChanged(Pod pod, boolean over) {
        String uid = pod.metadata().uid();
        queue.remove(uid);
        nominations.remove(uid);
        PodInfo known = cluster.pod(uid);
        if (over) {
            if (known != null) {
                cluster.remove(uid);
                wake(new ClusterEvent(ClusterEvent.Kind.ASSIGNED_POD_DELETED, known.pod(), null));
            }
            return;
        }
        if (known != null && sameForScheduling(known.pod(), pod)) {
            return;
        }
        cluster.put(pod);
        wake(new ClusterEvent(known == null ? ClusterEvent.Kind.ASSIGNED_POD_ADDED : ClusterEvent.Kind.ASSIGNED_POD_CHANGED, known == null ? null : known.pod(), pod));
    }

    /// Most changes of a running pod are changes of its status, which matter to nobody here.
    private static boolean sameForScheduling(Pod known, Pod pod) {
        return known.spec().equals(pod.spec())
                && known.metadata().labels().equals(pod.metadata().labels())
                && known.metadata().hasDeletionTimestamp() == pod.metadata().hasDeletionTimestamp()
                && known.status().containerStatuses().size() == pod.status().containerStatuses().size();
    }

    private void waitingChanged(@Nullable Pod before, Pod pod) {
        if (pod.metadata().hasDeletionTimestamp()) {
            queue.remove(pod.metadata().uid());
            return;
        }
        boolean changed = before == null || !before.spec().equals(pod.spec()) || !before.metadata().labels().equals(pod.metadata().labels());
        PodInfo info = new PodInfo(pod);
        if (!pod.status().nominatedNodeName().isEmpty()) {
            nominations.put(info, pod.status().nominatedNodeName());
        }
        if (changed || queue.contains(info.uid())) {
            queue.put(info, held(pod), changed, timeline.nanoTime());
        }
    }

    private String held(Pod pod) {
        for (PreEnqueuePlugin plugin : profile.holds()) {
            String reason = plugin.hold(pod);
            if (reason != null) {
                return reason;
            }
        }
        return "";
    }

    private void podGone(Pod pod) {
        String uid = pod.metadata().uid();
        queue.remove(uid);
        nominations.remove(uid);
        if (cluster.pod(uid) != null || !pod.spec().nodeName().isEmpty()) {
            cluster.remove(uid);
            wake(new ClusterEvent(ClusterEvent.Kind.ASSIGNED_POD_DELETED, pod, null));
        }
    }

    private void nodeChanged(@Nullable Node before, Node node) {
        cluster.put(node);
        if (before == null) {
            wake(new ClusterEvent(ClusterEvent.Kind.NODE_ADDED, null, node));
            return;
        }
        if (!before.status().allocatable().equals(node.status().allocatable())) {
            wake(new ClusterEvent(ClusterEvent.Kind.NODE_ALLOCATABLE, before, node));
        }
        if (!before.metadata().labels().equals(node.metadata().labels())) {
            wake(new ClusterEvent(ClusterEvent.Kind.NODE_LABELS, before, node));
        }
        if (!before.spec().equals(node.spec())) {
            wake(new ClusterEvent(ClusterEvent.Kind.NODE_TAINTS, before, node));
        }
    }

    private void nodeGone(Node node) {
        cluster.removeNode(node.metadata().name());
        wake(new ClusterEvent(ClusterEvent.Kind.NODE_DELETED, node, null));
    }

    private void wake(ClusterEvent event) {
        queue.wake(queued -> queued.rejectedBy().stream().anyMatch(name -> helps(name, queued.pod(), event)), timeline.nanoTime());
    }

    private boolean helps(String name, PodInfo pod, ClusterEvent event) {
        Plugin plugin = profile.plugin(name);
        return !(plugin instanceof WakeUpPlugin waking) || waking.mayHelp(pod, event);
    }

    @Override
    public void close() {
        storage.close();
        task.close();
        informers.close();
        events.close();
    }
}
