package io.j8s.node.containerd;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.node.cri.Cri;
import io.j8s.node.cri.TaskEvent;
import io.j8s.node.cri.v1.ContainerConfig;
import io.j8s.node.cri.v1.ContainerMetadata;
import io.j8s.node.cri.v1.ContainerState;
import io.j8s.node.cri.v1.ImageSpec;
import io.j8s.node.cri.v1.LinuxPodSandboxConfig;
import io.j8s.node.cri.v1.PodSandboxConfig;
import io.j8s.node.cri.v1.PodSandboxMetadata;
import io.j8s.node.support.TestImages;
import io.j8s.node.support.TestRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContainerdTest {
    private TestRuntime runtime;

    @BeforeAll
    void start() throws Exception {
        runtime = new TestRuntime();
    }

    @AfterAll
    void stop() throws Exception {
        runtime.close();
    }

    @Test
    void a_container_runs_and_its_end_is_told_at_once() throws Exception {
        Cri cri = runtime.cri();
        PodSandboxConfig sandbox = sandbox("one");
        String pod = cri.runSandbox(sandbox, "");
        String container = cri.createContainer(pod, container("exit 7"), sandbox);
        try (var events = cri.events()) {
            cri.startContainer(container);
            TaskEvent event;
            do {
                event = events.next();
                assertThat(event).isNotNull();
            } while (!(event instanceof TaskEvent.Exited exited && exited.containerId().equals(container)));
            assertThat(((TaskEvent.Exited) event).exitCode()).isEqualTo(7);
        }
        assertThat(requireNonNull(cri.sandboxStatus(pod)).getNetwork().getIp()).startsWith("10.244.7.");
        cri.stopSandbox(pod);
        cri.removeSandbox(pod);
        assertThat(cri.sandboxStatus(pod)).isNull();
    }

    @Test
    void containers_survive_a_restart_of_the_agent_and_of_containerd() throws Exception {
        PodSandboxConfig sandbox = sandbox("two");
        String pod = runtime.cri().runSandbox(sandbox, "");
        String container = runtime.cri().createContainer(pod, container("sleep 1000"), sandbox);
        runtime.cri().startContainer(container);
        int pid = runtime.cri().pid(container);

        long containerd = runtime.containerd().pid();
        runtime.reconnect();
        assertThat(runtime.containerd().pid()).isEqualTo(containerd);

        ProcessHandle.of(containerd).orElseThrow().destroyForcibly();
        ProcessHandle.of(containerd).orElseThrow().onExit().get();
        while (runtime.containerd().pid() == containerd) {
            Thread.onSpinWait();
        }
        runtime.reconnect();
        assertThat(requireNonNull(runtime.cri().containerStatus(container)).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
        assertThat(runtime.cri().pid(container)).isEqualTo(pid);
        runtime.cri().stopContainer(container, Duration.ZERO);
    }

    private PodSandboxConfig sandbox(String name) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(name).setNamespace("default").setUid(name))
                .setLogDirectory(runtime.directory().resolve("logs").toString())
                .putAllLabels(Map.of("name", name))
                .setLinux(LinuxPodSandboxConfig.newBuilder().setCgroupParent("/j8s-node-test"))
                .build();
    }

    private static ContainerConfig container(String script) {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName("main"))
                .setImage(ImageSpec.newBuilder().setImage(TestImages.BUSYBOX))
                .addAllCommand(List.of("sh", "-c", script))
                .setLogPath("main.log")
                .build();
    }
}
