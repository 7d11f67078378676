package io.j8s.scheduler;

import io.j8s.client.Client;
import io.j8s.client.informer.Informer;
import io.j8s.client.informer.Informers;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.devices.DynamicResources;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.Plugin;
import io.j8s.scheduler.framework.PostFilterPlugin;
import io.j8s.scheduler.framework.PreEnqueuePlugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.Unschedulable;
import io.j8s.scheduler.framework.WaitingPods;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.plugins.PluginContext;
import io.j8s.scheduler.plugins.PluginRegistry;
import io.j8s.scheduler.queue.QueuedPod;
import io.j8s.scheduler.queue.SchedulingQueue;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Gate gate;
    private final Inbox inbox;
    private final ClusterState cluster = new ClusterState();
    private final SchedulingQueue queue;
    private final Nominations nominations = new Nominations();
    private final SchedulerMetrics metrics;
    private final ClusterVolumes storage;
    private final ClusterDevices devices;
    private final PodWrites writes;
    private final Extenders extenders;
    private final List<ExtenderHttp> connections = new ArrayList<>();
    private final WaitingPods waiting;
    /// One for each profile, by its schedulerName.
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    /// Pods that count as being on a node though the API does not say so yet.
    private final Map<String, String> assumed = new HashMap<>();
    /// The newest state of pods that are not on a node, by uid; read by tasks that report on them.
    private final Map<String, Pod> pendingPods = new ConcurrentHashMap<>();
    /// The same, read by tasks that report on earlier attempts.
    private final Set<String> onTheirWay = ConcurrentHashMap.newKeySet();
    /// What is being told of pods that were not placed, by uid.
    private final Map<String, Task> reports = new HashMap<>();
    private int bindings;
    private long lastFlush;
    private final Task task;

    /// What places the pods of one schedulerName.
    private record Lane(Profile profile, Placement placement, Binder binder, EventWriter events) {}

    private Scheduler(Client client, Timeline timeline, SchedulerConfig config) {
        this.timeline = timeline;
        this.config = config;
        this.informers = new Informers(client, timeline);
        this.gate = timeline.gate();
        this.inbox = new Inbox(gate);
        this.metrics = new SchedulerMetrics(config.metrics());
        this.queue = new SchedulingQueue(config.configuration().firstBackoff(), config.configuration().longestBackoff(), (name, event) -> metrics.incoming.increment(event, name));
        this.storage = new ClusterVolumes(client, timeline, informers, event -> inbox.add(() -> wake(event)));
        this.devices = new ClusterDevices(client, timeline, informers, event -> inbox.add(() -> wake(event)));
        this.writes = new PodWrites(client, timeline);
        this.waiting = new WaitingPods(timeline.gate());
        this.extenders = new Extenders(config.configuration().extenders().stream().map(one -> new Extender(one, connection(new ExtenderHttp(one)))).toList(), cluster);
        Informer<PodDisruptionBudget> budgets = informers.of(PodDisruptionBudget.RESOURCE);
        Owners owners = new Owners(informers);
        config.configuration().profiles().forEach(profile -> lanes.put(profile.schedulerName(), lane(client, profile.schedulerName(), owners, budgets)));
        this.lastFlush = timeline.nanoTime();
        gauges();
        listen();
        this.task = timeline.start("scheduler", this::run);
    }

    private ExtenderHttp connection(ExtenderHttp http) {
        connections.add(http);
        return http;
    }

    private Lane lane(Client client, String name, Owners owners, Informer<PodDisruptionBudget> budgets) {
        EventWriter events = new EventWriter(client, timeline, name, config.host());
        PluginContext context = new PluginContext(owners, storage, writes, extenders.ignoredResources(), Map.of("DefaultPreemption", args -> new DefaultPreemption(
                new Preemption(cluster, () -> budgets.lister().list(), timeline.random(), args.number("minCandidateNodesAbsolute"), args.number("minCandidateNodesPercentage")),
                cluster, nominations, () -> laneOf(name).placement, () -> extenders, (pod, choice) -> preempt(laneOf(name), pod, choice)),
                "DynamicResources", args -> new DynamicResources(devices, config.expressions(), timeline, args.span("bindingTimeout"), event -> inbox.add(() -> wake(event)))));
        Profile profile = new PluginRegistry(context).profile(config.configuration().profiles().stream().filter(one -> one.schedulerName().equals(name)).findFirst().orElseThrow());
        return new Lane(profile, new Placement(profile, cluster, nominations, timeline.random(), extenders), new Binder(profile, extenders, waiting, metrics, timeline), events);
    }

    private Lane laneOf(String schedulerName) {
        return Objects.requireNonNull(lanes.get(schedulerName));
    }

    private Lane laneOf(PodInfo pod) {
        return laneOf(pod.pod().spec().schedulerName());
    }

    /// Starts to place the pods of the configured names.
    ///
    /// @throws IllegalArgumentException when the configuration names what does not exist
    public static Scheduler start(Client client, Timeline timeline, SchedulerConfig config) {
        return new Scheduler(client, timeline, config);
    }

    private void gauges() {
        metrics.pending.of(queue::activeCount, "active");
        metrics.pending.of(queue::backingOffCount, "backoff");
        metrics.pending.of(queue::unschedulableCount, "unschedulable");
        metrics.pending.of(queue::heldCount, "gated");
        metrics.cacheSize.of(() -> cluster.nodes().size(), "nodes");
        metrics.cacheSize.of(cluster::podCount, "pods");
        metrics.cacheSize.of(assumed::size, "assumed_pods");
        metrics.goroutines.of(() -> bindings, "binding");
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
            queue.wake(rejectors -> true, queued -> now - queued.lastTry() > config.unschedulableTimeout().toNanos(), now, ClusterEvent.Kind.TIMER.label());
        }
    }

    // ---- one pod

    private void schedule(QueuedPod queued) {
        PodInfo pod = queued.pod();
        Lane lane = laneOf(pod);
        if (pod.ending()) {
            lane.events.write(pod.pod(), null, "Warning", "FailedScheduling", "Scheduling", "skip schedule deleting pod: " + pod);
            return;
        }
        long start = timeline.nanoTime();
        Placement.Result result;
        try {
            result = lane.placement.find(pod);
        } catch (RuntimeException e) {
            broken(lane, queued, start, e);
            return;
        }
        try {
            switch (result) {
                case Placement.Result.Chosen(NodeInfo node, int feasible) -> assumeAndBind(lane, queued, node, start);
                case Placement.Result.None(Diagnosis diagnosis) -> noNode(lane, queued, diagnosis, start);
            }
        } catch (RuntimeException e) {
            broken(lane, queued, start, e);
        }
        metrics.algorithmDuration.observe(seconds(start));
    }

    private double seconds(long start) {
        return (timeline.nanoTime() - start) / 1e9;
    }

    private void assumeAndBind(Lane lane, QueuedPod queued, NodeInfo place, long start) {
        String node = place.name();
        PodInfo pod = queued.pod();
        cluster.put(pod, node);
        Binder.Permission permission;
        try {
            permission = lane.binder.reserve(pod, place);
        } catch (RuntimeException e) {
            lane.binder.unreserve(pod, place);
            cluster.remove(pod.uid());
            if (e instanceof Binder.Refused refused) {
                Diagnosis diagnosis = new Diagnosis();
                diagnosis.add(place, new Diagnosis.Verdict(refused.plugin(), Rejection.resolvable(refused.reason())));
                rejected(lane, queued, diagnosis.plugins(), diagnosis.message(1), "", start);
            } else {
                broken(lane, queued, start, e);
            }
            return;
        }
        assumed.put(pod.uid(), node);
        onTheirWay.add(pod.uid());
        nominations.remove(pod.uid());
        bindings++;
        Task report = reports.remove(pod.uid());
        timeline.start("bind", () -> {
            if (report != null) {
                report.join(); // what an earlier attempt has to say comes before the binding, never after it
            }
            RuntimeException failure = lane.binder.bind(pod, place, permission);
            if (failure == null) {
                lane.events.write(pod.pod(), null, "Normal", "Scheduled", "Binding", "Successfully assigned " + pod + " to " + node);
            }
            inbox.add(() -> bound(lane, queued, place, failure, start));
        });
    }

    private void bound(Lane lane, QueuedPod queued, NodeInfo place, @Nullable RuntimeException failure, long start) {
        bindings--;
        PodInfo pod = queued.pod();
        assumed.remove(pod.uid());
        onTheirWay.remove(pod.uid());
        if (failure == null) {
            counted(lane, queued, start);
            return;
        }
        lane.binder.unreserve(pod, place);
        PodInfo known = cluster.pod(pod.uid());
        if (known != null && !known.nodeName().isEmpty()) {
            return; // it is there after all
        }
        cluster.remove(pod.uid());
        if (!PodWrites.podIsGone(failure)) {
            LOG.atWarn().addKeyValue("pod", pod).addKeyValue("node", place.name()).addKeyValue("err", failure.getMessage()).log("A pod could not be bound, will try again");
            if (failure instanceof Binder.Refused refused) {
                Diagnosis diagnosis = new Diagnosis();
                diagnosis.add(place, new Diagnosis.Verdict(refused.plugin(), Rejection.resolvable(refused.reason())));
                rejected(lane, queued, diagnosis.plugins(), diagnosis.message(1), "", start);
            } else {
                broken(lane, queued, start, failure);
            }
        }
        wake(new ClusterEvent(ClusterEvent.Kind.ASSIGNED_POD_DELETED, pod.pod(), null));
    }

    private void counted(Lane lane, QueuedPod queued, long start) {
        String profile = lane.profile.schedulerName();
        int attempts = queued.attempts() + 1;
        metrics.attempts.increment(profile, "scheduled");
        metrics.attemptDuration.observe(seconds(start), profile, "scheduled");
        metrics.podAttempts.observe(attempts);
        metrics.podDuration.observe(seconds(queued.since()), attempts >= 15 ? "15+" : String.valueOf(attempts));
    }

    /// An attempt that came to no end: it is made again after a while.
    private void broken(Lane lane, QueuedPod queued, long start, RuntimeException failure) {
        metrics.attempts.increment(lane.profile.schedulerName(), "error");
        metrics.attemptDuration.observe(seconds(start), lane.profile.schedulerName(), "error");
        LOG.atError().addKeyValue("pod", queued.pod()).addKeyValue("err", String.valueOf(failure.getMessage())).log("Error scheduling pod; retrying");
        queue.failed(current(queued), Set.of(), timeline.nanoTime());
        report(lane, queued.pod(), "SchedulerError", String.valueOf(failure.getMessage()), "");
    }

    private void noNode(Lane lane, QueuedPod queued, Diagnosis diagnosis, long start) {
        PodInfo pod = queued.pod();
        Set<String> rejectedBy = new TreeSet<>(diagnosis.plugins());
        rejectedBy.remove("");
        String nominated = cluster.nodes().isEmpty() ? "" : makeRoom(lane, pod, diagnosis);
        if (rejectedBy.isEmpty()) {
            rejectedBy.add("NodeUnschedulable"); // there are no nodes, or only extenders object: wait for one to come or change
        }
        rejected(lane, queued, rejectedBy, diagnosis.message(cluster.nodes().size()), nominated, start);
    }

    /// The node on which room is being made; empty for none, null when the promise that was made before still holds.
    private @Nullable String makeRoom(Lane lane, PodInfo pod, Diagnosis diagnosis) {
        List<String> messages = new ArrayList<>();
        boolean keep = false;
        for (PostFilterPlugin plugin : lane.profile.postFilters()) {
            switch (plugin.makeRoom(pod, diagnosis)) {
                case PostFilterPlugin.Outcome.Nominated(String node) -> {
                    return node;
                }
                case PostFilterPlugin.Outcome.Done() -> {
                    return null;
                }
                case PostFilterPlugin.Outcome.Failed(String message) -> {
                    messages.add(message);
                    diagnosis.afterwards(String.join(", ", messages));
                    return null;
                }
                case PostFilterPlugin.Outcome.Nothing(String message, boolean keepNomination) -> {
                    messages.add(message);
                    keep |= keepNomination && plugin.name().equals("DefaultPreemption");
                }
            }
        }
        diagnosis.afterwards(String.join(", ", messages));
        return keep ? null : "";
    }

    private void rejected(Lane lane, QueuedPod queued, Set<String> by, String message, @Nullable String nominated, long start) {
        String profile = lane.profile.schedulerName();
        metrics.attempts.increment(profile, "unschedulable");
        metrics.attemptDuration.observe(seconds(start), profile, "unschedulable");
        PodInfo pod = queued.pod();
        queue.failed(current(queued), by, timeline.nanoTime());
        if (nominated != null && nominated.isEmpty()) {
            nominations.remove(pod.uid());
        } else if (nominated != null) {
            nominations.put(pod, nominated);
        }
        report(lane, pod, "Unschedulable", message, nominated);
    }

    private QueuedPod current(QueuedPod queued) {
        Pod now = pendingPods.get(queued.pod().uid());
        return now == null || now.equals(queued.pod().pod()) ? queued : queued.withNewest(new PodInfo(now));
    }

    private void report(Lane lane, PodInfo pod, String reason, String message, @Nullable String nominated) {
        lane.events.write(pod.pod(), null, "Warning", "FailedScheduling", "Scheduling", message);
        reports.put(pod.uid(), timeline.start("report", () -> {
            if (!onTheirWay.contains(pod.uid())) {
                writes.notScheduled(pendingPods.getOrDefault(pod.uid(), pod.pod()), reason, message, nominated);
            }
        }));
    }

    private void preempt(Lane lane, PodInfo pod, Preemption.Choice choice) {
        String node = choice.node().name();
        metrics.preemptions.increment();
        metrics.victims.observe(choice.victims().size());
        List<PodInfo> lower = nominations.below(pod, node);
        lower.forEach(other -> nominations.remove(other.uid()));
        timeline.start("preempt", () -> {
            try {
                for (PodInfo victim : choice.victims()) {
                    waiting.reject(victim.uid(), "preempted");
                    writes.preempt(victim.pod(), pod.pod());
                    lane.events.write(victim.pod(), pod.pod(), "Normal", "Preempted", "Preempting", "Preempted by pod " + pod.uid() + " on node " + node);
                }
                lower.forEach(other -> writes.clearNomination(other.pod()));
            } catch (RuntimeException e) {
                LOG.atError().addKeyValue("pod", pod).addKeyValue("err", e.getMessage()).log("Error occurred during preemption");
                inbox.add(() -> queue.wake(queued -> queued.pod().uid().equals(pod.uid()), timeline.nanoTime()));
            }
        });
    }

    // ---- what happens in the cluster (on the scheduling task)

    private void podChanged(@Nullable Pod before, Pod pod) {
        String uid = pod.metadata().uid();
        boolean over = pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
        if (!pod.spec().nodeName().isEmpty()) {
            pendingPods.remove(uid);
            reports.remove(uid);
            assignedChanged(pod, over);
        } else if (over || !lanes.containsKey(pod.spec().schedulerName())) {
            pendingPods.remove(uid);
            queue.remove(uid);
        } else {
            pendingPods.put(uid, pod);
            if (!assumed.containsKey(uid)) {
                waitingChanged(before, pod);
            }
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
        if (known != null && known.nodeName().isEmpty() && sameForScheduling(known.pod().withSpec(spec -> spec.withNodeName(pod.spec().nodeName())), pod)) {
            cluster.confirm(pod);
            wake(new ClusterEvent(ClusterEvent.Kind.ASSIGNED_POD_ADDED, null, pod));
            return;
        }
        if (known != null && sameForScheduling(known.pod(), pod)) {
            return;
        }
        cluster.put(pod);
        wake(new ClusterEvent(known == null ? ClusterEvent.Kind.ASSIGNED_POD_ADDED : scaledDown(known, pod) ? ClusterEvent.Kind.ASSIGNED_POD_DELETED : ClusterEvent.Kind.ASSIGNED_POD_CHANGED,
                known == null ? null : known.pod(), pod));
    }

    private static boolean scaledDown(PodInfo known, Pod now) {
        var before = known.requests();
        var after = new PodInfo(now).requests();
        return after.milliCpu < before.milliCpu || after.memory < before.memory;
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
            nominations.remove(pod.metadata().uid());
            return;
        }
        boolean changed = before == null || !before.spec().equals(pod.spec()) || !before.metadata().labels().equals(pod.metadata().labels())
                || !before.status().resourceClaimStatuses().equals(pod.status().resourceClaimStatuses());
        PodInfo info = new PodInfo(pod);
        if (!pod.status().nominatedNodeName().isEmpty()) {
            nominations.put(info, pod.status().nominatedNodeName());
        }
        if (changed || queue.contains(info.uid())) {
            queue.put(info, held(info), changed, timeline.nanoTime());
        }
    }

    private String held(PodInfo pod) {
        for (PreEnqueuePlugin plugin : laneOf(pod).profile.holds()) {
            String reason = plugin.hold(pod.pod());
            if (reason != null) {
                return reason;
            }
        }
        return "";
    }

    private void podGone(Pod pod) {
        String uid = pod.metadata().uid();
        pendingPods.remove(uid);
        reports.remove(uid);
        queue.remove(uid);
        boolean promised = !nominations.of(uid).isEmpty();
        nominations.remove(uid);
        waiting.reject(uid, "removed");
        if (cluster.pod(uid) != null || !pod.spec().nodeName().isEmpty() || promised) {
            cluster.remove(uid);
            wake(new ClusterEvent(ClusterEvent.Kind.ASSIGNED_POD_DELETED, pod, null));
        }
    }

    private void nodeChanged(@Nullable Node before, Node node) {
        if (before != null && sameForScheduling(before, node)) {
            return;
        }
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
        if (!before.status().declaredFeatures().equals(node.status().declaredFeatures())) {
            wake(new ClusterEvent(ClusterEvent.Kind.NODE_FEATURES, before, node));
        }
    }

    /// Heartbeats change conditions only, which matter to nobody here: what they mean comes as a taint.
    private static boolean sameForScheduling(Node before, Node node) {
        return before.spec().equals(node.spec())
                && before.metadata().labels().equals(node.metadata().labels())
                && before.status().allocatable().equals(node.status().allocatable())
                && before.status().images().equals(node.status().images())
                && before.status().declaredFeatures().equals(node.status().declaredFeatures());
    }

    private void nodeGone(Node node) {
        cluster.removeNode(node.metadata().name());
        wake(new ClusterEvent(ClusterEvent.Kind.NODE_DELETED, node, null));
    }

    private void wake(ClusterEvent event) {
        releaseHeld(event);
        queue.wake(
                rejectors -> rejectors.plugins().stream().anyMatch(name -> listens(rejectors.schedulerName(), name, event.kind())),
                queued -> queued.rejectedBy().stream().anyMatch(name -> helps(name, queued.pod(), event)),
                timeline.nanoTime(), event.kind().label());
    }

    /// Pods may be held until other objects are there.
    private void releaseHeld(ClusterEvent event) {
        if (event.kind() == ClusterEvent.Kind.RESOURCE_CLAIM && queue.heldCount() > 0) {
            for (PodInfo pod : queue.held()) {
                if (held(pod).isEmpty()) {
                    queue.put(pod, "", true, timeline.nanoTime());
                }
            }
        }
    }

    private boolean listens(String schedulerName, String name, ClusterEvent.Kind kind) {
        Lane lane = lanes.get(schedulerName);
        return lane == null || !(lane.profile.plugin(name) instanceof WakeUpPlugin waking) || waking.events().contains(kind);
    }

    private boolean helps(String name, PodInfo pod, ClusterEvent event) {
        Plugin plugin = laneOf(pod).profile.plugin(name);
        if (name.equals("NodeResourcesFit") && event.kind() == ClusterEvent.Kind.ASSIGNED_POD_DELETED && event.before() instanceof Pod gone) {
            NodeInfo node = cluster.node(gone.spec().nodeName());
            return node == null ? gone.spec().nodeName().isEmpty() : hasRoom(node, pod);
        }
        return !(plugin instanceof WakeUpPlugin waking) || (waking.events().contains(event.kind()) && waking.mayHelp(pod, event));
    }

    /// Whether the room that became free on a node may be enough, with what is promised there to others. Without this look, each pod that goes would make all that wait be tried.
    private boolean hasRoom(NodeInfo node, PodInfo pod) {
        Resources left = new Resources(node.allocatable());
        left.add(node.requested(), -1);
        nominations.ahead(pod, node.name()).forEach(other -> {
            if (cluster.pod(other.uid()) == null) {
                left.add(other.requests(), -1);
            }
        });
        return pod.requests().milliCpu <= left.milliCpu && pod.requests().memory <= left.memory && pod.requests().ephemeralStorage <= left.ephemeralStorage && left.pods > 0;
    }

    @Override
    public void close() {
        storage.close();
        devices.close();
        task.close();
        informers.close();
        lanes.values().forEach(lane -> lane.events.close());
        connections.forEach(ExtenderHttp::close);
    }
}
