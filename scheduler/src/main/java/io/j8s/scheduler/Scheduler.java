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
import io.j8s.scheduler.framework.Measures;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
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
    /// Pods (by uid) that were last tried because time had passed.
    private final Set<String> flushed = new HashSet<>();
    private int bindings;
    private long lastFlush;
    private final Task task;

    /// What places the pods of one schedulerName.
    private record Lane(Profile profile, Placement placement, Binder binder, EventWriter events, Measures measures) {}

    private Scheduler(Client client, Timeline timeline, SchedulerConfig config) {
        this.timeline = timeline;
        this.config = config;
        this.informers = new Informers(client, timeline);
        this.gate = timeline.gate();
        this.inbox = new Inbox(gate);
        this.metrics = new SchedulerMetrics(config.metrics());
        this.queue = new SchedulingQueue(config.configuration().firstBackoff(), config.configuration().longestBackoff(), new SchedulingQueue.Listener() {
            @Override
            public void incoming(String queue, String event) {
                metrics.incoming.increment(event, queue);
            }

            @Override
            public void rejected(SchedulingQueue.Rejectors by, int more) {
                metrics.rejected(by, more);
            }
        });
        this.storage = new ClusterVolumes(client, timeline, informers, event -> inbox.add(() -> wake(event)));
        this.devices = new ClusterDevices(client, timeline, informers, metrics.claimsCreated, event -> inbox.add(() -> wake(event)));
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
                "DynamicResources", args -> new DynamicResources(devices, config.expressions(), timeline, args.span("filterTimeout"), args.span("bindingTimeout"), event -> inbox.add(() -> wake(event)))), resource -> devices.classFor(resource) != null);
        Profile profile = new PluginRegistry(context).profile(config.configuration().profiles().stream().filter(one -> one.schedulerName().equals(name)).findFirst().orElseThrow());
        Measures measures = metrics.of(profile, timeline);
        return new Lane(profile, new Placement(profile, cluster, nominations, timeline.random(), extenders, measures), new Binder(profile, extenders, writes::expect, waiting, metrics, measures, timeline), events, measures);
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
        for (String operation : List.of("Filter", "Score", "DefaultPreemption", "InterPodAffinity", "PodTopologySpread")) {
            metrics.goroutines.set(0, operation); // all of this is done by the one scheduling task
        }
        metrics.inFlight.of(() -> bindings, "PodPopped");
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
            queue.wake(rejectors -> queued -> now - queued.lastTry() > config.unschedulableTimeout().toNanos() && flushed.add(queued.pod().uid()), now, "UnschedulableTimeout");
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
        endPromise(pod.pod(), node);
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
        if (flushed.remove(queued.pod().uid())) {
            metrics.scheduledAfterFlush.increment();
        }
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
        long start = lane.measures.now();
        boolean sampled = lane.measures.sampled();
        for (PostFilterPlugin plugin : lane.profile.postFilters()) {
            long one = lane.measures.now();
            PostFilterPlugin.Outcome outcome = plugin.makeRoom(pod, diagnosis);
            if (sampled) {
                lane.measures.plugin(plugin.name(), "PostFilter", status(outcome), one);
            }
            if (plugin.name().equals("DefaultPreemption")) {
                metrics.preemptions.increment();
            }
            switch (outcome) {
                case PostFilterPlugin.Outcome.Nominated(String node) -> {
                    lane.measures.point("PostFilter", "Success", start);
                    return node;
                }
                case PostFilterPlugin.Outcome.Done() -> {
                    lane.measures.point("PostFilter", "Success", start);
                    return null;
                }
                case PostFilterPlugin.Outcome.Failed(String message) -> {
                    lane.measures.point("PostFilter", "Error", start);
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
        lane.measures.point("PostFilter", "Unschedulable", start);
        diagnosis.afterwards(String.join(", ", messages));
        return keep ? null : "";
    }

    private static String status(PostFilterPlugin.Outcome outcome) {
        return switch (outcome) {
            case PostFilterPlugin.Outcome.Nominated(String _), PostFilterPlugin.Outcome.Done() -> "Success";
            case PostFilterPlugin.Outcome.Failed(String _) -> "Error";
            case PostFilterPlugin.Outcome.Nothing(String _, boolean _) -> "Unschedulable";
        };
    }

    private void rejected(Lane lane, QueuedPod queued, Set<String> by, String message, @Nullable String nominated, long start) {
        String profile = lane.profile.schedulerName();
        metrics.attempts.increment(profile, "unschedulable");
        metrics.attemptDuration.observe(seconds(start), profile, "unschedulable");
        PodInfo pod = queued.pod();
        queue.failed(current(queued), by, timeline.nanoTime());
        if (nominated != null && nominated.isEmpty()) {
            endPromise(pod.pod(), "");
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
        metrics.victims.observe(choice.victims().size());
        List<PodInfo> lower = nominations.below(pod, node);
        lower.forEach(other -> nominations.remove(other.uid()));
        timeline.start("preempt", () -> {
            long start = timeline.nanoTime();
            String result = "success";
            try {
                for (PodInfo victim : choice.victims()) {
                    waiting.reject(victim.uid(), "preempted");
                    writes.preempt(victim.pod(), pod.pod());
                    lane.events.write(victim.pod(), pod.pod(), "Normal", "Preempted", "Preempting", "Preempted by pod " + pod.uid() + " on node " + node);
                }
                lower.forEach(other -> writes.clearNomination(other.pod()));
            } catch (RuntimeException e) {
                result = "error";
                LOG.atError().addKeyValue("pod", pod).addKeyValue("err", e.getMessage()).log("Error occurred during preemption");
                inbox.add(() -> queue.wake(queued -> queued.pod().uid().equals(pod.uid()), timeline.nanoTime()));
            }
            metrics.preemptionDuration.observe((timeline.nanoTime() - start) / 1e9, result);
            metrics.preemptionsExecuted.increment(result);
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
        endPromise(pod, pod.spec().nodeName());
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
        wake(new ClusterEvent(known == null || known.nodeName().isEmpty() ? ClusterEvent.Kind.ASSIGNED_POD_ADDED : scaledDown(known, pod) ? ClusterEvent.Kind.ASSIGNED_POD_DELETED : ClusterEvent.Kind.ASSIGNED_POD_CHANGED,
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
        long start = timeline.nanoTime();
        waits(before, pod);
        metrics.eventDuration.observe(seconds(start), before == null ? "UnschedulablePodAdd" : "UnschedulablePodUpdate");
    }

    private void waits(@Nullable Pod before, Pod pod) {
        if (pod.metadata().hasDeletionTimestamp()) {
            queue.remove(pod.metadata().uid());
            endPromise(pod, "");
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
        Lane lane = laneOf(pod);
        long start = lane.measures.now();
        String reason = null;
        boolean sampled = lane.measures.sampled();
        for (PreEnqueuePlugin plugin : lane.profile.holds()) {
            long one = lane.measures.now();
            reason = reason == null ? plugin.hold(pod.pod()) : reason;
            if (sampled) {
                lane.measures.plugin(plugin.name(), "PreEnqueue", reason == null ? "Success" : "UnschedulableAndUnresolvable", one);
            }
        }
        lane.measures.point("PreEnqueue", "Success", start);
        return reason == null ? "" : reason;
    }

    private void podGone(Pod pod) {
        String uid = pod.metadata().uid();
        pendingPods.remove(uid);
        reports.remove(uid);
        flushed.remove(uid);
        queue.remove(uid);
        if (pod.spec().nodeName().isEmpty()) {
            metrics.eventDuration.observe(0, "UnschedulablePodDelete");
        }
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
            metrics.eventDuration.observe(0, "NodeUpdateNodeCondition");
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

    /// A promise of room is kept, or given up: then others may have the room.
    private void endPromise(Pod pod, String node) {
        String promised = nominations.of(pod.metadata().uid());
        nominations.remove(pod.metadata().uid());
        if (!promised.isEmpty() && !promised.equals(node)) {
            wake(new ClusterEvent(ClusterEvent.Kind.ASSIGNED_POD_DELETED, pod.withSpec(spec -> spec.withNodeName(promised)), null));
        }
    }

    private void wake(ClusterEvent event) {
        long start = timeline.nanoTime();
        releaseHeld(event);
        if (queue.unschedulableCount() > 0) {
            Room room = Room.freed(event, cluster);
            queue.wake(rejectors -> helped(rejectors, event, room), start, event.label());
        }
        metrics.eventDuration.observe(seconds(start), event.label());
    }

    /// Which pods an event may help, of those that these plugins rejected; null when none of the plugins listens to it.
    private @Nullable Predicate<QueuedPod> helped(SchedulingQueue.Rejectors rejectors, ClusterEvent event, @Nullable Room room) {
        Lane lane = lanes.get(rejectors.schedulerName());
        Predicate<QueuedPod> any = null;
        for (String name : rejectors.plugins()) {
            Plugin plugin = lane == null ? null : lane.profile.plugin(name);
            if (plugin instanceof WakeUpPlugin waking && !waking.events().contains(event.kind())) {
                continue;
            }
            Predicate<QueuedPod> mine = room != null && name.equals("NodeResourcesFit") ? queued -> room.isEnoughFor(queued.pod(), nominations)
                    : plugin instanceof WakeUpPlugin waking ? queued -> waking.mayHelp(queued.pod(), event) : queued -> true;
            Predicate<QueuedPod> one = new Hint(mine, timeline, metrics.hintDuration, event.label(), name);
            any = any == null ? one : any.or(one);
        }
        return any;
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
