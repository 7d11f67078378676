package io.j8s.node.simulated;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.model.Json;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.NodeStatus;
import io.j8s.model.core.v1.NodeSystemInfo;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.node.registration.NodeConditions;
import io.j8s.node.registration.NodeLease;
import io.j8s.node.status.PodStatusPatch;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Simulated nodes: each registers itself, renews its lease, and lets the pods that are bound to it become Running, succeed or end, without any container.
///
/// All of them share one watch of pods, one queue with a few workers, and a second one that starts a task for each lease and heartbeat that is due, so that thousands are cheap. A node
/// costs its objects in the API and one small entry here. Each node writes under an identity of its own, as a kubelet does. Methods may be called from any thread.
public final class SimulatedNodes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedNodes.class);
    private static final Ipv4Range HOSTS = new Ipv4Range("198.18.0.0/15");
    private static final int POD_RANGE_BITS = 24;
    private static final int LEASE_SECONDS = 40;
    private static final int WORKERS = 4;
    /// Leases that are being renewed at once. A kubelet waits for its own lease alone: where one renewal takes long, because the cluster has much to do, the others must not wait for it.
    private static final int BEATS_AT_ONCE = 256;
    private static final Duration BEAT_LATER = Duration.ofMillis(20);
    private static final int JOINING_AT_ONCE = 16;
    private static final Duration STATUS_PERIOD = Duration.ofMinutes(5);

    private final Function<String, Client> kubelets;
    private final Timeline timeline;
    private final Simulation simulation;
    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Informer<Pod> pods;
    private final Index<Pod> podsByNode;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final WorkQueue<String> beats;
    private final ControllerLoop<String> heartbeats;
    private final Set<Task> beating = ConcurrentHashMap.newKeySet();
    private boolean started;

    /// One node: where its pods' addresses come from, and how it shows that it lives.
    private static final class Member {
        final String name;
        final Client client;
        final String address;
        final AddressPool addresses;
        final NodeLease lease;
        final String uid;
        final AtomicBoolean beats = new AtomicBoolean();
        volatile Instant reported;

        Member(String name, Client client, String address, AddressPool addresses, NodeLease lease, String uid, Instant reported) {
            this.name = name;
            this.client = client;
            this.address = address;
            this.addresses = addresses;
            this.lease = lease;
            this.uid = uid;
            this.reported = reported;
        }
    }

    /// @param watcher sees the pods of all nodes
    /// @param kubelets the API as a node's kubelet, by the node's name
    public SimulatedNodes(Client watcher, Function<String, Client> kubelets, Timeline timeline, Simulation simulation) {
        this.kubelets = kubelets;
        this.timeline = timeline;
        this.simulation = simulation;
        this.pods = new Informer<>(watcher, timeline, Pod.RESOURCE);
        this.podsByNode = pods.index("node", pod -> pod.spec().nodeName().isEmpty() ? List.of() : List.of(pod.spec().nodeName()));
        this.queue = new WorkQueue<>("simulated-nodes", timeline);
        this.loop = new ControllerLoop<>(timeline, queue, WORKERS, this::reconcile);
        this.beats = new WorkQueue<>("simulated-nodes-heartbeats", timeline);
        this.heartbeats = new ControllerLoop<>(timeline, beats, 1, this::beat);
    }

    /// Begins to act on pods. Nodes may be added before and after.
    public synchronized void start() {
        if (started) {
            return;
        }
        started = true;
        pods.addHandler(new PodHandler());
        pods.start();
        loop.start();
        heartbeats.start();
    }

    /// Waits until all pods that were there at the start are known.
    public void awaitSynced() throws InterruptedException {
        pods.awaitSynced();
    }

    public void add(String name) {
        add(name, Map.of(), List.of());
    }

    /// Registers a node, or takes over the Node object of this name; answers when it is Ready in the API.
    ///
    /// @param labels beside the usual ones (hostname, architecture, operating system)
    public void add(String name, Map<String, String> labels, List<Taint> taints) {
        add(name, labels, taints, count.getAndIncrement());
    }

    /// Registers many, several at a time; answers when all are Ready in the API.
    ///
    /// @throws ApiException the first refusal, when one could not be registered
    public void addAll(List<String> names) throws InterruptedException {
        int first = count.getAndAdd(names.size());
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable RuntimeException> refusal = new AtomicReference<>();
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < Math.min(names.size(), JOINING_AT_ONCE); i++) {
            tasks.add(timeline.start("nodes join", () -> {
                for (int n = next.getAndIncrement(); n < names.size() && refusal.get() == null; n = next.getAndIncrement()) {
                    try {
                        add(names.get(n), Map.of(), List.of(), first + n);
                    } catch (RuntimeException e) {
                        refusal.compareAndSet(null, e);
                    }
                }
            }));
        }
        try {
            for (Task task : tasks) {
                task.join();
            }
        } finally {
            tasks.forEach(Task::close);
        }
        RuntimeException refused = refusal.get();
        if (refused != null) {
            throw refused;
        }
    }

    private void add(String name, Map<String, String> labels, List<Taint> taints, int number) {
        String address = HOSTS.address(number + 1);
        Ipv4Range range = new Ipv4Range(simulation.podNetwork()).part(number, POD_RANGE_BITS);
        Node wanted = node(name, labels, taints, range, address);
        Client client = kubelets.apply(name);
        Node node = created(client, wanted);
        Instant now = timeline.now();
        node = report(client, node, address, now);
        String cidr = node.spec().podCIDR();
        AddressPool addresses = new AddressPool(cidr.isEmpty() ? range : new Ipv4Range(cidr));
        NodeLease lease = new NodeLease(client, timeline, name, LEASE_SECONDS);
        lease.renew(node.metadata().uid());
        // nodes that join together do not beat together for ever
        Member member = new Member(name, client, address, addresses, lease, node.metadata().uid(), now.minus(part(STATUS_PERIOD)));
        members.put(name, member);
        beats.addAfter(name, part(simulation.leasePeriod()));
        for (Pod pod : podsByNode.get(name)) {
            known(member, pod);
            queue.add(key(pod));
        }
    }

    private Duration part(Duration whole) {
        return Duration.ofNanos(timeline.random().nextLong(whole.toNanos()) + 1);
    }

    /// Forgets a node: its pods are left as they are, its lease is renewed no more. The Node object stays.
    public void remove(String name) {
        members.remove(name);
    }

    @Override
    public void close() {
        heartbeats.close();
        beating.forEach(Task::close);
        loop.close();
        pods.close();
    }

    private static Node created(Client client, Node wanted) {
        try {
            return client.create(Node.RESOURCE, "", wanted);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            return client.get(Node.RESOURCE, "", wanted.metadata().name());
        }
    }

    private Node node(String name, Map<String, String> labels, List<Taint> taints, Ipv4Range range, String address) {
        Map<String, String> all = new HashMap<>(Map.of("kubernetes.io/hostname", name, "kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64",
                "beta.kubernetes.io/os", "linux", "beta.kubernetes.io/arch", "amd64"));
        all.putAll(labels);
        return Node.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(name).withLabels(all).withAnnotations(Map.of("node.j8s.io/simulated", "true")))
                .withSpec(s -> s.withPodCIDR(range.toString()).withPodCIDRs(List.of(range.toString())).withTaints(taints))
                .withStatus(status(NodeStatus.EMPTY, name, address, timeline.now()));
    }

    private NodeStatus status(NodeStatus before, String name, String address, Instant now) {
        Map<String, Quantity> capacity = simulation.capacity();
        return before.withCapacity(capacity).withAllocatable(capacity)
                .withAddresses(List.of(NodeAddress.EMPTY.withType("InternalIP").withAddress(address), NodeAddress.EMPTY.withType("Hostname").withAddress(name)))
                .withNodeInfo(NodeSystemInfo.EMPTY.withKubeletVersion("v1.36.3").withKubeProxyVersion("v1.36.3").withContainerRuntimeVersion("simulated://1.36")
                        .withOperatingSystem("linux").withArchitecture("amd64").withOsImage("simulated").withKernelVersion("simulated")
                        .withMachineID(name).withSystemUUID(name).withBootID(name))
                .withConditions(NodeConditions.of("", false, false, false, before.conditions(), now));
    }

    /// Writes the status: at creation the API server may have dropped it, later it is the node's slow heartbeat.
    private Node report(Client client, Node node, String address, Instant now) {
        NodeStatus status = status(node.status(), node.metadata().name(), address, now);
        String patch = "{\"status\":" + Json.text(status) + "}";
        return client.patch(Node.RESOURCE, "", node.metadata().name(), new Patch.Strategic(patch), WriteOptions.NONE.onSubresource("status"));
    }

    private Outcome beat(String name) {
        Member member = members.get(name);
        if (member == null) {
            return Outcome.DONE;
        }
        beating.removeIf(Task::done);
        if (beating.size() >= BEATS_AT_ONCE) {
            return Outcome.retryAfter(BEAT_LATER);
        }
        beating.add(timeline.start("heartbeat", () -> beat(member)));
        return Outcome.retryAfter(simulation.leasePeriod());
    }

    private void beat(Member member) {
        if (!member.beats.compareAndSet(false, true)) {
            return; // the one before still waits for its answer
        }
        try {
            member.lease.renew(member.uid);
            Instant now = timeline.now();
            if (Duration.between(member.reported, now).compareTo(STATUS_PERIOD) >= 0) {
                Node node = member.client.find(Node.RESOURCE, "", member.name);
                if (node != null) {
                    report(member.client, node, member.address, now);
                }
                member.reported = now;
            }
        } catch (ApiException e) {
            LOG.warn("simulated node {} could not renew its lease: {}", member.name, e.getMessage());
        } finally {
            member.beats.set(false);
        }
    }

    private final class PodHandler implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            Member member = members.get(pod.spec().nodeName());
            if (member != null) {
                known(member, pod);
                queue.add(key(pod));
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            if (members.containsKey(after.spec().nodeName())) {
                if (!before.metadata().uid().equals(after.metadata().uid())) {
                    deleted(before);
                }
                queue.add(key(after));
            }
        }

        @Override
        public void deleted(Pod last) {
            Member member = members.get(last.spec().nodeName());
            if (member != null) {
                member.addresses.free(last.metadata().uid());
            }
        }
    }

    private static void known(Member member, Pod pod) {
        if (!pod.status().podIP().isEmpty() && !pod.spec().hostNetwork() && !terminal(pod)) {
            member.addresses.keep(pod.metadata().uid(), pod.status().podIP());
        }
    }

    private Outcome reconcile(ObjectKey key) {
        Pod pod = pods.lister().get(key);
        Member member = pod == null ? null : members.get(pod.spec().nodeName());
        if (pod == null || member == null) {
            return Outcome.DONE;
        }
        if (pod.metadata().deletionTimestamp() != null) {
            return end(pod, member);
        }
        if (terminal(pod)) {
            member.addresses.free(pod.metadata().uid());
            return Outcome.DONE;
        }
        return pod.status().phase().equals("Running") ? goOn(pod, member) : begin(pod, member);
    }

    private Outcome begin(Pod pod, Member member) {
        Duration wait = left(simulation.startDelay(), boundAt(pod));
        if (wait.isPositive()) {
            return Outcome.retryAfter(wait);
        }
        String address = pod.spec().hostNetwork() ? member.address : member.addresses.address(pod.metadata().uid());
        Pod running = write(member, pod, SimulatedPod.running(pod, address, member.address, timeline.now()));
        return running == null ? Outcome.DONE : goOn(running, member);
    }

    /// A running pod succeeds after its time, if it is one that is meant to end; else only its readiness gates can change it.
    private Outcome goOn(Pod pod, Member member) {
        Duration span = simulation.finishAfter();
        if (span != null && !pod.spec().restartPolicy().equals("Always") && !pod.spec().restartPolicy().isEmpty()) {
            Duration wait = left(span, pod.status().startTime());
            if (wait.isPositive()) {
                return Outcome.retryAfter(wait);
            }
            write(member, pod, SimulatedPod.succeeded(pod, timeline.now()));
        } else if (!pod.spec().readinessGates().isEmpty() || !ready(pod)) { // while the node was silent, its pods were declared unready
            write(member, pod, SimulatedPod.running(pod, pod.status().podIP(), pod.status().hostIP(), timeline.now()).withContainerStatuses(pod.status().containerStatuses()));
        }
        return Outcome.DONE;
    }

    private static boolean ready(Pod pod) {
        return pod.status().conditions().stream().anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
    }

    private Outcome end(Pod pod, Member member) {
        Duration grace = Duration.ofSeconds(pod.metadata().deletionGracePeriodSeconds());
        Duration delay = simulation.stopDelay().compareTo(grace) < 0 ? simulation.stopDelay() : grace;
        Instant deleted = pod.metadata().deletionTimestamp();
        Duration wait = left(delay, deleted == null ? null : deleted.minus(grace));
        if (wait.isPositive() && !terminal(pod)) {
            return Outcome.retryAfter(wait);
        }
        if (!terminal(pod)) {
            write(member, pod, SimulatedPod.stopped(pod, timeline.now()));
        }
        member.addresses.free(pod.metadata().uid());
        if (pod.metadata().finalizers().isEmpty() || !grace.isZero()) {
            delete(member, pod);
        }
        return Outcome.DONE;
    }

    private static void delete(Member member, Pod pod) {
        try {
            member.client.delete(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), DeleteOptions.ofUid(pod.metadata().uid()).after(0));
        } catch (ApiException e) {
            if (!e.isNotFound() && e.code() != 409) {
                throw e;
            }
        }
    }

    /// Answers the pod as written, or null when it is gone or another has its name.
    private static @Nullable Pod write(Member member, Pod pod, PodStatus status) {
        String patch = PodStatusPatch.between(pod, pod.status(), status);
        if (patch == null) {
            return pod;
        }
        try {
            return member.client.patch(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), new Patch.Strategic(patch), WriteOptions.NONE.onSubresource("status"));
        } catch (ApiException e) {
            if (e.isNotFound() || e.code() == 409) {
                return null;
            }
            throw e;
        }
    }

    private Duration left(Duration span, @Nullable Instant since) {
        return since == null ? span : span.minus(Duration.between(since, timeline.now()));
    }

    /// When the pod was bound, as its condition says; now when it does not say.
    private Instant boundAt(Pod pod) {
        return pod.status().conditions().stream()
                .filter(c -> c.type().equals("PodScheduled") && c.lastTransitionTime() != null)
                .findFirst().map(c -> c.lastTransitionTime()).orElse(timeline.now());
    }

    private static boolean terminal(Pod pod) {
        return pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
    }

    private static ObjectKey key(Pod pod) {
        return new ObjectKey(pod.metadata().namespace(), pod.metadata().name());
    }
}
