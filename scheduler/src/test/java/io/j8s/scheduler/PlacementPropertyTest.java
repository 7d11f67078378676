package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.SimulatedTimeline;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.devices.DynamicResources;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.PreBindPlugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.framework.ReservePlugin;
import io.j8s.scheduler.plugins.DefaultPlugins;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever comes and goes, a pod is placed exactly when the reference knows a place, and only where it allows it. Each failure names its seed; of the seeds, some are new each time.
class PlacementPropertyTest {

    private static final int STEPS = 70;

    static Stream<Long> seeds() {
        LongStream kept = LongStream.of(-7736673567351810058L, -5468407201644501513L, 3396511919691987229L, -9094615541776808780L, 8462352902330586210L);
        return LongStream.concat(LongStream.concat(kept, LongStream.rangeClosed(1, 160)), Timeline.system().random().longs(40)).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void no_pod_is_placed_where_the_reference_forbids_it_nor_left_out_where_it_allows_it(long seed) throws InterruptedException {
        try (SimulatedTimeline time = new SimulatedTimeline(seed)) {
            Run run = new Run(seed, time);
            for (int step = 0; step < STEPS; step++) {
                run.change();
                run.place(step);
            }
        }
    }

    /// One cluster: as the scheduler sees it, and as plain lists.
    private static final class Run {
        private final long seed;
        private final Random random;
        private final RandomObjects objects;
        private final ClusterState state = new ClusterState();
        private final StoredVolumes storage = new StoredVolumes();
        private final StoredDevices devices = new StoredDevices();
        private final Nominations nominations = new Nominations();
        private final Map<String, Pod> promised = new HashMap<>();
        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final Map<String, Pod> pods = new LinkedHashMap<>();
        private final Map<String, Map<String, String>> namespaces = new HashMap<>();
        private final Profile profile;
        private final Placement placement;
        private int volumes;

        Run(long seed, SimulatedTimeline time) {
            this.seed = seed;
            this.random = new Random(seed);
            this.objects = new RandomObjects(random);
            this.profile = profile(time);
            this.placement = new Placement(profile, state, nominations, random);
            RandomObjects.storageClasses().forEach(one -> storage.classes.put(one.metadata().name(), one));
            devices.classes.addAll(RandomObjects.deviceClasses());
        }

        private Profile profile(SimulatedTimeline time) {
            DynamicResources dynamic = new DynamicResources(devices, PlacementPropertyTest::kinds, time, Duration.ZERO, Duration.ofMinutes(1), event -> {});
            return DefaultPlugins.profile(pod -> Selector.nothing(), storage, dynamic, resource -> devices.classFor(resource) != null);
        }

        private World world() {
            return new World(nodes.values(), pods.values(), namespaces, storage.volumes.values(), storage.claims.values(), storage.classes.values(), storage.csiNodes.values(),
                    devices.claims.values(), devices.slices.values(), devices.classes);
        }

        void change() {
            for (int i = random.nextInt(3); i >= 0; i--) {
                switch (nodes.size() < 3 ? 0 : random.nextInt(16)) {
                    case 0, 1 -> node("n" + random.nextInt(7));
                    case 2 -> removePod();
                    case 3 -> removeNode();
                    case 4 -> namespace(objects.any(RandomObjects.NAMESPACES));
                    case 5 -> endPod();
                    case 6, 7 -> volume();
                    case 8, 9 -> claim();
                    case 10 -> promise();
                    case 11, 12 -> deviceClaim();
                    case 13 -> changeNode();
                    default -> {}
                }
            }
        }

        private void node(String name) {
            Node node = objects.node(name);
            state.put(node);
            nodes.put(name, node);
            if (objects.once(2)) {
                storage.csiNodes.put(name, objects.csiNode(name));
            }
            if (!devices.slices.containsKey(name)) {
                devices.slices.put(name, objects.slice(name));
            }
        }

        /// Cordoned, or not any more; nothing else.
        private void changeNode() {
            String name = objects.any(List.copyOf(nodes.keySet()));
            Node node = java.util.Objects.requireNonNull(nodes.get(name)).withSpec(spec -> spec.withUnschedulable(!spec.unschedulable()));
            nodes.put(name, node);
            state.put(node);
        }

        private void removeNode() {
            String name = objects.any(List.copyOf(nodes.keySet()));
            nodes.remove(name);
            state.removeNode(name);
            pods.values().stream().filter(pod -> pod.spec().nodeName().equals(name)).toList().forEach(this::remove);
        }

        private void removePod() {
            if (!pods.isEmpty()) {
                remove(java.util.Objects.requireNonNull(pods.get(objects.any(List.copyOf(pods.keySet())))));
            }
        }

        private void remove(Pod pod) {
            pods.remove(pod.metadata().uid());
            state.remove(pod.metadata().uid());
        }

        private void endPod() {
            if (!pods.isEmpty()) {
                String uid = objects.any(List.copyOf(pods.keySet()));
                Pod ending = java.util.Objects.requireNonNull(pods.get(uid)).withMetadata(meta -> meta.withDeletionTimestamp(Instant.EPOCH));
                pods.put(uid, ending);
                state.put(ending);
            }
        }

        private void namespace(String name) {
            Map<String, String> labels = objects.namespaceLabels();
            namespaces.put(name, labels);
            state.putNamespace(name, labels);
        }

        private void volume() {
            PersistentVolume volume = objects.volume("v" + volumes++, "local");
            storage.volumes.put(volume.metadata().name(), volume);
        }

        /// A claim comes, or goes, or is bound from outside.
        private void claim() {
            String name = "c" + random.nextInt(4);
            PersistentVolumeClaim claim = storage.claims.get(name);
            if (claim == null) {
                storage.claims.put(name, objects.claim(name, "default"));
            } else if (claim.spec().volumeName().isEmpty() && objects.once(2)) {
                PersistentVolume volume = objects.volume("v" + volumes++, claim.spec().storageClassName());
                if (objects.once(5)) {
                    volume = volume.withMetadata(meta -> meta.withName("lost"));
                } else {
                    storage.volumes.put(volume.metadata().name(), volume.withSpec(spec -> spec.withClaimRef(ref -> ref.withName(name).withNamespace("default").withUid(claim.metadata().uid()))));
                }
                String bound = volume.metadata().name();
                storage.claims.put(name, claim.withSpec(spec -> spec.withVolumeName(bound)).withMetadata(meta -> meta.withAnnotations(Map.of("pv.kubernetes.io/bind-completed", "yes"))));
            } else if (pods.isEmpty() || objects.once(3)) {
                storage.claims.remove(name);
                storage.volumes.values().removeIf(volume -> volume.spec().claimRef().name().equals(name));
            }
        }

        private void deviceClaim() {
            ResourceClaim claim = objects.deviceClaim("dc" + random.nextInt(4), "default");
            ResourceClaim known = devices.claims.get(StoredDevices.key(claim));
            if (known == null || objects.once(3)) {
                devices.writeStatus(claim);
            }
        }

        /// Room on a node is promised to a pod that is not there yet, or the promise is taken back.
        private void promise() {
            if (!promised.isEmpty() && objects.once(2)) {
                String uid = promised.keySet().iterator().next();
                promised.remove(uid);
                nominations.remove(uid);
                return;
            }
            Pod pod = Objects.on(objects.pod("promised-" + random.nextInt(1000), "default-scheduler"), objects.any(List.copyOf(nodes.keySet())));
            promised.put(pod.metadata().uid(), pod);
            nominations.put(new PodInfo(pod.withSpec(spec -> spec.withoutNodeName())), pod.spec().nodeName());
        }

        void place(int step) throws InterruptedException {
            String volumesOrNot = objects.once(5) ? objects.volumes() : "";
            String devicesOrNot = objects.once(5) ? objects.deviceClaims() : "";
            Pod pod = objects.pod("p" + step, "default-scheduler", volumesOrNot, devicesOrNot);
            if (!volumesOrNot.isEmpty() || !devicesOrNot.isEmpty()) {
                pod = pod.withMetadata(meta -> meta.withNamespace("default"));
            }
            List<String> allowed = allowed(pod);
            switch (placement.find(new PodInfo(pod))) {
                case Placement.Result.Chosen chosen -> {
                    assertThat(allowed).as("seed %d step %d: %s", seed, step, pod).contains(chosen.node().name());
                    bind(pod, chosen.node());
                }
                case Placement.Result.None none -> assertThat(allowed).as("seed %d step %d: %s: %s", seed, step, pod, none.diagnosis().message(nodes.size())).isEmpty();
            }
        }

        /// As things are, and also when those had come to whom room is promised.
        private List<String> allowed(Pod pod) {
            World now = world();
            List<String> allowed = new ArrayList<>();
            for (String name : new ReferenceScheduler(now).mayGoTo(pod)) {
                World then = now.withAll(promised.values().stream().filter(other -> other.spec().nodeName().equals(name) && other.spec().priority() >= pod.spec().priority()).toList());
                if (new ReferenceScheduler(then).allows(pod, java.util.Objects.requireNonNull(nodes.get(name)))) {
                    allowed.add(name);
                }
            }
            return allowed;
        }

        private void bind(Pod pod, NodeInfo node) throws InterruptedException {
            PodInfo info = new PodInfo(pod);
            state.put(info, node.name());
            for (ReservePlugin plugin : profile.reserves()) {
                plugin.reserve(info, node);
            }
            for (PreBindPlugin plugin : profile.preBinds()) {
                plugin.preBind(info, node);
            }
            Pod bound = Objects.on(pod, node.name());
            if (objects.once(2)) {
                state.confirm(bound);
            } else {
                state.put(bound);
            }
            pods.put(bound.metadata().uid(), bound);
        }
    }

    /// In these tests an expression is the value that the attribute `kind` must have.
    static io.j8s.scheduler.devices.DeviceExpressions.Compiled kinds(String text) {
        return (driver, device) -> ReferenceDevices.kindOf(device).equals(text);
    }
}
