package io.j8s.controllers.ephemeralvolume;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.loop.Ownership;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import java.util.List;
import org.junit.jupiter.api.Test;

class EphemeralVolumeControllerTest {

    @Test
    void aPodGetsTheClaimOfItsVolumeAndNoOtherOne() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new EphemeralVolumeController(context, 5));
            simulation.api.create(PersistentVolumeClaim.RESOURCE, "ns", PersistentVolumeClaim.EMPTY.withMetadata(named("q-data")));
            for (String name : List.of("p", "q")) {
                Volume volume = Volume.EMPTY.withName("data").withEphemeral(e -> e.withVolumeClaimTemplate(t -> t.withSpec(s -> s.withStorageClassName("fast"))));
                simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named(name)).withSpec(s -> s.withVolumes(List.of(volume))));
            }
            simulation.settle();
            PersistentVolumeClaim claim = simulation.api.get(PersistentVolumeClaim.RESOURCE, "ns", "p-data");
            assertThat(claim.spec().storageClassName()).isEqualTo("fast");
            assertThat(Ownership.controlledBy(claim, simulation.api.get(Pod.RESOURCE, "ns", "p").metadata().uid())).isTrue();
            assertThat(simulation.api.get(PersistentVolumeClaim.RESOURCE, "ns", "q-data").metadata().ownerReferences()).isEmpty();
            assertThat(simulation.api.peek(Event.RESOURCE, "ns")).extracting(e -> e.involvedObject().name() + " " + e.reason() + ": " + e.message())
                    .containsOnly("q FailedBinding: ephemeral volume data: PVC ns/q-data was not created for pod ns/q (pod is not owner)");
        }
    }
}
