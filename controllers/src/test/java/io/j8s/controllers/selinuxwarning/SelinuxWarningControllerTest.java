package io.j8s.controllers.selinuxwarning;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeMount;
import io.j8s.model.storage.v1.CSIDriver;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelinuxWarningControllerTest {
    private static final String END = ". If both pods land on the same node, only one of them may access the volume.";
    private final Simulation simulation = new Simulation(7);

    @BeforeEach
    void start() {
        simulation.start(context -> new SelinuxWarningController(context, 1));
        driver(true);
        PersistentVolumeClaim claim = simulation.api.create(PersistentVolumeClaim.RESOURCE, "ns", PersistentVolumeClaim.EMPTY.withMetadata(named("c")).withSpec(s -> s.withVolumeName("v")));
        simulation.api.create(PersistentVolume.RESOURCE, "", PersistentVolume.EMPTY.withMetadata(named("v")).withSpec(s -> s.withCsi(c -> c.withDriver("disk").withVolumeHandle("h"))
                .withClaimRef(r -> r.withNamespace("ns").withName("c").withUid(claim.metadata().uid()))));
    }

    @AfterEach
    void close() {
        simulation.close();
    }

    private void driver(boolean labels) {
        simulation.api.create(CSIDriver.RESOURCE, "", CSIDriver.EMPTY.withMetadata(named("disk")).withSpec(s -> s.withSeLinuxMount(labels)));
    }

    private static Container container(String name, String level) {
        Container mounting = Container.EMPTY.withName(name).withVolumeMounts(List.of(VolumeMount.EMPTY.withName("data").withMountPath("/d")));
        return level.isEmpty() ? mounting : mounting.withSecurityContext(s -> s.withSeLinuxOptions(o -> o.withType("t").withLevel(level)));
    }

    private void pod(String name, String policy, Container... containers) {
        List<Volume> volumes = List.of(Volume.EMPTY.withName("data").withPersistentVolumeClaim(c -> c.withClaimName("c")));
        simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named(name)).withSpec(s -> s.withVolumes(volumes).withContainers(List.of(containers))
                .withSecurityContext(c -> policy.isEmpty() ? c : c.withSeLinuxChangePolicy(policy))));
        simulation.settle();
    }

    private List<String> said() {
        return simulation.api.peek(Event.RESOURCE, "ns").stream().map(e -> e.involvedObject().name() + " " + e.type() + " " + e.reason() + ": " + e.message()).toList();
    }

    private String metric() {
        return simulation.context.registry().text(name -> name.startsWith("selinux_warning"));
    }

    @Test
    void both_pods_are_told_that_their_labels_differ() {
        pod("one", "", container("c", "s0:c1,c2"));
        pod("two", "", container("c", "s0:c3,c4"));
        assertThat(said()).containsExactlyInAnyOrder(
                "two Normal SELinuxLabelConflict: SELinuxLabel \"::t:s0:c3,c4\" conflicts with pod one that uses the same volume as this pod with SELinuxLabel \"::t:s0:c1,c2\"" + END,
                "one Normal SELinuxLabelConflict: SELinuxLabel \"::t:s0:c1,c2\" conflicts with pod two that uses the same volume as this pod with SELinuxLabel \"::t:s0:c3,c4\"" + END);
        assertThat(metric()).contains("property=\"SELinuxLabel\",pod1_namespace=\"ns\",pod1_name=\"one\",pod1_value=\"::t:s0:c1,c2\",pod2_namespace=\"ns\",pod2_name=\"two\"");
        simulation.api.delete(Pod.RESOURCE, "ns", "one", DeleteOptions.DEFAULT.after(0));
        simulation.settle();
        assertThat(metric()).doesNotContain("pod1_name");
        simulation.assertQuiet();
    }

    @Test
    void the_same_label_is_no_conflict() {
        pod("one", "", container("c", "s0"));
        pod("two", "", container("c", "s0"));
        assertThat(said()).isEmpty();
    }

    @Test
    void ways_to_label_can_differ_too() {
        pod("one", "Recursive", container("c", "s0"));
        pod("two", "MountOption", container("c", "s0"));
        assertThat(said()).contains("one Normal SELinuxChangePolicyConflict: SELinuxChangePolicy \"Recursive\" conflicts with pod two that uses the same volume as this pod with SELinuxChangePolicy \"MountOption\"" + END);
    }

    @Test
    void a_driver_that_cannot_mount_with_labels_has_no_conflicts_until_it_can() {
        simulation.api.delete(CSIDriver.RESOURCE, "", "disk", DeleteOptions.DEFAULT);
        simulation.settle();
        pod("one", "", container("c", "s0:c1"));
        pod("two", "", container("c", "s0:c2"));
        assertThat(said()).isEmpty();
        driver(true);
        simulation.settle();
        assertThat(said()).anyMatch(line -> line.startsWith("one Normal SELinuxLabelConflict")).anyMatch(line -> line.startsWith("two Normal SELinuxLabelConflict"));
    }

    @Test
    void two_labels_inside_one_pod_are_told_as_a_warning() {
        pod("one", "", container("a", "s0:c1"), container("b", "s0:c2"));
        assertThat(said()).containsOnly("one Warning MultipleSELinuxLabels: Volume \"data\" is mounted twice with different SELinux labels inside this pod");
    }

    @Test
    void parts_that_are_left_out_do_not_conflict_but_levels_do() {
        assertThat(VolumeLabels.conflict("system_u:object_r:t:s0", "::t:s0")).isFalse();
        assertThat(VolumeLabels.conflict("::a:s0", "::b:s0")).isTrue();
        assertThat(VolumeLabels.conflict("::t:s0:c1,c2", "::t:")).isTrue();
        assertThat(VolumeLabels.conflict("", "")).isFalse();
    }
}
