package io.j8s.controllers.attachdetach;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.nodes.Taints;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.VolumeAttachment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttachDetachControllerTest {
    private static final String UNIQUE = "kubernetes.io/csi/disk.example.com^vol-1";
    private final Simulation simulation = new Simulation(4);

    @BeforeEach
    void start() {
        simulation.start(context -> new AttachDetachController(context, AttachDetachController.Settings.DEFAULT, 4));
        node("n1");
        node("n2");
        volume("ReadWriteOnce");
    }

    @AfterEach
    void close() {
        simulation.close();
    }

    @Test
    void a_volume_is_attached_where_its_pod_runs_and_detached_when_it_is_no_longer_mounted() {
        pod("p", "n1");
        simulation.settle();
        VolumeAttachment attachment = only();
        // external attachers compute the same name: sha256 of handle, driver and node
        assertThat(attachment.metadata().name()).isEqualTo("csi-67beaef07640111ae4680dbb1618fdc2d7e8b400988a31892dc9e25a33572edd");
        assertThat(attachment.spec().attacher()).isEqualTo("disk.example.com");
        assertThat(attachment.spec().nodeName()).isEqualTo("n1");
        assertThat(attachment.spec().source().persistentVolumeName()).isEqualTo("pv");
        assertThat(attachedTo("n1")).isEmpty();
        attacherConfirms(attachment);
        simulation.settle();
        assertThat(attachedTo("n1")).containsExactly(UNIQUE);
        assertThat(simulation.reasons("ns")).containsExactly("SuccessfulAttachVolume");
        simulation.assertQuiet();
        inUse("n1", List.of(UNIQUE));
        simulation.settle();
        simulation.api.delete(Pod.RESOURCE, "ns", "p", DeleteOptions.DEFAULT.after(0));
        simulation.advance(Duration.ofMinutes(30));
        assertThat(only().metadata().deletionTimestamp()).as("the node has it mounted").isNull();
        inUse("n1", List.of());
        simulation.settle();
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).isEmpty();
        assertThat(attachedTo("n1")).isEmpty();
        simulation.assertQuiet();
    }

    @Test
    void a_volume_for_one_node_waits_until_the_other_has_given_it_back() {
        pod("first", "n1");
        simulation.settle();
        attacherConfirms(only());
        pod("second", "n2");
        simulation.settle();
        assertThat(only().spec().nodeName()).isEqualTo("n1");
        assertThat(simulation.api.peek(Event.RESOURCE, "ns")).filteredOn(e -> e.reason().equals("FailedAttachVolume")).singleElement()
                .satisfies(e -> assertThat(e.message()).isEqualTo("Multi-Attach error for volume \"pv\" Volume is already used by pod(s) first"));
        simulation.api.delete(Pod.RESOURCE, "ns", "first", DeleteOptions.DEFAULT.after(0));
        simulation.settle();
        assertThat(only().spec().nodeName()).isEqualTo("n2");
    }

    @Test
    void a_volume_for_many_is_attached_to_all_of_their_nodes() {
        simulation.api.delete(PersistentVolume.RESOURCE, "", "pv", DeleteOptions.DEFAULT);
        volume("ReadWriteMany");
        pod("first", "n1");
        pod("second", "n2");
        simulation.settle();
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).extracting(a -> a.spec().nodeName()).containsExactlyInAnyOrder("n1", "n2");
    }

    @Test
    void a_dead_node_loses_mounted_volumes_after_six_minutes_and_one_out_of_service_at_once() {
        pod("p", "n1");
        simulation.settle();
        attacherConfirms(only());
        simulation.settle();
        inUse("n1", List.of(UNIQUE));
        ready("n1", "Unknown");
        simulation.api.delete(Pod.RESOURCE, "ns", "p", DeleteOptions.DEFAULT.after(0));
        simulation.advance(Duration.ofMinutes(5));
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).hasSize(1);
        simulation.advance(Duration.ofMinutes(2));
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).isEmpty();
        pod("q", "n2");
        simulation.settle();
        attacherConfirms(only());
        inUse("n2", List.of(UNIQUE));
        simulation.settle();
        simulation.api.delete(Pod.RESOURCE, "ns", "q", DeleteOptions.DEFAULT.after(0));
        simulation.settle();
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).hasSize(1);
        simulation.api.update(Node.RESOURCE, "", simulation.api.get(Node.RESOURCE, "", "n2").withSpec(s -> s.withTaints(List.of(Taints.of(Taints.OUT_OF_SERVICE, "NoExecute")))));
        simulation.settle();
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).isEmpty();
    }

    @Test
    void what_the_attacher_could_not_do_is_told_to_the_pod_once() {
        pod("p", "n1");
        simulation.settle();
        simulation.api.updateStatus(VolumeAttachment.RESOURCE, "", only().withStatus(s -> s.withAttachError(e -> e.withMessage("no such disk").withTime(simulation.time.now()))));
        simulation.settle();
        assertThat(simulation.api.peek(Event.RESOURCE, "ns")).singleElement().satisfies(e -> {
            assertThat(e.reason()).isEqualTo("FailedAttachVolume");
            assertThat(e.message()).isEqualTo("AttachVolume.Attach failed for volume \"pv\" : no such disk");
        });
        simulation.assertQuiet();
    }

    @Test
    void drivers_that_need_no_attaching_and_nodes_that_attach_themselves_are_left_alone() {
        simulation.api.create(CSIDriver.RESOURCE, "", CSIDriver.EMPTY.withMetadata(named("disk.example.com")).withSpec(s -> s.withAttachRequired(false)));
        pod("p", "n1");
        simulation.settle();
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).isEmpty();
        simulation.api.delete(CSIDriver.RESOURCE, "", "disk.example.com", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).hasSize(1);
        simulation.api.update(Node.RESOURCE, "", simulation.api.get(Node.RESOURCE, "", "n2").withMetadata(m -> m.withoutAnnotations()));
        pod("q", "n2");
        simulation.settle();
        assertThat(simulation.api.peek(VolumeAttachment.RESOURCE, "")).hasSize(1);
    }

    @Test
    void who_waits_for_a_driver_is_told_after_two_minutes() {
        pod("p", "n1");
        simulation.advance(Duration.ofSeconds(110));
        assertThat(simulation.reasons("ns")).isEmpty();
        simulation.advance(Duration.ofSeconds(20));
        assertThat(simulation.api.peek(Event.RESOURCE, "ns")).singleElement().satisfies(e -> assertThat(e.message())
                .isEqualTo("AttachVolume.Attach failed for volume \"pv\" : timed out waiting for external-attacher of disk.example.com CSI driver to attach volume vol-1"));
    }

    private VolumeAttachment only() {
        List<VolumeAttachment> found = simulation.api.peek(VolumeAttachment.RESOURCE, "");
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private List<String> attachedTo(String node) {
        return simulation.api.get(Node.RESOURCE, "", node).status().volumesAttached().stream().map(v -> v.name()).toList();
    }

    private void attacherConfirms(VolumeAttachment attachment) {
        simulation.api.updateStatus(VolumeAttachment.RESOURCE, "", attachment.withMetadata(m -> m.withoutResourceVersion()).withStatus(s -> s.withAttached(true)));
    }

    private void inUse(String node, List<String> names) {
        simulation.api.updateStatus(Node.RESOURCE, "", simulation.api.get(Node.RESOURCE, "", node).withStatus(s -> s.withVolumesInUse(names)));
    }

    private void ready(String node, String status) {
        simulation.api.updateStatus(Node.RESOURCE, "", simulation.api.get(Node.RESOURCE, "", node).withStatus(s -> s.withConditions(List.of(NodeCondition.EMPTY.withType("Ready").withStatus(status)))));
    }

    private void node(String name) {
        simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named(name).withAnnotations(Map.of("volumes.kubernetes.io/controller-managed-attach-detach", "true"))));
        ready(name, "True");
    }

    private void volume(String mode) {
        boolean first = simulation.api.peek(PersistentVolumeClaim.RESOURCE, "ns").isEmpty();
        PersistentVolumeClaim claim = first
                ? simulation.api.create(PersistentVolumeClaim.RESOURCE, "ns", PersistentVolumeClaim.EMPTY.withMetadata(named("claim")).withSpec(s -> s.withVolumeName("pv")))
                : simulation.api.get(PersistentVolumeClaim.RESOURCE, "ns", "claim");
        simulation.api.updateStatus(PersistentVolumeClaim.RESOURCE, "ns", claim.withStatus(s -> s.withPhase("Bound")));
        simulation.api.create(PersistentVolume.RESOURCE, "", PersistentVolume.EMPTY.withMetadata(named("pv")).withSpec(s -> s
                .withAccessModes(List.of(mode))
                .withCsi(c -> c.withDriver("disk.example.com").withVolumeHandle("vol-1"))
                .withClaimRef(r -> r.withNamespace("ns").withName("claim").withUid(claim.metadata().uid()))));
    }

    private void pod(String name, String node) {
        simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named(name))
                .withSpec(s -> s.withNodeName(node).withVolumes(List.of(Volume.EMPTY.withName("v").withPersistentVolumeClaim(c -> c.withClaimName("claim"))))));
    }
}
