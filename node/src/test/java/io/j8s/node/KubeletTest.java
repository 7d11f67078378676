package io.j8s.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.status.PodConditions;
import io.j8s.node.support.TestImages;
import io.j8s.node.support.TestNode;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubeletTest {
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
    void the_node_becomes_ready_and_says_what_it_has() throws Exception {
        Node registered = node.api().get(Node.RESOURCE, "", TestNode.NAME);
        assertThat(registered.status().nodeInfo().containerRuntimeVersion()).startsWith("containerd://1.");
        assertThat(registered.status().capacity()).containsKeys("cpu", "memory", "pods", "ephemeral-storage");
        assertThat(registered.metadata().labels()).containsEntry("kubernetes.io/hostname", TestNode.NAME);
    }

    @Test
    void a_pod_runs_is_reported_and_goes_away_gracefully() throws Exception {
        node.run("web", "trap 'exit 0' TERM; echo hello; while true; do sleep 0.1; done");
        Pod running = node.awaitRunning("web");
        assertThat(running.status().podIP()).startsWith("10.244.7.");
        assertThat(running.status().hostIP()).isEqualTo("192.0.2.1");
        assertThat(running.status().qosClass()).isEqualTo("BestEffort");
        assertThat(PodConditions.isTrue(running.status().conditions(), "Ready")).isTrue();
        assertThat(running.status().containerStatuses().getFirst().containerID()).startsWith("containerd://");
        awaitLog(running, "hello\n");
        node.delete("web");
        assertThat(node.events("web")).anyMatch(e -> e.startsWith("Pulled")).anyMatch(e -> e.startsWith("Created")).anyMatch(e -> e.startsWith("Started"))
                .anyMatch(e -> e.startsWith("Killing: Stopping container main"));
    }

    @Test
    void a_container_that_dies_is_started_again_and_then_backs_off() throws Exception {
        node.run("crash", "echo last words > /dev/termination-log; exit 3");
        Pod waiting = node.await("crash", p -> reason(p).equals("CrashLoopBackOff"));
        ContainerStatus status = waiting.status().containerStatuses().getFirst();
        assertThat(status.restartCount()).isEqualTo(1);
        assertThat(status.lastState().terminated().exitCode()).isEqualTo(3);
        assertThat(status.lastState().terminated().message()).isEqualTo("last words\n");
        assertThat(status.state().waiting().message()).startsWith("back-off 10s restarting failed container=main pod=crash_default(");
        assertThat(waiting.status().phase()).isEqualTo("Running");
        node.delete("crash");
    }

    @Test
    void pods_that_are_meant_to_end_succeed_or_fail() throws Exception {
        node.run("good", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("true")));
        node.run("bad", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("sh", "-c", "exit 4")));
        Pod good = node.await("good", p -> p.status().phase().equals("Succeeded"));
        Pod bad = node.await("bad", p -> p.status().phase().equals("Failed"));
        assertThat(good.status().containerStatuses().getFirst().state().terminated().reason()).isEqualTo("Completed");
        assertThat(bad.status().containerStatuses().getFirst().state().terminated().exitCode()).isEqualTo(4);
        node.delete("good");
        node.delete("bad");
    }

    @Test
    void init_containers_run_in_order_and_sidecars_go_on_beside() throws Exception {
        Container first = helper("first", "echo 1 >> /shared/log");
        Container side = helper("side", "echo side >> /shared/log; sleep 1000").withRestartPolicy("Always");
        Container second = helper("second", "sleep 0.2; echo 2 >> /shared/log");
        node.run("ordered", s -> s.withInitContainers(List.of(first, side, second)).withVolumes(List.of(io.j8s.model.core.v1.Volume.EMPTY.withName("shared")
                        .withEmptyDir(io.j8s.model.core.v1.EmptyDirVolumeSource.EMPTY.withMedium("Memory")))),
                c -> c.withCommand(List.of("sh", "-c", "cat /shared/log; sleep 1000")).withVolumeMounts(first.volumeMounts()));
        Pod running = node.awaitRunning("ordered");
        awaitLog(running, "1\nside\n2\n");
        assertThat(running.status().initContainerStatuses()).extracting(ContainerStatus::ready).containsExactly(true, true, true);
        assertThat(running.status().initContainerStatuses().get(1).state().hasRunning()).isTrue();
        node.delete("ordered");
    }

    @Test
    void an_image_that_is_not_there_is_told_with_its_back_off() throws Exception {
        node.run("noimage", s -> s, c -> c.withImage("localhost:1/none:1"));
        node.await("noimage", p -> reason(p).equals("ErrImagePull"));
        node.await("noimage", p -> reason(p).equals("ImagePullBackOff"));
        node.delete("noimage");
    }

    @Test
    void running_pods_are_taken_over_after_a_restart() throws Exception {
        node.run("stays", "sleep 1000");
        Pod before = node.awaitRunning("stays");
        node.restart();
        Pod after = node.awaitRunning("stays");
        assertThat(after.status().containerStatuses().getFirst().containerID()).isEqualTo(before.status().containerStatuses().getFirst().containerID());
        assertThat(after.status().containerStatuses().getFirst().restartCount()).isZero();
        node.delete("stays");
    }

    @Test
    void the_death_of_a_container_is_reported() throws Exception {
        Pod pod = node.run("mortal", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("sleep", "1000")));
        Pod running = node.awaitRunning("mortal");
        String id = running.status().containerStatuses().getFirst().containerID().replace("containerd://", "");
        int pid = node.kubelet().containerd().cri().pid(id);
        io.j8s.node.host.Linux.kill(pid, 9);
        Pod dead = node.await("mortal", p -> p.status().phase().equals("Failed"));
        assertThat(dead.status().containerStatuses().getFirst().state().terminated().exitCode()).isEqualTo(137);
        node.delete(pod.metadata().name());
    }

    private void awaitLog(Pod pod, String text) throws InterruptedException {
        node.await(pod.metadata().name(), p -> {
            try {
                return node.log(pod, "main", 0).equals(text);
            } catch (java.io.IOException e) {
                return false;
            }
        });
    }

    private static Container helper(String name, String script) {
        return Container.EMPTY.withName(name).withImage(TestImages.BUSYBOX).withImagePullPolicy("IfNotPresent").withCommand(List.of("sh", "-c", script))
                .withVolumeMounts(List.of(io.j8s.model.core.v1.VolumeMount.EMPTY.withName("shared").withMountPath("/shared")));
    }

    private static String reason(Pod pod) {
        return pod.status().containerStatuses().isEmpty() ? "" : pod.status().containerStatuses().getFirst().state().waiting().reason();
    }
}
