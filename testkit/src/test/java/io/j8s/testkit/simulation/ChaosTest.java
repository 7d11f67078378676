package io.j8s.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.Service;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.policy.v1.Eviction;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.runtime.StalledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole clusters under faults: slow, refused and unanswered calls, watches cut off, nodes that go silent and come back, controllers and scheduler that end in the middle of
/// their work. All the while [Invariants] hold; when the faults end, what was asked for is reached, and then nothing is written any more.
///
/// Besides the fixed seeds one that is new each time; a failure names its seed, and `-Dj8s.seeds=FROM-TO` runs any (`bin/soak` many). A seed that once failed stays in the list.
class ChaosTest {
    private static final int NODES = 6;
    private static final int EVENTS = 40;
    private static final List<Long> KEPT = List.of(1L, 2L);

    static List<Long> seeds() {
        String range = System.getProperty("j8s.seeds", "");
        if (range.isEmpty()) {
            List<Long> seeds = new ArrayList<>(KEPT);
            seeds.add(new SplittableRandom().nextLong(100, 1_000_000_000));
            return seeds;
        }
        return LongStream.rangeClosed(Long.parseLong(range.substring(0, range.indexOf('-'))), Long.parseLong(range.substring(range.indexOf('-') + 1))).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_was_asked_for_is_reached_whatever_fails(long seed) {
        try (SimulatedCluster cluster = SimulatedCluster.start(seed, NODES)) {
            new Run(cluster, seed).all();
        }
    }

    private static final class Run {
        private final SimulatedCluster cluster;
        private final Client client;
        private final SplittableRandom random;
        private final long seed;
        private final Invariants invariants;
        private final TreeSet<String> failed = new TreeSet<>();
        private int web = 6;
        private int db = 3;
        private int version = 1;
        private List<String> isolated = List.of();

        Run(SimulatedCluster cluster, long seed) {
            this.cluster = cluster;
            this.client = cluster.client();
            this.random = new SplittableRandom(seed);
            this.seed = seed;
            this.invariants = new Invariants(client, seed, cluster.time()::now);
        }

        void all() {
            create();
            pass(60);
            cluster.disturb(Faults.SOME);
            for (int i = 0; i < EVENTS; i++) {
                something();
                pass(5 + random.nextInt(40));
            }
            Families.dissolve(client);
            cluster.disturb(Faults.NONE);
            reconnect();
            List.copyOf(failed).forEach(this::join);
            try {
                cluster.run(this::reached, Duration.ofHours(2));
            } catch (StalledException e) {
                throw new AssertionError("seed " + seed + ": what was asked for is not reached: web " + web + ", db " + db + "\n" + state(), e);
            }
            client.patch(Deployment.RESOURCE, "small", "many", new Patch.Merge("{\"spec\":{\"replicas\":4}}"), WriteOptions.NONE); // else its ReplicaSet tries for ever
            pass(600);
            assertThat(reached()).as("seed %s: it stays as it is", seed).isTrue();
            cluster.takeWrites();
            cluster.advance(Duration.ofHours(1));
            assertThat(cluster.takeWrites()).as("seed %s: writes at steady state", seed).isEmpty();
        }

        private void create() {
            client.create(Namespace.RESOURCE, "", Namespace.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("small")));
            client.create(ConfigMap.RESOURCE, "default", ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("keep")));
            client.create(ResourceQuota.RESOURCE, "small", Workloads.quota(4));
            cluster.advance(Duration.ofSeconds(10));
            client.create(Pod.RESOURCE, "default", Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("alone")).withSpec(Workloads.template("alone").spec()));
            client.create(Deployment.RESOURCE, "default", Workloads.deployment("web", web));
            client.create(PodDisruptionBudget.RESOURCE, "default", Workloads.budget("web", 3));
            client.create(StatefulSet.RESOURCE, "default", Workloads.statefulSet("db", db));
            client.create(DaemonSet.RESOURCE, "default", Workloads.daemonSet("agent"));
            client.create(Job.RESOURCE, "default", Workloads.job("batch", 12, 3));
            client.create(Deployment.RESOURCE, "small", Workloads.deployment("many", 10));
            client.create(Service.RESOURCE, "default", Workloads.service("web"));
            Families.create(client);
        }

        /// Lets seconds pass and looks after each.
        private void pass(int seconds) {
            for (int i = 0; i < seconds; i++) {
                cluster.advance(Duration.ofSeconds(1));
                invariants.check();
                assertThat(cluster.leaders()).as("seed %s: controller managers that work", seed).hasSizeLessThanOrEqualTo(1);
            }
        }

        private void something() {
            reconnect();
            switch (random.nextInt(14)) {
                case 0 -> cluster.restartControllers();
                case 1 -> cluster.restartScheduler();
                case 2 -> fail("node-" + random.nextInt(NODES));
                case 3 -> failed.stream().findFirst().ifPresent(this::join);
                case 11 -> Families.dissolve(client);
                case 4 -> scaleWeb(1 + random.nextInt(10));
                case 5 -> scaleDb(random.nextInt(6));
                case 6 -> update();
                case 7 -> isolate(cluster.leaders());
                case 8 -> isolate(List.of("kube-scheduler"));
                case 9 -> cluster.stepClock(Duration.ofMinutes(random.nextInt(-20, 20)));
                case 10 -> destroy("node-" + random.nextInt(NODES));
                default -> evict();
            }
        }

        private void fail(String node) {
            if (failed.size() < NODES / 2 && failed.add(node)) {
                invariants.aloneMayBeGone = true;
                cluster.fail(node);
            }
        }

        private void destroy(String node) {
            if (failed.size() < NODES / 2 && failed.add(node)) {
                invariants.aloneMayBeGone = true;
                cluster.destroy(node);
            }
        }

        private void isolate(List<String> components) {
            isolated = components;
            components.forEach(cluster::isolate);
        }

        private void reconnect() {
            isolated.forEach(cluster::reconnect);
            isolated = List.of();
        }

        private void join(String node) {
            failed.remove(node);
            cluster.join(node);
        }

        private void scaleWeb(int replicas) {
            web = replicas;
            merge(Deployment.RESOURCE, "web", "{\"spec\":{\"replicas\":" + replicas + "}}");
        }

        private void scaleDb(int replicas) {
            db = replicas;
            merge(StatefulSet.RESOURCE, "db", "{\"spec\":{\"replicas\":" + replicas + "}}");
        }

        private void update() {
            version++;
            String image = "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"version\":\"" + version + "\"}}}}}";
            merge(Deployment.RESOURCE, "web", image);
            merge(StatefulSet.RESOURCE, "db", image);
            merge(DaemonSet.RESOURCE, "agent", image);
        }

        private <T extends Struct> void merge(ApiResource<T> resource, String name, String patch) {
            client.patch(resource, "default", name, new Patch.Merge(patch), WriteOptions.NONE);
        }

        /// An eviction is let through only when the budget is kept: so many healthy pods as it asks for are left.
        private void evict() {
            List<Pod> pods = healthy();
            if (pods.isEmpty()) {
                return;
            }
            Pod pod = pods.get(random.nextInt(pods.size()));
            try {
                client.createSubresource(Pod.RESOURCE, "default", pod.metadata().name(), "eviction", Eviction.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(pod.metadata().name())),
                        Status.TYPE, WriteOptions.NONE);
                assertThat(pods.size() - 1).as("seed %s: healthy pods after the eviction of %s", seed, pod.metadata().name()).isGreaterThanOrEqualTo(3);
            } catch (ApiException e) {
                assertThat(e.code()).as("seed %s: %s", seed, e.getMessage()).isIn(429, 500);
            }
        }

        private List<Pod> healthy() {
            return client.list(Pod.RESOURCE, "default").stream().filter(p -> "web".equals(p.metadata().labels().get("app")) && ready(p)).toList();
        }

        private static boolean ready(Pod pod) {
            return pod.metadata().deletionTimestamp() == null && pod.status().conditions().stream().anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
        }

        private boolean reached() {
            Deployment deployment = client.get(Deployment.RESOURCE, "default", "web");
            StatefulSet set = client.get(StatefulSet.RESOURCE, "default", "db");
            DaemonSet agent = client.get(DaemonSet.RESOURCE, "default", "agent");
            List<Pod> pods = client.list(Pod.RESOURCE, "default");
            return deployment.status().updatedReplicas() == web && deployment.status().readyReplicas() == web && deployment.status().replicas() == web
                    && count(pods, "web") == web
                    && set.status().readyReplicas() == db && set.status().updatedReplicas() == db && count(pods, "db") == db
                    && agent.status().numberReady() == NODES && agent.status().updatedNumberScheduled() == NODES && count(pods, "agent") == NODES
                    && client.get(Job.RESOURCE, "default", "batch").status().succeeded() == 12
                    && client.list(Pod.RESOURCE, "small").stream().filter(Run::ready).count() == 4
                    && Workloads.serviceNames(client, "web", pods.stream().filter(p -> "web".equals(p.metadata().labels().get("app")) && ready(p)).toList())
                    && Families.settled(client);
        }

        private String state() {
            StringBuilder text = new StringBuilder();
            text.append("web: ").append(Json.text(client.get(Deployment.RESOURCE, "default", "web").status())).append('\n');
            text.append("db: ").append(Json.text(client.get(StatefulSet.RESOURCE, "default", "db").status())).append('\n');
            text.append("agent: ").append(Json.text(client.get(DaemonSet.RESOURCE, "default", "agent").status())).append('\n');
            text.append("batch: ").append(Json.text(client.get(Job.RESOURCE, "default", "batch").status())).append('\n');
            for (Node node : client.list(Node.RESOURCE, "")) {
                text.append(node.metadata().name()).append(' ').append(Json.text(node.spec())).append('\n');
            }
            for (Pod pod : client.list(Pod.RESOURCE, "")) {
                text.append(Json.text(pod.withMetadata(m -> m.withoutManagedFields()))).append('\n');
            }
            return text.toString();
        }

        private static long count(List<Pod> pods, String app) {
            return pods.stream().filter(p -> app.equals(p.metadata().labels().get("app")) && ready(p)).count();
        }
    }
}
