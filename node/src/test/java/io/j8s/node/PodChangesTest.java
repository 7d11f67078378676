package io.j8s.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ContainerResizePolicy;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.ContainerRestartRule;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Sysctl;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeMount;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.node.status.PodConditions;
import io.j8s.node.support.TestImages;
import io.j8s.node.support.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Pods that change while they run, that are not taken, or that have to go.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class PodChangesTest {
    private TestNode node;

    @BeforeAll
    void start() throws Exception {
        node = new TestNode();
    }

    @AfterAll
    void stop() throws Exception {
        node.close();
    }

    @Test
    void a_container_is_added_to_a_running_pod_and_sees_the_processes_of_another() throws Exception {
        node.run("debugged", "sleep 4321");
        node.awaitRunning("debugged");
        change("debugged", pod -> pod.withSpec(s -> s.withEphemeralContainers(List.of(EphemeralContainer.EMPTY.withName("debugger").withTargetContainerName("main")
                .withImage(TestImages.BUSYBOX).withImagePullPolicy("IfNotPresent").withCommand(List.of("sh", "-c", "ps; exit 3"))))));
        Pod done = node.await("debugged", p -> !p.status().ephemeralContainerStatuses().isEmpty() && p.status().ephemeralContainerStatuses().getFirst().state().hasTerminated());
        assertThat(done.status().ephemeralContainerStatuses().getFirst().state().terminated().exitCode()).isEqualTo(3);
        assertThat(node.log(done, "debugger", 0)).contains("sleep 4321");
        assertThat(done.status().phase()).isEqualTo("Running");
        assertThat(done.status().containerStatuses().getFirst().restartCount()).isZero();
        node.delete("debugged");
    }

    @Test
    void a_running_container_is_given_other_resources_in_place_or_by_a_restart() throws Exception {
        Map<String, Quantity> small = Map.of("cpu", Quantity.parse("100m"), "memory", Quantity.parse("64Mi"));
        node.run("sized", s -> s, c -> c.withCommand(List.of("sleep", "1000")).withResources(r -> r.withRequests(small).withLimits(small))
                .withResizePolicy(List.of(ContainerResizePolicy.EMPTY.withResourceName("memory").withRestartPolicy("RestartContainer"))));
        String id = node.awaitRunning("sized").status().containerStatuses().getFirst().containerID();
        resize("sized", Map.of("cpu", Quantity.parse("200m"), "memory", Quantity.parse("64Mi")));
        Pod larger = node.await("sized", p -> given(p, "cpu").equals("200m") && p.status().conditions().stream().noneMatch(c -> c.type().startsWith("PodResize")));
        assertThat(larger.status().containerStatuses().getFirst().containerID()).isEqualTo(id);
        assertThat(larger.status().containerStatuses().getFirst().allocatedResources()).containsEntry("cpu", Quantity.parse("200m"));
        resize("sized", Map.of("cpu", Quantity.parse("200m"), "memory", Quantity.parse("96Mi")));
        Pod restarted = node.await("sized", p -> given(p, "memory").equals("96Mi"));
        assertThat(restarted.status().containerStatuses().getFirst().restartCount()).isEqualTo(1);
        resize("sized", Map.of("cpu", Quantity.parse("5000"), "memory", Quantity.parse("96Mi")));
        Pod refused = node.await("sized", p -> PodConditions.isTrue(p.status().conditions(), PodConditions.RESIZE_PENDING));
        assertThat(refused.status().conditions().stream().filter(c -> c.type().equals(PodConditions.RESIZE_PENDING)).findFirst().orElseThrow().reason()).isEqualTo("Infeasible");
        resize("sized", Map.of("cpu", Quantity.parse("200m"), "memory", Quantity.parse("96Mi")));
        node.await("sized", p -> p.status().conditions().stream().noneMatch(c -> c.type().startsWith("PodResize")));
        node.delete("sized");
    }

    @Test
    void pods_that_the_node_has_no_room_for_are_not_taken() throws Exception {
        node.run("huge", s -> s, c -> c.withResources(r -> r.withRequests(Map.of("cpu", Quantity.parse("1000")))));
        Pod refused = node.await("huge", p -> p.status().phase().equals("Failed"));
        assertThat(refused.status().reason()).isEqualTo("OutOfcpu");
        assertThat(refused.status().message()).startsWith("Pod was rejected: Node didn't have enough resource: cpu, requested: 1000000, used: ");
        node.run("odd", s -> s.withSecurityContext(c -> c.withSysctls(List.of(Sysctl.EMPTY.withName("kernel.msgmax").withValue("65536")))), c -> c);
        Pod forbidden = node.await("odd", p -> p.status().phase().equals("Failed"));
        assertThat(forbidden.status().reason()).isEqualTo("SysctlForbidden");
        assertThat(forbidden.status().message()).isEqualTo("Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted");
        node.delete("huge");
        node.delete("odd");
    }

    @Test
    void a_pod_ends_at_its_deadline() throws Exception {
        node.run("late", s -> s.withActiveDeadlineSeconds(1).withTerminationGracePeriodSeconds(0), c -> c.withCommand(List.of("sleep", "1000")));
        Pod ended = node.await("late", p -> p.status().phase().equals("Failed"));
        assertThat(ended.status().reason()).isEqualTo("DeadlineExceeded");
        assertThat(ended.status().message()).isEqualTo("Pod was active on the node longer than the specified deadline");
        node.delete("late");
    }

    @Test
    void a_rule_has_a_container_started_again_that_otherwise_would_not_be() throws Exception {
        node.run("ruled", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("sh", "-c", "exit 42")).withRestartPolicy("Never")
                .withRestartPolicyRules(List.of(ContainerRestartRule.EMPTY.withAction("Restart").withExitCodes(e -> e.withOperator("In").withValues(List.of(42))))));
        node.await("ruled", p -> !p.status().containerStatuses().isEmpty() && p.status().containerStatuses().getFirst().restartCount() == 1);
        node.delete("ruled");
    }

    @Test
    void claims_bound_to_folders_of_the_host_are_mounted() throws Exception {
        Path folder = Files.createDirectories(node.directory().resolve("disk"));
        Files.writeString(folder.resolve("file"), "on disk\n");
        PersistentVolumeClaim claim = node.api().create(PersistentVolumeClaim.RESOURCE, "default", PersistentVolumeClaim.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("data").withNamespace("default"))
                .withSpec(s -> s.withVolumeName("disk")).withStatus(s -> s.withPhase("Bound")));
        node.api().create(PersistentVolume.RESOURCE, "", PersistentVolume.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("disk"))
                .withSpec(s -> s.withLocal(l -> l.withPath(folder.toString())).withClaimRef(r -> r.withName("data").withUid(claim.metadata().uid()))));
        Volume data = Volume.EMPTY.withName("data").withPersistentVolumeClaim(c -> c.withClaimName("data"));
        Pod pod = node.run("claims", s -> s.withRestartPolicy("Never").withVolumes(List.of(data)), c -> c.withCommand(List.of("sh", "-c", "cat /data/file; echo more > /data/more"))
                .withVolumeMounts(List.of(VolumeMount.EMPTY.withName("data").withMountPath("/data"))));
        node.await("claims", p -> p.status().phase().equals("Succeeded"));
        assertThat(node.log(pod, "main", 0)).isEqualTo("on disk\n");
        assertThat(folder.resolve("more")).hasContent("more");
        node.delete("claims");
        assertThat(folder.resolve("file")).exists();
    }

    @Test
    void a_pod_that_fills_its_empty_dir_beyond_its_limit_is_evicted() throws Exception {
        Volume scratch = Volume.EMPTY.withName("scratch").withEmptyDir(e -> e.withSizeLimit(Quantity.parse("1Mi")));
        node.run("filling", s -> s.withVolumes(List.of(scratch)).withTerminationGracePeriodSeconds(0), c -> c.withCommand(List.of("sh", "-c", "dd if=/dev/zero of=/scratch/x bs=1M count=3; sleep 1000"))
                .withVolumeMounts(List.of(VolumeMount.EMPTY.withName("scratch").withMountPath("/scratch"))));
        Pod evicted = node.await("filling", p -> p.status().phase().equals("Failed"));
        assertThat(evicted.status().reason()).isEqualTo("Evicted");
        assertThat(evicted.status().message()).isEqualTo("Usage of EmptyDir volume \"scratch\" exceeds the limit \"1Mi\". ");
        node.delete("filling");
    }

    private void resize(String name, Map<String, Quantity> resources) {
        change(name, pod -> pod.withSpec(s -> s.withContainers(List.of(s.containers().getFirst().withResources(r -> r.withRequests(resources).withLimits(resources))))));
    }

    private void change(String name, UnaryOperator<Pod> change) {
        node.api().update(Pod.RESOURCE, "default", change.apply(node.api().get(Pod.RESOURCE, "default", name)));
    }

    private static String given(Pod pod, String resource) {
        List<ContainerStatus> statuses = pod.status().containerStatuses();
        return statuses.isEmpty() || !statuses.getFirst().state().hasRunning() ? "" : String.valueOf(statuses.getFirst().resources().limits().get(resource));
    }
}
