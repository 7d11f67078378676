package io.j8s.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Result;
import io.j8s.it.node.RealCluster.Room;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What kubectl does to pods while they run: terminals, debugging, editing, other resources, figures.
@ExtendWith(RealCluster.Provider.class)
class RunningPodsTest {
    private final RealCluster cluster;

    RunningPodsTest(RealCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aTerminalHasTheSizeOfTheUsers() {
        Room room = cluster.room("terminal");
        room.running("shell", "sleep", "1000");
        Result sized = room.onTerminal(33, 111, "", "exec", "-it", "shell", "--", "sh", "-c", "until [ \"$(stty size)\" = '33 111' ]; do true; done; echo it has $(stty size)");
        assertThat(sized.out()).contains("it has 33 111");
        assertThat(sized.status()).isZero();
    }

    @Test
    void aRunningPodIsDebuggedByAContainerThatSeesItsProcesses() {
        Room room = cluster.room("debug");
        room.running("stuck", "sleep", "4321");
        Result seen = room.onTerminal("go\n", "debug", "-it", "stuck", "--image=" + BusyboxImage.NAME, "--container=helper", "--target=stuck", "--quiet", "--", "sh", "-c", "read go; ps; echo on $(tty)");
        assertThat(seen.out()).contains("sleep 4321", "on /dev/pts/");
        room.until("pod/stuck", "{.status.ephemeralContainerStatuses[0].state.terminated.reason}", "Completed");
        assertThat(room.ok("logs", "stuck", "-c", "helper")).contains("sleep 4321");
        assertThat(room.ok("get", "pod", "stuck", "-o", "jsonpath={.status.phase} {.status.containerStatuses[0].restartCount}")).isEqualTo("Running 0");
    }

    @Test
    void aPodIsEditedAndItsContainerStartedAgainWithTheNewImage() {
        Room room = cluster.room("edit");
        room.running("edited", "sleep", "1000");
        Result edited = room.withEnvironment(Map.of("KUBE_EDITOR", "sed -i s|" + BusyboxImage.NAME + "|" + BusyboxImage.SECOND + "|"), "edit", "pod", "edited");
        assertThat(edited.ok()).contains("pod/edited edited");
        room.until("pod/edited", "{.status.containerStatuses[0].restartCount}", "1");
        assertThat(room.ok("get", "pod", "edited", "-o", "jsonpath={.spec.containers[0].image}")).isEqualTo(BusyboxImage.SECOND);
    }

    @Test
    void aRunningPodIsGivenOtherResources() {
        Room room = cluster.room("resize");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: sized}
                spec:
                  containers: [{name: main, image: "%s", command: [sleep, "1000"], resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {cpu: 100m, memory: 32Mi}}}]
                """.formatted(BusyboxImage.NAME));
        room.ready("pod/sized");
        room.ok("patch", "pod", "sized", "--subresource=resize", "--patch",
                "{\"spec\": {\"containers\": [{\"name\": \"main\", \"resources\": {\"requests\": {\"cpu\": \"200m\"}, \"limits\": {\"cpu\": \"200m\"}}}]}}");
        room.until("pod/sized", "{.status.containerStatuses[0].resources.limits.cpu}", "200m");
        assertThat(room.ok("get", "pod", "sized", "-o", "jsonpath={.status.containerStatuses[0].restartCount}")).isEqualTo("0");
    }

    @Test
    void figuresOfPodsAreToldUnderTheNamesThatDashboardsUse() {
        Room room = cluster.room("figures");
        room.running("busy", "sh", "-c", "while true; do true; done");
        String node = "/api/v1/nodes/host/proxy";
        assertThat(room.ok("get", "--raw", node + "/metrics/resource")).containsPattern("container_cpu_usage_seconds_total\\{container=\"busy\",namespace=\"figures\",pod=\"busy\"\\} [0-9.]+")
                .containsPattern("pod_memory_working_set_bytes\\{namespace=\"figures\",pod=\"busy\"\\} [1-9]");
        assertThat(room.ok("get", "--raw", node + "/metrics/cadvisor")).containsPattern("container_memory_working_set_bytes\\{container=\"busy\",id=\"/kubepods.*\",image=\"[^\"]+\",name=\"[0-9a-f]{64}\",namespace=\"figures\",pod=\"busy\"\\} [1-9]")
                .containsPattern("container_network_receive_bytes_total\\{container=\"\",.*pod=\"busy\",interface=\"eth0\"\\} [1-9]").contains("machine_cpu_cores ");
        assertThat(room.ok("get", "--raw", node + "/stats/summary")).contains("\"podRef\":", "\"imageFs\":", "\"rlimit\":").contains("\"name\":\"busy\"");
    }
}
