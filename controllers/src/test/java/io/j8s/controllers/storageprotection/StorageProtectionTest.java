package io.j8s.controllers.storageprotection;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import java.util.List;
import io.j8s.model.storage.v1.VolumeAttributesClass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StorageProtectionTest {
    private final Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    @Test
    void aClaimStaysWhileAScheduledPodUsesIt() {
        simulation.start(context -> new ClaimProtectionController(context, 1));
        simulation.api.create(PersistentVolumeClaim.RESOURCE, "ns", PersistentVolumeClaim.EMPTY.withMetadata(named("c")));
        List<Volume> volumes = List.of(Volume.EMPTY.withName("v").withPersistentVolumeClaim(s -> s.withClaimName("c")));
        simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("p")).withSpec(s -> s.withNodeName("n").withVolumes(volumes)));
        simulation.settle();
        simulation.api.delete(PersistentVolumeClaim.RESOURCE, "ns", "c", DeleteOptions.DEFAULT);
        simulation.assertQuiet();
        assertThat(simulation.api.peek(PersistentVolumeClaim.RESOURCE, "ns")).hasSize(1);
        simulation.api.delete(Pod.RESOURCE, "ns", "p", DeleteOptions.DEFAULT.after(0));
        simulation.settle();
        assertThat(simulation.api.peek(PersistentVolumeClaim.RESOURCE, "ns")).isEmpty();
    }

    @Test
    void aVolumeStaysWhileItIsBound() {
        simulation.start(context -> new VolumeProtectionController(context, 1));
        PersistentVolume volume = simulation.api.create(PersistentVolume.RESOURCE, "", PersistentVolume.EMPTY.withMetadata(named("v")).withSpec(s -> s.withStorageClassName("x")));
        simulation.settle();
        simulation.api.updateStatus(PersistentVolume.RESOURCE, "", volume.withMetadata(m -> m.withoutResourceVersion().withFinalizers(List.of("kubernetes.io/pv-protection"))).withStatus(s -> s.withPhase("Bound")));
        simulation.api.delete(PersistentVolume.RESOURCE, "", "v", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(simulation.api.peek(PersistentVolume.RESOURCE, "")).hasSize(1);
        PersistentVolume bound = simulation.api.get(PersistentVolume.RESOURCE, "", "v");
        simulation.api.updateStatus(PersistentVolume.RESOURCE, "", bound.withStatus(s -> s.withPhase("Released")));
        simulation.settle();
        assertThat(simulation.api.peek(PersistentVolume.RESOURCE, "")).isEmpty();
    }

    @Test
    void anAttributesClassStaysWhileClaimsHaveIt() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new AttributesClassProtectionController(context, 1));
            simulation.api.create(VolumeAttributesClass.RESOURCE, "", VolumeAttributesClass.EMPTY.withMetadata(named("gold")));
            simulation.api.create(PersistentVolumeClaim.RESOURCE, "ns", PersistentVolumeClaim.EMPTY.withMetadata(named("c")).withSpec(s -> s.withVolumeAttributesClassName("gold")));
            simulation.settle();
            simulation.api.delete(VolumeAttributesClass.RESOURCE, "", "gold", DeleteOptions.DEFAULT);
            simulation.settle();
            assertThat(simulation.api.peek(VolumeAttributesClass.RESOURCE, "")).hasSize(1);
            simulation.api.delete(PersistentVolumeClaim.RESOURCE, "ns", "c", DeleteOptions.DEFAULT);
            simulation.settle();
            assertThat(simulation.api.peek(VolumeAttributesClass.RESOURCE, "")).isEmpty();
        }
    }
}
