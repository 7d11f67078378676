package io.j8s.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.node.RealCluster.Room;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What becomes of pods: restarts, bad images, memory, probes, volumes, environment.
@ExtendWith(RealCluster.Provider.class)
class PodsTest {
    private static final String STATE = "{.status.containerStatuses[0].state.waiting.reason}";
    private final RealCluster cluster;

    PodsTest(RealCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aContainerThatDiesIsRestartedWithBackOff() {
        Room room = cluster.room("crash");
        room.ok("run", "crash", "--image=" + BusyboxImage.NAME, "--command", "--", "sh", "-c", "exit 3");
        room.until("pod/crash", STATE, "CrashLoopBackOff");
        assertThat(room.ok("get", "pod", "crash", "-o", "jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}")).isEqualTo("3");
        assertThat(room.ok("get", "pod", "crash", "--no-headers")).contains("CrashLoopBackOff");
    }

    @Test
    void anImageThatCannotBePulledIsSaid() {
        Room room = cluster.room("pull");
        room.ok("run", "missing", "--image=registry.invalid/nothing:1");
        room.ok("wait", "--for=jsonpath=" + STATE, "pod/missing", "--timeout=50s");
        room.until("pod/missing", STATE, "ImagePullBackOff");
        assertThat(room.ok("events", "--for=pod/missing")).contains("Failed", "registry.invalid/nothing:1");
    }

    @Test
    void aContainerThatTakesTooMuchMemoryIsKilledAndSaidSo() {
        Room room = cluster.room("memory");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: eater}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: eater
                    image: %s
                    command: [sh, -c, "x=a; while true; do x=$x$x; done"]
                    resources: {limits: {memory: 32Mi}}
                """.formatted(BusyboxImage.NAME));
        room.until("pod/eater", "{.status.containerStatuses[0].state.terminated.reason}", "OOMKilled");
    }

    @Test
    void probesGateReadinessAndRestart() {
        Room room = cluster.room("probes");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: probed}
                spec:
                  containers:
                  - name: web
                    image: %s
                    readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 1}
                    livenessProbe: {exec: {command: [sh, -c, "[ ! -e /tmp/sick ]"]}, periodSeconds: 1, failureThreshold: 1}
                """.formatted(BusyboxImage.NAME));
        room.until("pod/probed", "{.status.phase}", "Running");
        assertThat(room.ok("get", "pod", "probed", "-o", "jsonpath={.status.containerStatuses[0].ready}")).isEqualTo("false");
        room.ok("exec", "probed", "--", "touch", "/www/ready");
        room.ready("pod/probed");
        room.ok("exec", "probed", "--", "touch", "/tmp/sick");
        room.until("pod/probed", "{.status.containerStatuses[0].restartCount}", "1");
    }

    @Test
    void configurationSecretsAndTheDownwardApiReachContainers() {
        Room room = cluster.room("volumes");
        room.ok("create", "configmap", "settings", "--from-literal=color=red");
        room.ok("create", "secret", "generic", "keys", "--from-literal=password=geheim");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: reader, labels: {tier: one}}
                spec:
                  containers:
                  - name: reader
                    image: %s
                    command: [sleep, "1000"]
                    env:
                    - {name: COLOR, valueFrom: {configMapKeyRef: {name: settings, key: color}}}
                    - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    envFrom: [{secretRef: {name: keys}}]
                    volumeMounts:
                    - {name: settings, mountPath: /settings}
                    - {name: keys, mountPath: /keys}
                    - {name: labels, mountPath: /labels}
                    - {name: scratch, mountPath: /scratch}
                  volumes:
                  - {name: settings, configMap: {name: settings}}
                  - {name: keys, secret: {secretName: keys}}
                  - {name: labels, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
                  - {name: scratch, emptyDir: {}}
                """.formatted(BusyboxImage.NAME));
        room.ready("pod/reader");
        assertThat(room.ok("exec", "reader", "--", "sh", "-c", "echo $COLOR $NAME $password")).isEqualTo("red reader geheim\n");
        assertThat(room.ok("exec", "reader", "--", "cat", "/settings/color", "/keys/password", "/labels/labels")).isEqualTo("redgeheimtier=\"one\"");
        assertThat(room.ok("exec", "reader", "--", "sh", "-c", "echo x > /scratch/y && cat /scratch/y")).isEqualTo("x\n");
        assertThat(room.ok("exec", "reader", "--", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/namespace")).isEqualTo("volumes");
        assertThat(room.ok("exec", "reader", "--", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/token").split("\\.")).hasSize(3);
    }

    @Test
    void initContainersRunFirst() {
        Room room = cluster.room("init");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: prepared}
                spec:
                  initContainers:
                  - {name: prepare, image: %1$s, command: [sh, -c, "echo ready > /prepared/state"], volumeMounts: [{name: work, mountPath: /prepared}]}
                  containers:
                  - {name: main, image: %1$s, command: [sleep, "1000"], volumeMounts: [{name: work, mountPath: /prepared}]}
                  volumes: [{name: work, emptyDir: {}}]
                """.formatted(BusyboxImage.NAME));
        room.ready("pod/prepared");
        assertThat(room.ok("exec", "prepared", "--", "cat", "/prepared/state")).isEqualTo("ready\n");
    }

    @Test
    void aJobRunsToItsEnd() {
        Room room = cluster.room("job");
        room.ok("create", "job", "once", "--image=" + BusyboxImage.NAME, "--", "sh", "-c", "echo done");
        room.ok("wait", "--for=condition=Complete", "job/once", "--timeout=50s");
        assertThat(room.ok("logs", "job/once")).isEqualTo("done\n");
    }

    @Test
    void containersSurviveARestartOfTheProgram() {
        Room room = cluster.room("survive");
        room.running("stayer", "sleep", "1000");
        String before = room.ok("get", "pod", "stayer", "-o", "jsonpath={.status.containerStatuses[0].containerID}");
        long pid = Long.parseLong(cluster.j8s().ok("status").lines().findFirst().orElseThrow().replaceAll("\\D*(\\d+).*", "$1"));
        cluster.host().run("kill", "-9", Long.toString(pid)).ok();
        cluster.j8s().ok("up", "--node=real", "--node-name=host");
        room.ready("pod/stayer");
        assertThat(room.ok("get", "pod", "stayer", "-o", "jsonpath={.status.containerStatuses[0].containerID}")).isEqualTo(before);
        assertThat(room.ok("get", "pod", "stayer", "-o", "jsonpath={.status.containerStatuses[0].restartCount}")).isEqualTo("0");
    }
}
