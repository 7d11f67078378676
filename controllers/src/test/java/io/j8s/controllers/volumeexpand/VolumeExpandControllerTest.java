package io.j8s.controllers.volumeexpand;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class VolumeExpandControllerTest {

    @Test
    void a_claim_that_asks_for_more_than_it_has_waits_for_its_driver() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new VolumeExpandController(context, 2));
            create(simulation, "csi", s -> s.withCsi(c -> c.withDriver("d")));
            create(simulation, "old", s -> s.withAwsElasticBlockStore(c -> c.withVolumeID("v")));
            simulation.settle();
            assertThat(simulation.api.peek(Event.RESOURCE, "ns")).isEmpty();
            grow(simulation, "csi");
            grow(simulation, "old");
            simulation.settle();
            assertThat(simulation.api.peek(Event.RESOURCE, "ns")).allMatch(e -> e.reason().equals("ExternalExpanding")).extracting(Event::message).containsExactlyInAnyOrder(
                    "waiting for an external controller to expand this PVC", "CSI migration enabled for kubernetes.io/aws-ebs; waiting for external resizer to expand the pvc");
            assertThat(simulation.api.get(PersistentVolumeClaim.RESOURCE, "ns", "old").metadata().annotations()).containsEntry("volume.kubernetes.io/storage-resizer", "ebs.csi.aws.com");
            simulation.assertQuiet();
        }
    }

    @Test
    void claims_that_are_not_bound_or_ask_for_no_more_are_left_alone() {
        try (Simulation simulation = new Simulation(2)) {
            simulation.start(context -> new VolumeExpandController(context, 2));
            create(simulation, "same", s -> s.withCsi(c -> c.withDriver("d")));
            simulation.api.create(PersistentVolumeClaim.RESOURCE, "ns", PersistentVolumeClaim.EMPTY.withMetadata(named("pending")).withSpec(s -> s.withResources(r -> r.withRequests(Map.of("storage", Quantity.parse("1Gi"))))));
            simulation.settle();
            grow(simulation, "pending");
            PersistentVolumeClaim same = simulation.api.get(PersistentVolumeClaim.RESOURCE, "ns", "same");
            simulation.api.updateStatus(PersistentVolumeClaim.RESOURCE, "ns", same.withStatus(s -> s.withCapacity(Map.of("storage", Quantity.parse("3Gi")))));
            simulation.settle();
            assertThat(simulation.api.peek(Event.RESOURCE, "ns")).isEmpty();
            simulation.assertQuiet();
        }
    }

    @Test
    void a_volume_that_is_another_claims_is_not_expanded() {
        try (Simulation simulation = new Simulation(3)) {
            simulation.start(context -> new VolumeExpandController(context, 2));
            create(simulation, "a", s -> s.withCsi(c -> c.withDriver("d")));
            simulation.api.update(PersistentVolume.RESOURCE, "", simulation.api.get(PersistentVolume.RESOURCE, "", "a").withSpec(s -> s.withClaimRef(r -> r.withUid("another"))));
            grow(simulation, "a");
            simulation.settle();
            assertThat(simulation.api.peek(Event.RESOURCE, "ns")).isEmpty();
        }
    }

    private static void create(Simulation simulation, String name, UnaryOperator<PersistentVolumeSpec> source) {
        PersistentVolumeClaim claim = simulation.api.create(PersistentVolumeClaim.RESOURCE, "ns", PersistentVolumeClaim.EMPTY.withMetadata(named(name))
                .withSpec(s -> s.withVolumeName(name).withResources(r -> r.withRequests(Map.of("storage", Quantity.parse("1Gi"))))));
        simulation.api.updateStatus(PersistentVolumeClaim.RESOURCE, "ns", claim.withStatus(s -> s.withPhase("Bound").withCapacity(Map.of("storage", Quantity.parse("1Gi")))));
        simulation.api.create(PersistentVolume.RESOURCE, "", PersistentVolume.EMPTY.withMetadata(named(name)).withSpec(s -> source.apply(s).withClaimRef(r -> r.withNamespace("ns").withName(name).withUid(claim.metadata().uid()))));
    }

    private static void grow(Simulation simulation, String name) {
        simulation.api.update(PersistentVolumeClaim.RESOURCE, "ns", simulation.api.get(PersistentVolumeClaim.RESOURCE, "ns", name).withSpec(s -> s.withResources(r -> r.withRequests(Map.of("storage", Quantity.parse("2Gi"))))));
    }
}
