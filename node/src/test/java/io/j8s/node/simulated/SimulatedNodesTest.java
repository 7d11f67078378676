package io.j8s.node.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.MemoryApi;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.node.registration.NodeLease;
import io.j8s.node.status.PodConditions;
import io.j8s.runtime.SimulatedTimeline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedNodesTest {
    private final SimulatedTimeline time = new SimulatedTimeline(3);
    private final MemoryApi api = new MemoryApi(time);
    private final SimulatedNodes nodes = new SimulatedNodes(api, name -> api, time, Simulation.DEFAULT.withFinishAfter(Duration.ofSeconds(5)));

    @AfterEach
    void close() {
        nodes.close();
        time.close();
        assertThat(time.failures()).isEmpty();
    }

    @Test
    void a_node_is_ready_with_everything_that_clients_expect_and_keeps_its_lease() {
        nodes.add("n1");
        nodes.start();
        Node node = api.get(Node.RESOURCE, "", "n1");
        assertThat(node.status().conditions()).anySatisfy(c -> assertThat(c.type() + c.status()).isEqualTo("ReadyTrue"));
        assertThat(node.metadata().labels()).containsEntry("kubernetes.io/hostname", "n1");
        assertThat(node.status().nodeInfo().kubeletVersion()).startsWith("v1.36.");
        assertThat(node.status().allocatable()).containsKeys("cpu", "memory", "pods");
        time.advance(Duration.ofMinutes(3));
        Lease lease = api.get(Lease.RESOURCE, NodeLease.NAMESPACE, "n1");
        assertThat(Duration.between(lease.spec().renewTime(), time.now())).isLessThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(lease.metadata().ownerReferences()).singleElement().satisfies(o -> assertThat(o.uid()).isEqualTo(node.metadata().uid()));
    }

    @Test
    void bound_pods_become_running_and_ready_with_addresses_of_their_own() {
        nodes.add("n1");
        nodes.start();
        pod("a", "n1", "Always");
        pod("b", "n1", "Always");
        pod("elsewhere", "n9", "Always");
        time.settle();
        Pod a = api.get(Pod.RESOURCE, "default", "a");
        Pod b = api.get(Pod.RESOURCE, "default", "b");
        assertThat(a.status().phase()).isEqualTo("Running");
        assertThat(PodConditions.isTrue(a.status().conditions(), "Ready")).isTrue();
        assertThat(a.status().containerStatuses()).singleElement().satisfies(c -> assertThat(c.ready() && c.started() && c.state().hasRunning()).isTrue());
        assertThat(a.status().podIP()).startsWith("10.244.0.").isNotEqualTo(b.status().podIP());
        assertThat(api.get(Pod.RESOURCE, "default", "elsewhere").status().phase()).isNotEqualTo("Running");
    }

    @Test
    void pods_that_are_meant_to_end_succeed_after_their_time() {
        nodes.add("n1");
        nodes.start();
        pod("job", "n1", "Never");
        time.advance(Duration.ofSeconds(4));
        assertThat(api.get(Pod.RESOURCE, "default", "job").status().phase()).isEqualTo("Running");
        time.advance(Duration.ofSeconds(2));
        Pod done = api.get(Pod.RESOURCE, "default", "job");
        assertThat(done.status().phase()).isEqualTo("Succeeded");
        assertThat(PodConditions.isTrue(done.status().conditions(), "Ready")).isFalse();
        assertThat(done.status().containerStatuses().getFirst().state().terminated().reason()).isEqualTo("Completed");
    }

    @Test
    void a_deleted_pod_goes_away() {
        nodes.add("n1");
        nodes.start();
        pod("a", "n1", "Always");
        time.settle();
        api.delete(Pod.RESOURCE, "default", "a", DeleteOptions.DEFAULT);
        time.settle();
        assertThat(api.find(Pod.RESOURCE, "default", "a")).isNull();
    }

    @Test
    void pods_keep_their_addresses_when_the_nodes_start_again() {
        nodes.add("n1");
        nodes.start();
        pod("a", "n1", "Always");
        time.settle();
        String address = api.get(Pod.RESOURCE, "default", "a").status().podIP();
        nodes.close();
        try (SimulatedNodes again = new SimulatedNodes(api, name -> api, time, Simulation.DEFAULT)) {
            again.add("n1");
            pod("b", "n1", "Always");
            again.start();
            time.settle();
            assertThat(api.get(Pod.RESOURCE, "default", "a").status().podIP()).isEqualTo(address);
            assertThat(api.get(Pod.RESOURCE, "default", "b").status().podIP()).isNotEmpty().isNotEqualTo(address);
        }
    }

    private void pod(String name, String node, String restartPolicy) {
        api.create(Pod.RESOURCE, "default", Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name).withNamespace("default"))
                .withSpec(s -> s.withNodeName(node).withRestartPolicy(restartPolicy).withTerminationGracePeriodSeconds(30)
                        .withContainers(List.of(Container.EMPTY.withName("main").withImage("app:1")))));
    }
}
