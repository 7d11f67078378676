package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.testing.MemoryApi;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.runtime.SimulatedTimeline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A pod that is not bound at once says where it will be (KEP-5278): here, while its volume is made.
class ExpectedNodeTest {

    private final SimulatedTimeline time = new SimulatedTimeline(11);
    private final MemoryApi api = new MemoryApi(time);

    @BeforeEach
    void objects() {
        api.create(Node.RESOURCE, "", Objects.node("n1", 1000, 10, Map.of()));
        api.create(StorageClass.RESOURCE, "", StorageClass.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("disk")).withProvisioner("example.com/disk").withVolumeBindingMode("WaitForFirstConsumer"));
        api.create(PersistentVolumeClaim.RESOURCE, "default", PersistentVolumeClaim.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("data"))
                .withSpec(spec -> spec.withStorageClassName("disk").withAccessModes(List.of("ReadWriteOnce")).withResources(amounts -> amounts.withRequests(Map.of("storage", Quantity.of(5))))));
    }

    @AfterEach
    void close() {
        time.close();
    }

    private Pod pod(String name) {
        return api.get(Pod.RESOURCE, "default", name);
    }

    private void create(Pod pod) {
        api.create(Pod.RESOURCE, "default", pod.withMetadata(meta -> meta.withoutUid()));
        time.advance(Duration.ofSeconds(3));
    }

    private static Pod waiting() {
        return Objects.pod("a", 100, Map.of()).withSpec(spec -> spec.withVolumes(List.of(Volume.EMPTY.withName("data").withPersistentVolumeClaim(source -> source.withClaimName("data")))));
    }

    @Test
    void a_pod_whose_volume_is_being_made_names_its_node_until_it_is_bound() {
        try (Scheduler _ = Scheduler.start(api, time, SchedulerConfig.defaults())) {
            create(waiting());
            assertThat(pod("a").spec().nodeName()).isEmpty();
            assertThat(pod("a").status().nominatedNodeName()).isEqualTo("n1");
            PersistentVolumeClaim claim = api.get(PersistentVolumeClaim.RESOURCE, "default", "data");
            assertThat(claim.metadata().annotations()).containsEntry("volume.kubernetes.io/selected-node", "n1");
            api.create(PersistentVolume.RESOURCE, "", PersistentVolume.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("made"))
                    .withSpec(spec -> spec.withCsi(source -> source.withDriver("example.com/disk").withVolumeHandle("made"))));
            Map<String, String> annotations = new java.util.TreeMap<>(claim.metadata().annotations());
            annotations.put("pv.kubernetes.io/bind-completed", "yes");
            api.update(PersistentVolumeClaim.RESOURCE, "default", claim.withMetadata(meta -> meta.withAnnotations(annotations)).withSpec(spec -> spec.withVolumeName("made")));
            time.advance(Duration.ofSeconds(3));
            assertThat(pod("a").spec().nodeName()).isEqualTo("n1");
        }
    }

    @Test
    void a_pod_whose_volume_does_not_come_takes_it_back() {
        try (Scheduler _ = Scheduler.start(api, time, SchedulerConfig.defaults())) {
            create(waiting());
            assertThat(pod("a").status().nominatedNodeName()).isEqualTo("n1");
            api.delete(Node.RESOURCE, "", "n1", io.j8s.client.DeleteOptions.DEFAULT);
            time.advance(Duration.ofMinutes(11));
            assertThat(pod("a").spec().nodeName()).isEmpty();
            assertThat(pod("a").status().nominatedNodeName()).isEmpty();
            assertThat(pod("a").status().conditions()).anySatisfy(condition -> assertThat(condition.type()).isEqualTo("PodScheduled"));
        }
    }

    @Test
    void a_pod_that_is_bound_at_once_says_nothing_before() {
        try (Scheduler _ = Scheduler.start(api, time, SchedulerConfig.defaults())) {
            create(Objects.pod("b", 100, Map.of()));
            assertThat(pod("b").spec().nodeName()).isEqualTo("n1");
            assertThat(pod("b").status().hasNominatedNodeName()).isFalse();
        }
    }
}
