package io.j8s.scheduler.devices;

import io.j8s.client.ApiException;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodExtendedResourceClaimStatus;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodResourceClaimStatus;
import io.j8s.model.meta.v1.Condition;
import io.j8s.model.resource.v1.AllocatedDeviceStatus;
import io.j8s.model.resource.v1.AllocationResult;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.DeviceRequestAllocationResult;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceClaimConsumerReference;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.PostFilterPlugin;
import io.j8s.scheduler.framework.PreBindPlugin;
import io.j8s.scheduler.framework.PreEnqueuePlugin;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.ReservePlugin;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.framework.Unschedulable;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.plugins.NodeSelection;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pods go where the devices are that their claims ask for (KEP-4381). What is chosen is assumed while the pod is reserved, and written into the claims before it is bound; devices that
/// must be made ready first are waited for (KEP-5007).
public final class DynamicResources
        implements PreEnqueuePlugin, FilterPlugin, PostFilterPlugin, ScorePlugin, ReservePlugin, PreBindPlugin, WakeUpPlugin {

    private static final String FINALIZER = "resource.kubernetes.io/delete-protection";
    private static final int MOST_CONSUMERS = 256;
    private static final int MOST_COMPILED = 1024;
    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(DynamicResources.class);
    private static final Rejection CANNOT = Rejection.unresolvable("cannot allocate all claims");
    private static final Rejection ELSEWHERE = Rejection.unresolvable("resourceclaim not available on the node");
    private static final Rejection STALE = Rejection.resolvable("cannot schedule extended resource claim");
    private static final int ALTERNATIVES = 8;
    private static final Duration SEEN = Duration.ofMinutes(2);

    /// @param written the claim once it is written; nothing until then
    private record Extended(ExtendedResources.OnNode onNode, AllocationResult allocation, AtomicReference<ResourceClaim> written) {}

    private final Devices devices;
    private final DeviceExpressions expressions;
    private final Timeline timeline;
    private final Duration filterTimeout;
    private final Duration bindingTimeout;
    private final Map<String, DeviceExpressions.Compiled> compiled = new ConcurrentHashMap<>();
    /// By the pod's uid: the allocations of its claims (by name) from its reservation to its binding.
    private final Map<String, Map<String, AllocationResult>> reserved = new ConcurrentHashMap<>();
    /// By the pod's uid: what its extended resources are given, from its reservation to its binding.
    private final Map<String, Extended> extended = new ConcurrentHashMap<>();
    /// Claims (`namespace/name`) whose allocation is chosen, but not written.
    private final Set<String> pending = ConcurrentHashMap.newKeySet();
    private final Consumer<ClusterEvent> changed;

    /// @param changed is told of claims that others may look at again
    /// @param filterTimeout how long the search on one node may take; zero: any time
    public DynamicResources(Devices devices, DeviceExpressions expressions, Timeline timeline, Duration filterTimeout, Duration bindingTimeout, Consumer<ClusterEvent> changed) {
        this.changed = changed;
        this.filterTimeout = filterTimeout;
        this.devices = devices;
        this.expressions = expressions;
        this.timeline = timeline;
        this.bindingTimeout = bindingTimeout;
    }

    @Override
    public String name() {
        return "DynamicResources";
    }

    // ---- the claims of a pod

    /// The names of its claims; a claim that is still to be made from a template is refused.
    private static List<String> claimNames(Pod pod) {
        List<String> names = new ArrayList<>();
        for (PodResourceClaim claim : pod.spec().resourceClaims()) {
            if (claim.hasResourceClaimName()) {
                names.add(claim.resourceClaimName());
                continue;
            }
            PodResourceClaimStatus status = pod.status().resourceClaimStatuses().stream().filter(one -> one.name().equals(claim.name())).findFirst().orElse(null);
            if (status == null) {
                throw new Unschedulable("pod \"" + pod.metadata().namespace() + "/" + pod.metadata().name() + "\": ResourceClaim not created yet");
            }
            if (status.hasResourceClaimName()) {
                names.add(status.resourceClaimName());
            }
        }
        return names;
    }

    private List<ResourceClaim> claims(Pod pod) {
        List<ResourceClaim> claims = new ArrayList<>();
        for (String name : claimNames(pod)) {
            ResourceClaim claim = devices.claim(pod.metadata().namespace(), name);
            if (claim == null) {
                throw new Unschedulable("resourceclaim.resource.k8s.io \"" + name + "\" not found");
            }
            if (claim.metadata().hasDeletionTimestamp()) {
                throw new Unschedulable("resourceclaim \"" + name + "\" is being deleted");
            }
            boolean generated = pod.status().resourceClaimStatuses().stream().anyMatch(one -> one.resourceClaimName().equals(name));
            boolean owned = claim.metadata().ownerReferences().stream().anyMatch(owner -> owner.controller() && owner.uid().equals(pod.metadata().uid()));
            if (generated && !owned) {
                throw new Unschedulable("ResourceClaim " + claim.metadata().namespace() + "/" + name + " was not created for pod " + pod.metadata().namespace() + "/"
                        + pod.metadata().name() + " (pod is not owner)");
            }
            claims.add(claim);
        }
        return claims;
    }

    private static boolean allocated(ResourceClaim claim) {
        return claim.status().hasAllocation();
    }

    private static boolean isReservedFor(ResourceClaim claim, PodInfo pod) {
        return claim.status().reservedFor().stream().anyMatch(one -> one.uid().equals(pod.uid()));
    }

    @Override
    public @Nullable String hold(Pod pod) {
        if (pod.spec().resourceClaims().isEmpty()) {
            return null;
        }
        try {
            claims(pod);
            return null;
        } catch (Unschedulable e) {
            return e.reason();
        }
    }

    // ---- which nodes

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        PodInfo pod = cycle.pod();
        ExtendedResources resources = ExtendedResources.of(pod, devices);
        if (pod.pod().spec().resourceClaims().isEmpty() && resources == null) {
            return null;
        }
        if (resources != null && devices.extendedClaim(pod.pod()) != null) {
            return node -> STALE; // of an attempt that did not come to its end
        }
        List<ResourceClaim> waiting = new ArrayList<>();
        List<ResourceClaim> ready = new ArrayList<>();
        for (ResourceClaim claim : claims(pod.pod())) {
            if (pending.contains(key(claim))) {
                throw new Unschedulable("resource claim " + key(claim) + " is in the process of being allocated");
            }
            if (!allocated(claim)) {
                checkClasses(claim);
                waiting.add(claim);
            } else if (!isReservedFor(claim, pod) && claim.status().reservedFor().size() >= MOST_CONSUMERS) {
                throw new Unschedulable("resourceclaim in use");
            } else {
                ready.add(claim);
            }
        }
        boolean searching = !waiting.isEmpty() || resources != null;
        Taken taken = searching ? Taken.by(devices.allocated()) : Taken.by(List.of());
        List<ResourceSlice> slices = searching ? devices.slices() : List.of();
        return node -> {
            for (ResourceClaim claim : ready) {
                if (claim.status().allocation().hasNodeSelector() && !NodeSelection.admits(claim.status().allocation().nodeSelector(), node)) {
                    return ELSEWHERE;
                }
            }
            List<ResourceClaim> all = with(waiting, resources == null ? null : resources.on(node));
            return all.isEmpty() ? null : reject(node, all, taken, slices);
        };
    }

    private static List<ResourceClaim> with(List<ResourceClaim> waiting, ExtendedResources.@Nullable OnNode onNode) {
        if (onNode == null) {
            return waiting;
        }
        List<ResourceClaim> all = new ArrayList<>(waiting);
        all.add(onNode.claim());
        return all;
    }

    /// @throws IllegalStateException when a claim cannot be looked after on any node, such as by an expression that fails: then the attempt ends
    private @Nullable Rejection reject(NodeInfo node, List<ResourceClaim> waiting, Taken taken, List<ResourceSlice> slices) {
        try {
            return allocator(node, waiting, taken, slices).allocate() != null ? null : CANNOT;
        } catch (AllocationException e) {
            if (e.timedOut()) {
                return Rejection.resolvable(e.reason());
            }
            if (e.ofTheNode()) {
                return Rejection.unresolvable(e.reason());
            }
            throw new IllegalStateException("running \"DynamicResources\" filter plugin: " + e.reason(), e);
        }
    }

    private void checkClasses(ResourceClaim claim) {
        for (DeviceRequest request : claim.spec().devices().requests()) {
            for (Request one : Request.of(request)) {
                if (devices.deviceClass(one.deviceClass()) == null) {
                    throw new Unschedulable("request " + one.fullName() + ": device class " + one.deviceClass() + " does not exist");
                }
            }
        }
    }

    private Allocator allocator(NodeInfo node, List<ResourceClaim> claims, Taken taken, List<ResourceSlice> slices) {
        long start = timeline.nanoTime();
        BooleanSupplier late = filterTimeout.isZero() ? () -> false : () -> timeline.nanoTime() - start > filterTimeout.toNanos();
        return new Allocator(node, claims, taken, slices, devices::deviceClass, this::compiled, () -> new UUID(timeline.random().nextLong(), timeline.random().nextLong()).toString(), late);
    }

    private DeviceExpressions.Compiled compiled(String text) {
        if (compiled.size() > MOST_COMPILED) {
            compiled.clear();
        }
        return compiled.computeIfAbsent(text, expressions::compile);
    }

    /// Nodes on which earlier alternatives of prioritized requests can be had are liked better.
    @Override
    public boolean concerns(Cycle cycle) {
        return !cycle.pod().pod().spec().resourceClaims().isEmpty();
    }

    @Override
    public @Nullable NodeScore score(Cycle cycle) {
        List<ResourceClaim> waiting = claims(cycle.pod().pod()).stream().filter(claim -> !allocated(claim)).toList();
        if (waiting.stream().noneMatch(claim -> claim.spec().devices().requests().stream().anyMatch(request -> !request.firstAvailable().isEmpty()))) {
            return null;
        }
        Taken taken = Taken.by(devices.allocated());
        List<ResourceSlice> slices = devices.slices();
        return new NodeScore() {
            @Override
            public long of(NodeInfo node) {
                try {
                    List<AllocationResult> results = allocator(node, waiting, taken, slices).allocate();
                    return results == null ? 0 : preference(waiting, results);
                } catch (AllocationException e) {
                    return 0;
                }
            }

            @Override
            public void normalize(long[] scores, int count) {
                NodeScore.inProportion(scores, count, false);
            }
        };
    }

    private static long preference(List<ResourceClaim> claims, List<AllocationResult> results) {
        long score = 0;
        for (int i = 0; i < claims.size(); i++) {
            for (DeviceRequest request : claims.get(i).spec().devices().requests()) {
                for (int j = 0; j < request.firstAvailable().size(); j++) {
                    String name = request.name() + "/" + request.firstAvailable().get(j).name();
                    score += results.get(i).devices().results().stream().anyMatch(one -> one.request().equals(name)) ? ALTERNATIVES - j : 0;
                }
            }
        }
        return score;
    }

    /// Gives back what a claim of this pod's holds where it does not help.
    @Override
    public Outcome makeRoom(PodInfo pod, Diagnosis diagnosis) {
        if (!diagnosis.wholly().isEmpty() && !diagnosis.plugins().contains(name())) {
            return new Outcome.Failed("not found"); // as upstream's, which does not come to look at the claims
        }
        List<ResourceClaim> claims;
        try {
            claims = pod.pod().spec().resourceClaims().isEmpty() ? List.of() : claims(pod.pod());
        } catch (Unschedulable e) {
            claims = List.of();
        }
        if ((claims.isEmpty() && ExtendedResources.of(pod, devices) == null) || !diagnosis.wholly().isEmpty()) {
            return new Outcome.Nothing("no new claims to deallocate", false);
        }
        for (ResourceClaim claim : claims) {
            boolean mine = claim.status().reservedFor().isEmpty() || (claim.status().reservedFor().size() == 1 && isReservedFor(claim, pod));
            if (allocated(claim) && mine && diagnosis.reasons().containsKey(ELSEWHERE.reason())) {
                ResourceClaim freed = claim.withStatus(status -> status.withoutAllocation().withoutReservedFor().withoutDevices());
                trying("deallocate", () -> devices.writeStatus(freed));
                return new Outcome.Nothing("deallocation of ResourceClaim completed", false);
            }
        }
        ResourceClaim stale = devices.extendedClaim(pod.pod());
        if (stale != null) {
            trying("deallocate", () -> devices.delete(stale));
            return new Outcome.Nothing("deletion of ResourceClaim completed", false);
        }
        return new Outcome.Nothing("still not schedulable", false);
    }

    // ---- what is done for a pod

    @Override
    public void reserve(PodInfo pod, NodeInfo node) {
        ExtendedResources resources = ExtendedResources.of(pod, devices);
        ExtendedResources.OnNode onNode = resources == null ? null : resources.on(node);
        if (pod.pod().spec().resourceClaims().isEmpty() && onNode == null) {
            return;
        }
        List<ResourceClaim> claims = claims(pod.pod());
        List<ResourceClaim> waiting = claims.stream().filter(claim -> !allocated(claim)).toList();
        List<ResourceClaim> all = with(waiting, onNode);
        Map<String, AllocationResult> mine = new HashMap<>();
        if (!all.isEmpty()) {
            List<AllocationResult> results;
            try {
                results = allocator(node, all, Taken.by(devices.allocated()), devices.slices()).allocate();
            } catch (AllocationException e) {
                throw new Unschedulable(e.reason());
            }
            if (results == null) {
                throw new Unschedulable(CANNOT.reason());
            }
            for (int i = 0; i < waiting.size(); i++) {
                AllocationResult result = results.get(i);
                mine.put(waiting.get(i).metadata().name(), result);
                pending.add(key(waiting.get(i)));
                devices.assume(waiting.get(i).withStatus(status -> status.withAllocation(result)));
            }
            if (onNode != null) {
                extended.put(pod.uid(), new Extended(onNode, results.getLast(), new AtomicReference<>()));
                devices.assume(onNode.claim().withStatus(status -> status.withAllocation(results.getLast())));
            }
        }
        reserved.put(pod.uid(), mine);
    }

    @Override
    public void unreserve(PodInfo pod, NodeInfo node) {
        Map<String, AllocationResult> mine = reserved.remove(pod.uid());
        if (mine == null) {
            return;
        }
        Extended special = extended.remove(pod.uid());
        if (special != null) {
            devices.forget(special.onNode.claim());
            ResourceClaim written = special.written.get();
            if (written != null) {
                trying("unreserve", () -> devices.delete(written));
            }
        }
        for (String name : claimNames(pod.pod())) {
            ResourceClaim claim = devices.claim(pod.namespace(), name);
            if (claim != null) {
                if (mine.containsKey(name)) {
                    settled(claim);
                }
                devices.forget(claim);
                trying("unreserve", () -> unreserve(pod, name));
            }
        }
    }

    /// Writes what does not keep the pod waiting, on a task of its own, and again after a while if it fails.
    private void trying(String name, Runnable write) {
        timeline.start(name, () -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    write.run();
                    return;
                } catch (ApiException e) {
                    if (attempt == TRIES || e.isNotFound()) {
                        LOG.atError().addKeyValue("err", e.getMessage()).log("A claim's devices could not be given back");
                        return;
                    }
                }
                timeline.sleep(PAUSE.multipliedBy(attempt));
            }
        });
    }

    private void unreserve(PodInfo pod, String name) {
        ResourceClaim now = devices.newest(pod.namespace(), name);
        if (now != null && isReservedFor(now, pod)) {
            devices.writeStatus(now.withStatus(status -> status.withReservedFor(status.reservedFor().stream().filter(one -> !one.uid().equals(pod.uid())).toList())));
        }
    }

    @Override
    public boolean hasWork(PodInfo pod) {
        return reserved.containsKey(pod.uid());
    }

    @Override
    public void preBind(PodInfo pod, NodeInfo node) throws InterruptedException {
        Map<String, AllocationResult> mine = reserved.get(pod.uid());
        if (mine == null) {
            return;
        }
        for (String name : claimNames(pod.pod())) {
            ResourceClaim claim = devices.claim(pod.namespace(), name);
            if (claim != null && (mine.containsKey(name) || !isReservedFor(claim, pod))) {
                ResourceClaim written = bind(pod, claim, mine.get(name));
                devices.assume(written);
                if (mine.containsKey(name)) {
                    settled(written);
                }
            }
        }
        Extended special = extended.get(pod.uid());
        if (special != null) {
            bind(pod, special);
        }
        if (!devices.await(() -> conditionsMet(pod), bindingTimeout)) {
            throw new IllegalStateException("device binding timeout after " + bindingTimeout.toSeconds() + " seconds");
        }
        reserved.remove(pod.uid());
    }

    /// Makes the claim for a pod's extended resources, gives it its devices, and tells the pod of it.
    private void bind(PodInfo pod, Extended special) throws InterruptedException {
        ResourceClaim created = devices.create(special.onNode.claim().withMetadata(meta -> meta.withoutName()));
        special.written.set(created);
        ResourceClaim written = devices.writeStatus(bound(pod, guarded(created, special.allocation), special.allocation));
        special.written.set(written);
        devices.await(() -> devices.sees(written), SEEN); // until then its devices are taken by the one that is only in mind
        devices.forget(special.onNode.claim());
        devices.tell(pod.pod(), PodExtendedResourceClaimStatus.EMPTY.withResourceClaimName(written.metadata().name()).withRequestMappings(special.onNode.mappings()));
        extended.remove(pod.uid());
    }

    /// The claim is allocated, or will not be: others that want it may look at it again.
    private void settled(ResourceClaim claim) {
        pending.remove(key(claim));
        changed.accept(new ClusterEvent(ClusterEvent.Kind.RESOURCE_CLAIM, null, claim));
    }

    private static String key(ResourceClaim claim) {
        return claim.metadata().namespace() + "/" + claim.metadata().name();
    }

    /// Writes the allocation, if it is new, and the pod as one of those that the claim is reserved for.
    private ResourceClaim bind(PodInfo pod, ResourceClaim claim, @Nullable AllocationResult allocation) {
        ResourceClaim now = devices.newest(pod.namespace(), claim.metadata().name());
        for (int attempt = 1;; attempt++) {
            if (now == null || now.metadata().hasDeletionTimestamp()) {
                throw new IllegalStateException("claim " + pod.namespace() + "/" + claim.metadata().name() + " got deleted in the meantime");
            }
            if (allocation != null && allocated(now)) {
                throw new IllegalStateException("claim " + pod.namespace() + "/" + claim.metadata().name() + " got allocated elsewhere in the meantime");
            }
            if (allocation == null && !allocated(now)) {
                throw new IllegalStateException("claim " + pod.namespace() + "/" + claim.metadata().name() + " got deallocated elsewhere in the meantime");
            }
            try {
                return devices.writeStatus(bound(pod, guarded(now, allocation), allocation));
            } catch (ApiException e) {
                if (!e.isConflict() || attempt == TRIES) {
                    throw e;
                }
            }
            now = devices.newest(pod.namespace(), claim.metadata().name());
        }
    }

    /// A claim that has devices is not to be gone before they are given back.
    private ResourceClaim guarded(ResourceClaim claim, @Nullable AllocationResult allocation) {
        if (allocation == null || claim.metadata().finalizers().contains(FINALIZER)) {
            return claim;
        }
        List<String> finalizers = new ArrayList<>(claim.metadata().finalizers());
        finalizers.add(FINALIZER);
        return devices.write(claim.withMetadata(meta -> meta.withFinalizers(finalizers)));
    }

    private ResourceClaim bound(PodInfo pod, ResourceClaim claim, @Nullable AllocationResult allocation) {
        List<ResourceClaimConsumerReference> consumers = new ArrayList<>(claim.status().reservedFor());
        if (!isReservedFor(claim, pod)) {
            consumers.add(ResourceClaimConsumerReference.EMPTY.withResource("pods").withName(pod.name()).withUid(pod.uid()));
        }
        ResourceClaim reservedFor = claim.withStatus(status -> status.withReservedFor(consumers));
        if (allocation == null) {
            return reservedFor;
        }
        return reservedFor.withStatus(status -> status.withAllocation(allocation.withAllocationTimestamp(timeline.now().truncatedTo(ChronoUnit.SECONDS))));
    }

    /// Whether all devices that must be made ready are. Fails when one says that it cannot be.
    private boolean conditionsMet(PodInfo pod) {
        boolean all = true;
        for (String name : claimNames(pod.pod())) {
            ResourceClaim claim = devices.claim(pod.namespace(), name);
            if (claim == null) {
                throw new IllegalStateException("claim " + pod.namespace() + "/" + name + " got deleted in the meantime");
            }
            for (DeviceRequestAllocationResult result : claim.status().allocation().devices().results()) {
                all &= result.bindingConditions().isEmpty() || ready(claim, result);
            }
        }
        return all;
    }

    private static boolean ready(ResourceClaim claim, DeviceRequestAllocationResult result) {
        List<Condition> conditions = claim.status().devices().stream()
                .filter(one -> one.driver().equals(result.driver()) && one.pool().equals(result.pool()) && one.device().equals(result.device()) && one.shareID().equals(result.shareID()))
                .map(AllocatedDeviceStatus::conditions).findFirst().orElse(List.of());
        for (String failure : result.bindingFailureConditions()) {
            if (isTrue(conditions, failure)) {
                throw new IllegalStateException("claim " + claim.metadata().name() + ", device " + result.device() + ": binding failed: condition " + failure);
            }
        }
        return result.bindingConditions().stream().allMatch(type -> isTrue(conditions, type));
    }

    private static boolean isTrue(List<Condition> conditions, String type) {
        return conditions.stream().anyMatch(one -> one.type().equals(type) && one.status().equals("True"));
    }

    // ---- what may help

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EnumSet.of(ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_LABELS, ClusterEvent.Kind.RESOURCE_CLAIM, ClusterEvent.Kind.RESOURCE_SLICE, ClusterEvent.Kind.DEVICE_CLASS);
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        if (event.kind() != ClusterEvent.Kind.RESOURCE_CLAIM) {
            return true;
        }
        ResourceClaim before = event.before() instanceof ResourceClaim claim ? claim : ResourceClaim.EMPTY;
        ResourceClaim after = event.after() instanceof ResourceClaim claim ? claim : ResourceClaim.EMPTY;
        boolean freed = allocated(before) && !allocated(after);
        boolean ownIsGone = event.after() == null && before.metadata().ownerReferences().stream().anyMatch(owner -> owner.uid().equals(pod.uid()));
        return freed || ownIsGone || (after.metadata().namespace().equals(pod.namespace()) && isOneOf(after.metadata().name(), pod.pod()));
    }

    private static boolean isOneOf(String claim, Pod pod) {
        return pod.spec().resourceClaims().stream().anyMatch(one -> one.resourceClaimName().equals(claim))
                || pod.status().resourceClaimStatuses().stream().anyMatch(one -> one.resourceClaimName().equals(claim));
    }
}
