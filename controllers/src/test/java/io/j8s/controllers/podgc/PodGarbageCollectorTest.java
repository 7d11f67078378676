package io.j8s.controllers.podgc;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Taint;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodGarbageCollectorTest {
    private final Simulation simulation = new Simulation(11);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start(int mostFinished) {
        simulation.start(context -> new PodGarbageCollector(context, mostFinished));
    }

    private void node(String name, String ready, Taint... taints) {
        Node node = simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named(name)).withSpec(s -> s.withTaints(List.of(taints))));
        simulation.api.updateStatus(Node.RESOURCE, "", node.withStatus(s -> s.withConditions(List.of(NodeCondition.EMPTY.withType("Ready").withStatus(ready)))));
    }

    private Pod pod(String name, String node, String phase) {
        Pod pod = simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named(name).withFinalizers(List.of("test/watched"))).withSpec(s -> s.withNodeName(node)));
        simulation.setPhase(pod, phase);
        simulation.settle();
        return pod;
    }

    private List<String> left() {
        return simulation.pods("ns", pod -> pod.metadata().deletionTimestamp() == null).stream().map(pod -> pod.metadata().name()).toList();
    }

    @Test
    void of_too_many_finished_pods_the_evicted_and_then_the_oldest_go() {
        node("n", "True");
        pod("old", "n", "Succeeded");
        pod("young", "n", "Failed");
        Pod evicted = pod("evicted", "n", "Failed");
        simulation.api.updateStatus(Pod.RESOURCE, "ns", evicted.withMetadata(m -> m.withoutResourceVersion()).withStatus(s -> s.withPhase("Failed").withReason("Evicted")));
        pod("running", "n", "Running");
        start(1);
        simulation.advance(Duration.ofSeconds(30));
        assertThat(left()).containsExactlyInAnyOrder("young", "running");
    }

    @Test
    void without_a_limit_finished_pods_stay() {
        node("n", "True");
        pod("done", "n", "Succeeded");
        start(0);
        simulation.advance(Duration.ofHours(1));
        assertThat(left()).containsExactly("done");
        simulation.assertQuiet();
    }

    @Test
    void pods_of_a_node_that_is_gone_for_a_while_fail_and_go() {
        start(100);
        pod("lost", "ghost", "Running");
        simulation.advance(Duration.ofSeconds(35));
        assertThat(left()).as("a node may come a moment later").containsExactly("lost");
        simulation.advance(Duration.ofSeconds(60));
        assertThat(simulation.pods("ns")).singleElement().satisfies(pod -> {
            assertThat(pod.status().phase()).isEqualTo("Failed");
            assertThat(pod.status().conditions()).singleElement().satisfies(c ->
                    assertThat(c.type() + " " + c.reason() + ": " + c.message()).isEqualTo("DisruptionTarget DeletionByPodGC: PodGC: node no longer exists"));
        });
        assertThat(left()).isEmpty();
    }

    @Test
    void pods_that_were_to_go_from_a_node_out_of_service_go() {
        node("dead", "Unknown", Taint.EMPTY.withKey("node.kubernetes.io/out-of-service").withEffect("NoExecute"));
        node("slow", "Unknown");
        pod("ending", "dead", "Running");
        pod("staying", "dead", "Running");
        pod("waiting", "slow", "Running");
        for (String name : List.of("ending", "waiting")) {
            simulation.api.delete(Pod.RESOURCE, "ns", name, DeleteOptions.DEFAULT.after(30));
        }
        start(100);
        simulation.advance(Duration.ofMinutes(2));
        assertThat(simulation.pods("ns", pod -> pod.status().phase().equals("Failed"))).extracting(pod -> pod.metadata().name()).containsExactly("ending");
        assertThat(left()).containsExactly("staying");
    }
}
