package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.MemoryApi;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSchedulingGate;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.runtime.SimulatedTimeline;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.config.SchedulerConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole scheduler over an API in simulated time, two profiles, with calls that take time and fail: each change of the cluster is followed until all is quiet. Then every pod that was bound
/// meanwhile can be explained (there is an order in which the reference allows each), and no pod waits that the reference could place: nothing waits for a retry by the clock, which is turned off.
class SchedulerPropertyTest {

    private static final Duration QUIET = Duration.ofSeconds(40);
    private static final String CONFIGURATION = """
            apiVersion: kubescheduler.config.k8s.io/v1
            kind: KubeSchedulerConfiguration
            profiles:
            - schedulerName: default-scheduler
            - schedulerName: packing
              plugins: {filter: {disabled: [{name: PodTopologySpread}]}, preFilter: {disabled: [{name: PodTopologySpread}]}}
              pluginConfig:
              - {name: NodeResourcesFit, args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}}
            """;

    static Stream<Long> seeds() {
        return LongStream.concat(LongStream.concat(LongStream.of(-6696808413921894194L, -2884995461271431619L, 5818523204758407422L, 5609818524575134549L, -6284027791207316194L, 235520464427820338L), LongStream.rangeClosed(1, 40)), Timeline.system().random().longs(10)).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_binding_can_be_explained_and_no_pod_waits_in_vain(long seed) {
        try (SimulatedTimeline time = new SimulatedTimeline(seed)) {
            Run run = new Run(seed, time);
            try (Scheduler scheduler = Scheduler.start(run.api, time, SchedulerConfig.of(SchedulerConfiguration.parse(CONFIGURATION))
                    .withUnschedulableTimeout(Duration.ofDays(1000)).withExpressions(PlacementPropertyTest::kinds))) {
                assertThat(scheduler).isNotNull();
                for (int step = 0; step < 40; step++) {
                    run.step(step);
                }
            }
            assertThat(time.failures()).as("seed %d", seed).isEmpty();
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final RandomObjects objects;
        private final SimulatedTimeline time;
        private final MemoryApi api;
        private int names;
        private boolean failing;
        /// Pods that had a node, and are gone, in this step.
        private final Map<String, Pod> passed = new TreeMap<>();

        Run(long seed, SimulatedTimeline time) {
            this.seed = seed;
            this.time = time;
            this.random = new Random(seed);
            this.objects = new RandomObjects(random);
            this.api = new MemoryApi(time);
            RandomObjects.NAMESPACES.forEach(name -> api.create(Namespace.RESOURCE, "", Namespace.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name))));
            RandomObjects.storageClasses().forEach(one -> api.create(StorageClass.RESOURCE, "", one));
            RandomObjects.deviceClasses().forEach(one -> api.create(DeviceClass.RESOURCE, "", one));
            for (int i = 0; i < 4; i++) {
                node("n" + i);
            }
            time.start("controllers", this::controllers);
        }

        // ---- changes

        void step(int step) {
            World before = world();
            passed.clear();
            failing = false;
            change();
            World changed = world();
            failing = objects.once(3);
            api.latency(() -> failing ? Duration.ofMillis(time.random().nextInt(40)) : Duration.ZERO);
            api.faults(request -> failing && request.writes() && time.random().nextInt(6) == 0
                    ? new ApiException(500, "InternalError", "it was to fail", Status.EMPTY) : null);
            time.advance(Duration.ofSeconds(5));
            failing = false;
            time.advance(QUIET);
            explain(step, before, changed);
            nothingWaitsInVain(step);
        }

        private void change() {
            switch (random.nextInt(14)) {
                case 0 -> node("n" + random.nextInt(6));
                case 1 -> api.update(Namespace.RESOURCE, "", api.get(Namespace.RESOURCE, "", objects.any(RandomObjects.NAMESPACES)).withMetadata(meta -> meta.withLabels(objects.namespaceLabels())));
                case 2, 3 -> pods().stream().filter(pod -> objects.once(4)).forEach(pod -> quietly(() -> api.delete(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), DeleteOptions.DEFAULT)));
                case 4 -> change(Node.RESOURCE, "n" + random.nextInt(6), node -> node.withSpec(spec -> spec.withUnschedulable(!spec.unschedulable())));
                case 5 -> claimOrVolume();
                case 6 -> quietly(() -> api.create(ResourceClaim.RESOURCE, "default", objects.deviceClaim("dc" + random.nextInt(4), "default")));
                case 7 -> pods().stream().filter(pod -> !pod.spec().schedulingGates().isEmpty()).forEach(pod -> api.update(Pod.RESOURCE, pod.metadata().namespace(), pod.withSpec(spec -> spec.withoutSchedulingGates())));
                case 8 -> change(Node.RESOURCE, "n" + random.nextInt(6), node -> objects.node(node.metadata().name()).withMetadata(node.metadata()).withStatus(node.status()));
                default -> {
                    for (int i = random.nextInt(3); i >= 0; i--) {
                        pod();
                    }
                }
            }
        }

        private void node(String name) {
            Node node = objects.node(name);
            if (!change(Node.RESOURCE, name, known -> known.withMetadata(meta -> meta.withLabels(node.metadata().labels())).withSpec(node.spec()))) {
                api.create(Node.RESOURCE, "", node);
                if (objects.once(2)) {
                    quietly(() -> api.create(CSINode.RESOURCE, "", objects.csiNode(name)));
                }
                quietly(() -> api.create(ResourceSlice.RESOURCE, "", objects.slice(name)));
                return;
            }
            Node now = api.get(Node.RESOURCE, "", name);
            api.updateStatus(Node.RESOURCE, "", now.withStatus(node.status()));
        }

        private <T extends Struct> boolean change(ApiResource<T> resource, String name, UnaryOperator<T> change) {
            T known = api.find(resource, "", name);
            if (known != null) {
                api.update(resource, "", change.apply(known));
            }
            return known != null;
        }

        private void claimOrVolume() {
            if (objects.once(2)) {
                api.create(PersistentVolume.RESOURCE, "", objects.volume("v" + names++, "local"));
            } else {
                quietly(() -> api.create(PersistentVolumeClaim.RESOURCE, "default", objects.claim("c" + random.nextInt(4), "default")));
            }
        }

        private static void quietly(Runnable call) {
            try {
                call.run();
            } catch (ApiException e) {
                // it is there, or gone, already
            }
        }

        private void pod() {
            boolean claims = objects.once(4);
            boolean devices = objects.once(4);
            Pod pod = objects.pod("p" + names++, objects.any(List.of("default-scheduler", "default-scheduler", "packing", "elsewhere")), claims ? objects.volumes() : "", devices ? objects.deviceClaims() : "");
            if (objects.once(8)) {
                pod = pod.withSpec(spec -> spec.withSchedulingGates(List.of(PodSchedulingGate.EMPTY.withName("example.com/hold"))));
            }
            if (objects.once(4)) {
                pod = pod.withSpec(spec -> spec.withPreemptionPolicy("Never"));
            }
            Pod made = pod.withMetadata(meta -> meta.withoutUid());
            api.create(Pod.RESOURCE, claims || devices ? "default" : pod.metadata().namespace(), made);
        }

        private List<Pod> pods() {
            return api.peek(Pod.RESOURCE, "");
        }

        // ---- what others do: kubelets, and the controllers of volumes and claims

        private void controllers() throws InterruptedException {
            while (true) {
                time.sleep(Duration.ofMillis(300));
                for (Pod pod : pods()) {
                    if (pod.metadata().hasDeletionTimestamp()) {
                        passed.put(pod.metadata().uid(), pod);
                        quietly(() -> api.delete(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), DeleteOptions.DEFAULT.after(0)));
                    }
                }
                api.peek(PersistentVolumeClaim.RESOURCE, "").stream().filter(claim -> claim.spec().volumeName().isEmpty()).forEach(claim -> quietly(() -> bind(claim)));
                api.peek(ResourceClaim.RESOURCE, "").stream().filter(claim -> claim.status().hasAllocation()).forEach(claim -> quietly(() -> giveBack(claim)));
            }
        }

        private void bind(PersistentVolumeClaim claim) {
            PersistentVolume volume = api.peek(PersistentVolume.RESOURCE, "").stream().filter(one -> one.spec().claimRef().uid().equals(claim.metadata().uid())).findFirst().orElse(null);
            String selected = claim.metadata().annotations().get("volume.kubernetes.io/selected-node");
            if (volume == null && selected != null) {
                volume = api.create(PersistentVolume.RESOURCE, "", objects.volume("made-" + names++, claim.spec().storageClassName()).withMetadata(meta -> meta.withoutLabels())
                        .withSpec(spec -> spec.withoutNodeAffinity().withClaimRef(ref -> ref.withName(claim.metadata().name()).withNamespace(claim.metadata().namespace()).withUid(claim.metadata().uid()))));
            }
            if (volume != null) {
                String name = volume.metadata().name();
                Map<String, String> annotations = new TreeMap<>(claim.metadata().annotations());
                annotations.put("pv.kubernetes.io/bind-completed", "yes");
                api.update(PersistentVolumeClaim.RESOURCE, claim.metadata().namespace(), claim.withSpec(spec -> spec.withVolumeName(name)).withMetadata(meta -> meta.withAnnotations(annotations)));
            }
        }

        private void giveBack(ResourceClaim claim) {
            Set<String> there = pods().stream().map(pod -> pod.metadata().uid()).collect(Collectors.toSet());
            var left = claim.status().reservedFor().stream().filter(one -> there.contains(one.uid())).toList();
            if (left.size() != claim.status().reservedFor().size()) {
                api.updateStatus(ResourceClaim.RESOURCE, claim.metadata().namespace(),
                        left.isEmpty() ? claim.withStatus(status -> status.withoutAllocation().withoutReservedFor()) : claim.withStatus(status -> status.withReservedFor(left)));
            }
        }

        // ---- what must hold

        private World world() {
            Map<String, Map<String, String>> namespaces = new HashMap<>();
            api.peek(Namespace.RESOURCE, "").forEach(one -> namespaces.put(one.metadata().name(), one.metadata().labels()));
            return new World(api.peek(Node.RESOURCE, ""), pods().stream().filter(pod -> !pod.spec().nodeName().isEmpty()).toList(), namespaces, api.peek(PersistentVolume.RESOURCE, ""),
                    api.peek(PersistentVolumeClaim.RESOURCE, ""), api.peek(StorageClass.RESOURCE, ""), api.peek(CSINode.RESOURCE, ""), api.peek(ResourceClaim.RESOURCE, ""),
                    api.peek(ResourceSlice.RESOURCE, ""), api.peek(DeviceClass.RESOURCE, ""));
        }

        /// One of the profiles does not look at spreading.
        private static Pod seen(Pod pod) {
            return pod.spec().schedulerName().equals("packing") ? pod.withSpec(spec -> spec.withoutTopologySpreadConstraints()) : pod;
        }

        private static Set<String> uids(World world) {
            return world.placed().stream().map(pod -> pod.metadata().uid()).collect(Collectors.toSet());
        }

        private void explain(int step, World before, World changed) {
            World after = world();
            // Some were bound, and had to make room for others before all was quiet.
            List<Pod> came = passed.values().stream().filter(pod -> !pod.spec().nodeName().isEmpty() && !uids(changed).contains(pod.metadata().uid()) && !uids(before).contains(pod.metadata().uid())).toList();
            List<Pod> bound = Stream.concat(after.placed().stream().filter(pod -> !uids(changed).contains(pod.metadata().uid())), came.stream()).toList();
            assertThat(bound).as("seed %d step %d", seed, step).noneMatch(pod -> pod.spec().schedulerName().equals("elsewhere"));
            List<Pod> left = before.placed().stream().filter(pod -> !uids(after).contains(pod.metadata().uid())).toList();
            List<Pod> gone = Stream.concat(left.stream(), came.stream()).toList();
            boolean nodesGone = bound.size() + gone.size() > 12;
            if (!nodesGone) {
                World start = after.withPlaced(Stream.concat(changed.placed().stream(), left.stream().filter(pod -> !uids(changed).contains(pod.metadata().uid()))).toList());
                // A claim that was bound on the way had no volume, and so no zone, when its pod was placed.
                World unbound = changed.withPlaced(start.placed());
                assertThat(canHappen(start, new ArrayList<>(bound), new ArrayList<>(gone), new HashSet<>()) || canHappen(unbound, new ArrayList<>(bound), new ArrayList<>(gone), new HashSet<>()))
                        .as("seed %d step %d: %s were bound, %s went; before there were %s", seed, step, names(bound), names(gone), names(changed.placed())).isTrue();
            }
        }

        private static List<String> names(java.util.Collection<Pod> pods) {
            return pods.stream().map(pod -> pod.metadata().name() + " on " + pod.spec().nodeName()).toList();
        }

        /// Whether these bindings and deletions can have happened in some order.
        private boolean canHappen(World now, List<Pod> bound, List<Pod> gone, Set<Set<String>> tried) {
            if (bound.isEmpty()) {
                return true;
            }
            if (!tried.add(Stream.concat(bound.stream().map(pod -> pod.metadata().uid()), gone.stream().map(pod -> "gone " + pod.metadata().uid())).collect(Collectors.toSet()))) {
                return false;
            }
            for (Pod pod : bound) {
                if (allowed(now, pod, gone)) {
                    List<Pod> rest = new ArrayList<>(bound);
                    rest.remove(pod);
                    if (canHappen(now.with(pod), rest, gone, tried)) {
                        return true;
                    }
                }
            }
            Set<String> stillToCome = bound.stream().map(pod -> pod.metadata().uid()).collect(Collectors.toSet());
            for (Pod pod : gone) {
                if (stillToCome.contains(pod.metadata().uid())) {
                    continue;
                }
                List<Pod> rest = new ArrayList<>(gone);
                rest.remove(pod);
                if (canHappen(now.without(Set.of(pod.metadata().uid())), bound, rest, tried)) {
                    return true;
                }
            }
            return false;
        }

        /// Pods that go soon may have been marked already, or not.
        private static boolean allowed(World now, Pod pod, List<Pod> going) {
            Pod waiting = seen(pod).withSpec(spec -> spec.withoutNodeName());
            Node node = java.util.Objects.requireNonNull(now.node(pod.spec().nodeName()));
            World then = now.withoutClaimsOf(pod.metadata().uid());
            Set<String> uids = going.stream().map(one -> one.metadata().uid()).collect(Collectors.toSet());
            World marked = then.withPlaced(now.placed().stream().map(one -> uids.contains(one.metadata().uid()) ? one.withMetadata(meta -> meta.withDeletionTimestamp(java.time.Instant.EPOCH)) : one).toList());
            World unmarked = then.withPlaced(now.placed().stream().map(one -> uids.contains(one.metadata().uid()) ? one.withMetadata(meta -> meta.withoutDeletionTimestamp()) : one).toList());
            return new ReferenceScheduler(marked).allows(waiting, node) || new ReferenceScheduler(unmarked).allows(waiting, node);
        }

        private void nothingWaitsInVain(int step) {
            World now = world();
            List<Pod> waiting = pods().stream().filter(pod -> pod.spec().nodeName().isEmpty() && !pod.spec().schedulerName().equals("elsewhere")).toList();
            for (Pod pod : waiting) {
                for (String name : new ReferenceScheduler(now).mayGoTo(seen(pod))) {
                    World then = now.withAll(waiting.stream().filter(other -> !other.metadata().uid().equals(pod.metadata().uid()) && other.status().nominatedNodeName().equals(name)
                            && other.spec().priority() >= pod.spec().priority()).map(other -> Objects.on(other, name)).toList());
                    boolean free = new ReferenceScheduler(then).allows(seen(pod), java.util.Objects.requireNonNull(now.node(name)));
                    assertThat(free).as("seed %d step %d: %s waits, though it may go to %s", seed, step, pod, name).isFalse();
                }
            }
        }
    }
}
