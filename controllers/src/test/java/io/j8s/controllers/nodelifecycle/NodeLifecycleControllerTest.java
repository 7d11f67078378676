package io.j8s.controllers.nodelifecycle;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.nodes.Nodes;
import io.j8s.controllers.podgc.PodGarbageCollector;
import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.tainteviction.TaintEvictionController;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Toleration;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeLifecycleControllerTest {
    private final Simulation simulation = new Simulation(42);
    private final Set<String> alive = new HashSet<>();

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start() {
        simulation.start(context -> new NodeLifecycleController(context, NodeLifecycleSettings.DEFAULT, 8));
        simulation.start(context -> new TaintEvictionController(context, 8));
        simulation.start(context -> new PodGarbageCollector(context, 12500));
        simulation.time.start("kubelets", () -> {
            while (true) {
                for (String name : Set.copyOf(alive)) {
                    beat(name);
                }
                simulation.time.sleep(Duration.ofSeconds(10));
            }
        });
    }

    @Test
    void aSilentNodeIsUnknownTaintedAndClearedAndComesBack() {
        start();
        node("a", "");
        node("b", "");
        pod("p", "a");
        simulation.advance(Duration.ofMinutes(2));
        simulation.api.takeRequests();
        simulation.advance(Duration.ofMinutes(2));
        assertThat(simulation.api.takeWrites()).allMatch(r -> r.resource().plural().equals("leases"));
        alive.remove("a");
        simulation.advance(Duration.ofSeconds(45));
        assertThat(Nodes.status(get("a"), "Ready")).isEqualTo("True");
        simulation.advance(Duration.ofSeconds(25));
        assertThat(Nodes.status(get("a"), "Ready")).isEqualTo("Unknown");
        assertThat(taints("a")).containsExactlyInAnyOrder("node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute");
        assertThat(Pods.ready(simulation.pods("ns").getFirst())).isFalse();
        simulation.advance(Duration.ofSeconds(250));
        assertThat(simulation.pods("ns").getFirst().metadata().deletionTimestamp()).isNull();
        simulation.advance(Duration.ofSeconds(60));
        assertThat(simulation.pods("ns").getFirst().metadata().deletionTimestamp()).isNotNull();
        assertThat(Pods.condition(simulation.pods("ns").getFirst(), "DisruptionTarget")).isNotNull();
        alive.add("a");
        setReady("a", "True");
        simulation.advance(Duration.ofSeconds(20));
        assertThat(taints("a")).isEmpty();
    }

    @Test
    void aShortSilenceCancelsTheEviction() {
        start();
        node("a", "");
        node("b", "");
        pod("p", "a");
        simulation.advance(Duration.ofSeconds(20));
        setReady("a", "False");
        simulation.advance(Duration.ofSeconds(30));
        assertThat(taints("a")).containsExactlyInAnyOrder("node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute");
        setReady("a", "True");
        simulation.advance(Duration.ofMinutes(20));
        assertThat(simulation.pods("ns").getFirst().metadata().deletionTimestamp()).isNull();
        assertThat(simulation.reasons("ns")).contains("TaintManagerEviction");
    }

    @Test
    void whenNoNodeIsReadyNothingIsEvicted() {
        start();
        node("a", "");
        node("b", "");
        pod("p", "a");
        simulation.advance(Duration.ofSeconds(20));
        alive.clear();
        simulation.advance(Duration.ofMinutes(30));
        assertThat(taints("a")).doesNotContain("node.kubernetes.io/unreachable:NoExecute");
        assertThat(simulation.pods("ns").getFirst().metadata().deletionTimestamp()).isNull();
    }

    @Test
    void nodesOfAZoneAreClearedSlowly() {
        start();
        for (int i = 0; i < 20; i++) {
            node("n" + i, "");
        }
        simulation.advance(Duration.ofSeconds(20));
        for (int i = 0; i < 8; i++) {
            setReady("n" + i, "False");
        }
        simulation.advance(Duration.ofSeconds(30));
        long tainted = simulation.api.peek(Node.RESOURCE, "").stream().filter(n -> n.spec().taints().stream().anyMatch(t -> t.effect().equals("NoExecute"))).count();
        assertThat(tainted).isBetween(2L, 4L);
        simulation.advance(Duration.ofSeconds(90));
        tainted = simulation.api.peek(Node.RESOURCE, "").stream().filter(n -> n.spec().taints().stream().anyMatch(t -> t.effect().equals("NoExecute"))).count();
        assertThat(tainted).isEqualTo(8);
    }

    @Test
    void aSmallZoneMostOfWhichFailsIsLeftAlone() {
        start();
        for (int i = 0; i < 5; i++) {
            node("x" + i, "x");
            node("y" + i, "y");
        }
        simulation.advance(Duration.ofSeconds(20));
        for (int i = 0; i < 4; i++) {
            setReady("x" + i, "False");
        }
        simulation.advance(Duration.ofMinutes(10));
        long tainted = simulation.api.peek(Node.RESOURCE, "").stream().filter(n -> n.spec().taints().stream().anyMatch(t -> t.effect().equals("NoExecute"))).count();
        assertThat(tainted).isZero();
    }

    @Test
    void conditionsAndCordonsBecomeTaints() {
        start();
        node("a", "");
        simulation.advance(Duration.ofSeconds(10));
        Node node = get("a");
        simulation.api.updateStatus(Node.RESOURCE, "", node.withStatus(s -> s.withConditions(List.of(s.conditions().getFirst(), NodeCondition.EMPTY.withType("DiskPressure").withStatus("True")))));
        simulation.api.update(Node.RESOURCE, "", get("a").withSpec(s -> s.withUnschedulable(true)).withMetadata(m -> m.withLabels(Map.of("kubernetes.io/os", "linux"))));
        simulation.settle();
        assertThat(taints("a")).containsExactlyInAnyOrder("node.kubernetes.io/disk-pressure:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule");
        assertThat(get("a").metadata().labels()).containsEntry("beta.kubernetes.io/os", "linux");
        simulation.api.update(Node.RESOURCE, "", get("a").withSpec(s -> s.withoutUnschedulable()));
        simulation.settle();
        assertThat(taints("a")).containsExactly("node.kubernetes.io/disk-pressure:NoSchedule");
    }

    @Test
    void podsWithoutATolerationGoAtOnce() {
        start();
        node("a", "");
        node("b", "");
        simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("plain")).withSpec(s -> s.withNodeName("a")));
        simulation.api.create(
                Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("tolerant")).withSpec(s -> s.withNodeName("a").withTolerations(List.of(Toleration.EMPTY.withOperator("Exists")))));
        simulation.advance(Duration.ofSeconds(10));
        simulation.api.update(Node.RESOURCE, "", get("a").withSpec(s -> s.withTaints(List.of(Taint.EMPTY.withKey("custom").withEffect("NoExecute")))));
        simulation.settle();
        assertThat(simulation.pods("ns", p -> p.metadata().deletionTimestamp() != null)).extracting(p -> p.metadata().name()).containsExactly("plain");
    }

    @Test
    void podsOfANodeThatIsGoneAreRemoved() {
        start();
        node("a", "");
        node("b", "");
        pod("p", "a");
        pod("q", "b");
        simulation.advance(Duration.ofSeconds(10));
        alive.remove("a");
        simulation.api.delete(Node.RESOURCE, "", "a", DeleteOptions.DEFAULT);
        simulation.advance(Duration.ofSeconds(30));
        assertThat(simulation.pods("ns")).hasSize(2);
        simulation.advance(Duration.ofSeconds(60));
        assertThat(simulation.pods("ns")).extracting(p -> p.metadata().name()).containsExactly("q");
    }

    private void node(String name, String zone) {
        Map<String, String> labels = zone.isEmpty() ? Map.of() : Map.of("topology.kubernetes.io/zone", zone);
        simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named(name).withLabels(labels)));
        setReady(name, "True");
        alive.add(name);
    }

    private void setReady(String name, String status) {
        Node node = get(name);
        List<NodeCondition> conditions = List.of(NodeCondition.EMPTY.withType("Ready").withStatus(status).withLastHeartbeatTime(simulation.time.now()));
        simulation.api.updateStatus(Node.RESOURCE, "", node.withMetadata(m -> m.withoutResourceVersion()).withStatus(s -> s.withConditions(conditions)));
    }

    private void beat(String name) {
        try {
            Lease lease = simulation.api.find(Lease.RESOURCE, "kube-node-lease", name);
            if (lease == null) {
                simulation.api.create(Lease.RESOURCE, "kube-node-lease", Lease.EMPTY.withMetadata(named(name)).withSpec(s -> s.withRenewTime(simulation.time.now())));
            } else {
                simulation.api.update(Lease.RESOURCE, "kube-node-lease", lease.withSpec(s -> s.withRenewTime(simulation.time.now())));
            }
        } catch (ApiException e) {
            throw new AssertionError("a node could not renew its lease", e);
        }
    }

    private void pod(String name, String node) {
        List<Toleration> tolerations = List.of(
                Toleration.EMPTY.withKey("node.kubernetes.io/unreachable").withOperator("Exists").withEffect("NoExecute").withTolerationSeconds(300L),
                Toleration.EMPTY.withKey("node.kubernetes.io/not-ready").withOperator("Exists").withEffect("NoExecute").withTolerationSeconds(300L));
        Pod pod = simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named(name)).withSpec(s -> s.withNodeName(node).withTolerations(tolerations)));
        simulation.setReady(pod, true);
    }

    private Node get(String name) {
        return simulation.api.peek(Node.RESOURCE, "").stream().filter(n -> n.metadata().name().equals(name)).findFirst().orElseThrow();
    }

    private List<String> taints(String name) {
        return get(name).spec().taints().stream().map(t -> t.key() + ":" + t.effect()).toList();
    }
}
