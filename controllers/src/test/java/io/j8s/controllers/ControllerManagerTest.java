package io.j8s.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.client.ApiException;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.client.testing.MemoryApi;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.ReplicaSetSpec;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.runtime.SimulatedTimeline;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllerManagerTest {
    private final SimulatedTimeline time = new SimulatedTimeline(3);
    private final MemoryApi api = new MemoryApi(time);

    @AfterEach
    void close() {
        time.close();
        assertThat(time.failures()).isEmpty();
    }

    @Test
    void runsAllControllersAndStopsThem() {
        ControllerManager manager = new ControllerManager(time, ControllerManager.Parts.simple(api, api));
        manager.start();
        time.run(manager::leads);
        create("web");
        time.advance(Duration.ofSeconds(1));
        assertThat(api.peek(Pod.RESOURCE, "ns")).hasSize(2);
        manager.close();
        assertThat(manager.leads()).isFalse();
        create("late");
        time.advance(Duration.ofMinutes(1));
        assertThat(api.peek(Pod.RESOURCE, "ns")).hasSize(2);
    }

    @Test
    void onlyTheLeaderWorksAndAnotherTakesOver() {
        ControllerManager first = elected("a");
        first.start();
        time.run(first::leads);
        ControllerManager second = elected("b");
        second.start();
        time.advance(Duration.ofMinutes(1));
        assertThat(second.leads()).isFalse();
        first.close();
        time.run(second::leads, Duration.ofSeconds(10));
        create("web");
        time.advance(Duration.ofSeconds(1));
        assertThat(api.peek(Pod.RESOURCE, "ns")).hasSize(2);
        second.close();
    }

    @Test
    void aLeaderThatCannotRenewStopsAllItsLoopsBeforeAnotherTakesOver() {
        ControllerManager first = elected("a");
        first.start();
        time.run(first::leads);
        api.faults(request -> request.resource().equals(Lease.RESOURCE) ? new ApiException(500, "InternalError", "no leases today", Status.EMPTY) : null);
        time.advance(Duration.ofSeconds(20));
        assertThat(first.leads()).isFalse();
        create("web");
        time.advance(Duration.ofMinutes(1));
        assertThat(api.peek(Pod.RESOURCE, "ns")).as("nobody leads").isEmpty();
        api.faults(request -> null);
        time.run(first::leads, Duration.ofMinutes(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(api.peek(Pod.RESOURCE, "ns")).hasSize(2);
        first.close();
    }

    @Test
    void theSelectionIsReadAsUpstreamReadsIt() {
        Controllers.Entry replicaSet = Controllers.LIST.stream().filter(e -> e.name().equals("replicaset-controller")).findFirst().orElseThrow();
        assertThat(ControllerSelection.parse("*", Controllers.LIST).includes(replicaSet)).isTrue();
        assertThat(ControllerSelection.parse("*,-replicaset-controller", Controllers.LIST).includes(replicaSet)).isFalse();
        assertThat(ControllerSelection.parse("*,-replicaset", Controllers.LIST).includes(replicaSet)).as("the older name").isFalse();
        assertThat(ControllerSelection.parse("replicaset-controller", Controllers.LIST).includes(replicaSet)).isTrue();
        assertThat(ControllerSelection.parse("replicationcontroller-controller", Controllers.LIST).includes(replicaSet)).isFalse();
        assertThatThrownBy(() -> ControllerSelection.parse("*,-wrong", Controllers.LIST)).hasMessageContaining("\"wrong\"").hasMessageContaining("replicaset-controller");
    }

    private ControllerManager elected(String identity) {
        return new ControllerManager(time, ControllerManager.Parts.simple(api, api).withElection(LeaderSettings.of("kube-system", "kube-controller-manager", identity)));
    }

    private void create(String name) {
        Map<String, String> labels = Map.of("app", name);
        ReplicaSetSpec spec = ReplicaSetSpec.EMPTY.withReplicas(2).withSelector(LabelSelector.EMPTY.withMatchLabels(labels)).withTemplate(t -> t.withMetadata(m -> m.withLabels(labels)));
        api.create(ReplicaSet.RESOURCE, "ns", ReplicaSet.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)).withSpec(spec));
    }
}
