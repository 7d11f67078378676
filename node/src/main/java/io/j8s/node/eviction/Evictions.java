package io.j8s.node.eviction;

import io.j8s.client.events.EventRecorder;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches what the host has left (upstream's eviction manager; Kubernetes documentation, "Node-pressure Eviction"): tells conditions, frees what the node itself can do without, and
/// ends one pod at a time. One task looks every ten seconds.
public final class Evictions {
    private static final Logger LOG = LoggerFactory.getLogger(Evictions.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration MADE_ROOM_WITHIN = Duration.ofSeconds(30);
    private static final long AT_ONCE_SECONDS = 1;

    private final EvictionSettings settings;
    private final Host host;
    private final NodePods pods;
    private final EventRecorder events;
    private final ObjectReference node;
    private final Timeline timeline;
    private final PressureState state;
    private volatile List<String> conditions = List.of();

    /// The node's pods as this looks at them.
    public interface NodePods {
        /// Those that run or will, but for those that the node cannot do without.
        List<Pod> evictable();

        /// What each uses, by uid.
        Map<String, PodUse> uses();

        /// Which volumes on the node's disk use how many bytes: pod's uid to volume's name.
        long volumeBytes(Pod pod, String volume);

        /// Ends a pod and waits, at most so long, until nothing of it runs.
        void evict(Pod pod, String message, long graceSeconds, Duration atMost) throws InterruptedException;

        /// Removes images and containers that nobody uses.
        void removeUnused();
    }

    public Evictions(EvictionSettings settings, Host host, NodePods pods, EventRecorder events, ObjectReference node, Timeline timeline) {
        this.settings = settings;
        this.host = host;
        this.pods = pods;
        this.events = events;
        this.node = node;
        this.timeline = timeline;
        this.state = new PressureState(settings);
    }

    /// The node's conditions that tell of a shortage, such as `DiskPressure`. Any thread.
    public List<String> conditions() {
        return conditions;
    }

    /// The task's body.
    public void run() throws InterruptedException {
        while (true) {
            try {
                if (!look()) {
                    timeline.sleep(PERIOD);
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("what the host has left cannot be looked at: {}", e.getMessage());
                timeline.sleep(PERIOD);
            }
        }
    }

    /// Looks once; answers whether a pod was ended, so that it is worth looking again at once.
    public boolean look() throws IOException, InterruptedException {
        Map<Signal, Observation> observations = host.observe();
        List<Threshold> due = state.observe(observations, timeline.now());
        conditions = state.conditions();
        if (settings.localStorage() && overLimits()) {
            return true;
        }
        return !due.isEmpty() && makeRoom(due.getFirst(), observations);
    }

    private boolean makeRoom(Threshold threshold, Map<Signal, Observation> before) throws IOException, InterruptedException {
        String resource = threshold.signal().resource();
        events.record(node, EventRecorder.WARNING, "EvictionThresholdMet", "Attempting to reclaim " + resource);
        Map<Signal, Observation> observations = before;
        if (threshold.signal().condition().equals("DiskPressure")) {
            pods.removeUnused();
            observations = host.observe();
            Observation now = observations.get(threshold.signal());
            if (now != null && !threshold.met(now, true)) {
                return false;
            }
        }
        Map<String, PodUse> uses = pods.uses();
        List<Pod> ranked = Ranking.of(threshold.signal(), pods.evictable(), uses);
        Observation observed = observations.get(threshold.signal());
        if (ranked.isEmpty() || observed == null) {
            LOG.error("the node is short of {}, but there is no pod that could make room", resource);
            return false;
        }
        Pod pod = ranked.getFirst();
        long own = pod.spec().hasTerminationGracePeriodSeconds() ? pod.spec().terminationGracePeriodSeconds() : settings.longestGraceSeconds();
        long grace = threshold.hard() ? AT_ONCE_SECONDS : Math.min(settings.longestGraceSeconds(), own);
        evict(pod, message(threshold, observed, pod, uses.getOrDefault(pod.metadata().uid(), PodUse.NOTHING)), grace);
        return true;
    }

    private void evict(Pod pod, String message, long graceSeconds) throws InterruptedException {
        LOG.warn("ending pod {}/{}: {}", pod.metadata().namespace(), pod.metadata().name(), message);
        events.warning(pod, "Evicted", message);
        pods.evict(pod, message, graceSeconds, MADE_ROOM_WITHIN);
    }

    private static String message(Threshold threshold, Observation observed, Pod pod, PodUse use) {
        String resource = threshold.signal().resource();
        boolean bytes = !resource.equals("inodes") && !resource.equals("pids");
        StringBuilder message = new StringBuilder("The node was low on resource: ").append(resource).append(". Threshold quantity: ")
                .append(amount(threshold.amount().of(observed.capacity()), bytes)).append(", available: ").append(amount(observed.available(), bytes)).append(". ");
        for (Container container : Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream()).toList()) {
            PodUse.ContainerUse its = use.containers().get(container.name());
            if (its != null && bytes) {
                long used = resource.equals("memory") ? its.memoryBytes() : its.diskBytes();
                Quantity request = container.resources().requests().getOrDefault(resource, Quantity.ZERO);
                if (used > request.value()) {
                    message.append("Container ").append(container.name()).append(" was using ").append(amount(used, true)).append(", request is ").append(request)
                            .append(", has larger consumption of ").append(resource).append(". ");
                }
            }
        }
        return message.toString();
    }

    private static Quantity amount(long value, boolean bytes) {
        return Quantity.of(value, bytes ? Quantity.Format.BINARY_SI : Quantity.Format.DECIMAL_SI);
    }

    /// Ends pods that write more than they may; answers whether there was one.
    private boolean overLimits() throws InterruptedException {
        List<Pod> limited = pods.evictable().stream().filter(Evictions::hasStorageLimit).toList();
        if (limited.isEmpty()) {
            return false;
        }
        Map<String, PodUse> uses = pods.uses();
        boolean any = false;
        for (Pod pod : limited) {
            String excess = excess(pod, uses.getOrDefault(pod.metadata().uid(), PodUse.NOTHING));
            if (!excess.isEmpty()) {
                evict(pod, excess, AT_ONCE_SECONDS);
                any = true;
            }
        }
        return any;
    }

    private static boolean hasStorageLimit(Pod pod) {
        return pod.spec().volumes().stream().anyMatch(v -> v.hasEmptyDir() && v.emptyDir().hasSizeLimit() && !v.emptyDir().medium().equals("Memory"))
                || pod.spec().containers().stream().anyMatch(c -> c.resources().limits().containsKey("ephemeral-storage"));
    }

    private String excess(Pod pod, PodUse use) {
        for (var volume : pod.spec().volumes()) {
            Quantity limit = volume.emptyDir().sizeLimit();
            if (volume.hasEmptyDir() && limit != null && limit.signum() > 0 && !volume.emptyDir().medium().equals("Memory") && pods.volumeBytes(pod, volume.name()) > limit.value()) {
                return "Usage of EmptyDir volume \"" + volume.name() + "\" exceeds the limit \"" + limit + "\". ";
            }
        }
        long total = 0;
        for (Container container : pod.spec().containers()) {
            Quantity limit = container.resources().limits().get("ephemeral-storage");
            PodUse.ContainerUse its = use.containers().get(container.name());
            if (limit == null) {
                return "";
            }
            total += limit.value();
            if (its != null && its.diskBytes() > limit.value()) {
                return "Container " + container.name() + " exceeded its local ephemeral storage limit \"" + limit + "\". ";
            }
        }
        return total > 0 && use.diskBytes() > total
                ? "Pod ephemeral local storage usage exceeds the total limit of containers " + amount(total, true) + ". " : "";
    }
}
