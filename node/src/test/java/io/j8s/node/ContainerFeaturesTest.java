package io.j8s.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.Bytes;
import io.j8s.model.IntOrString;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.DownwardAPIVolumeFile;
import io.j8s.model.core.v1.EnvFromSource;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.KeyToPath;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeMount;
import io.j8s.model.core.v1.VolumeProjection;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.node.support.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(40)
final class ContainerFeaturesTest {
    private TestNode node;

    @BeforeAll
    void start() throws Exception {
        node = new TestNode();
        node.api().create(ConfigMap.RESOURCE, "default", ConfigMap.EMPTY.withMetadata(meta("settings")).withData(Map.of("color", "green", "size", "XL")));
        node.api().create(Secret.RESOURCE, "default", Secret.EMPTY.withMetadata(meta("keys")).withData(Map.of("password", Bytes.of("s3cret"))));
        node.api().create(Service.RESOURCE, "default", Service.EMPTY.withMetadata(meta("my-db")).withSpec(s -> s.withClusterIP("10.96.0.77").withPorts(List.of(ServicePort.EMPTY.withPort(5432)))));
    }

    @AfterAll
    void stop() throws Exception {
        node.close();
    }

    @Test
    void the_environment_comes_from_values_objects_fields_and_services() throws Exception {
        Pod pod = node.run("env", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("sh", "-c", "env; echo ARG '$(GREETING)'"))
                .withResources(r -> r.withLimits(Map.of("memory", Quantity.parse("64Mi"))))
                .withEnvFrom(List.of(EnvFromSource.EMPTY.withPrefix("CFG_").withConfigMapRef(r -> r.withName("settings"))))
                .withEnv(List.of(
                        EnvVar.EMPTY.withName("NAME").withValueFrom(f -> f.withFieldRef(r -> r.withFieldPath("metadata.name"))),
                        EnvVar.EMPTY.withName("GREETING").withValue("hello-$(NAME)-$$(NAME)-$(NONE)"),
                        EnvVar.EMPTY.withName("PASSWORD").withValueFrom(f -> f.withSecretKeyRef(r -> r.withName("keys").withKey("password"))),
                        EnvVar.EMPTY.withName("LIMIT").withValueFrom(f -> f.withResourceFieldRef(r -> r.withResource("limits.memory").withDivisor(Quantity.parse("1Mi")))),
                        EnvVar.EMPTY.withName("ADDRESS").withValueFrom(f -> f.withFieldRef(r -> r.withFieldPath("status.podIP"))))));
        node.await("env", p -> p.status().phase().equals("Succeeded"));
        assertThat(node.log(pod, "main", 0).lines()).contains("CFG_color=green", "NAME=env", "GREETING=hello-env-$(NAME)-$(NONE)", "PASSWORD=s3cret", "LIMIT=64",
                "MY_DB_SERVICE_HOST=10.96.0.77", "MY_DB_PORT_5432_TCP=tcp://10.96.0.77:5432", "ARG hello-env-$(NAME)-$(NONE)").anyMatch(l -> l.startsWith("ADDRESS=10.244.7."));
        node.delete("env");
    }

    @Test
    void volumes_from_objects_have_their_files_modes_and_owners() throws Exception {
        Volume settings = Volume.EMPTY.withName("settings").withConfigMap(m -> m.withName("settings").withItems(List.of(KeyToPath.EMPTY.withKey("color").withPath("deep/colour"))));
        Volume keys = Volume.EMPTY.withName("keys").withSecret(m -> m.withSecretName("keys").withDefaultMode(0400));
        Volume all = Volume.EMPTY.withName("all").withProjected(p -> p.withSources(List.of(
                VolumeProjection.EMPTY.withConfigMap(m -> m.withName("settings")),
                VolumeProjection.EMPTY.withDownwardAPI(d -> d.withItems(List.of(DownwardAPIVolumeFile.EMPTY.withPath("labels").withFieldRef(r -> r.withFieldPath("metadata.uid"))))))));
        Volume scratch = Volume.EMPTY.withName("scratch").withEmptyDir(e -> e.withMedium("Memory").withSizeLimit(Quantity.parse("1Mi")));
        Pod pod = node.run("vols", s -> s.withRestartPolicy("Never").withVolumes(List.of(settings, keys, all, scratch)).withSecurityContext(c -> c.withFsGroup(2000).withRunAsUser(1000)),
                c -> c.withCommand(List.of("sh", "-c", "cat /settings/deep/colour; echo; cat /keys/password; echo; stat -c %a:%g -L /keys/password; cat /all/size /all/labels; echo;"
                                + " stat -c %g /scratch; echo x > /scratch/x; dd if=/dev/zero of=/scratch/big bs=1M count=3 2>/dev/null || echo full; cat /sub; echo; id -u; touch /settings/no || echo ro"))
                        .withVolumeMounts(List.of(mount("settings", "/settings").withReadOnly(true), mount("keys", "/keys"), mount("all", "/all"), mount("scratch", "/scratch"),
                                mount("all", "/sub").withSubPath("color"))));
        node.await("vols", p -> p.status().phase().equals("Succeeded") || p.status().phase().equals("Failed"));
        assertThat(node.log(pod, "main", 0).lines()).contains("green", "s3cret", "440:2000", "XL" + pod.metadata().uid(), "2000", "full", "1000", "ro");
        node.delete("vols");
    }

    @Test
    void what_is_missing_is_told_and_waited_for() throws Exception {
        node.run("waits", s -> s.withVolumes(List.of(Volume.EMPTY.withName("later").withConfigMap(m -> m.withName("later")))),
                c -> c.withCommand(List.of("sh", "-c", "cat /later/key; sleep 1000")).withVolumeMounts(List.of(mount("later", "/later"))));
        node.run("needs", s -> s, c -> c.withCommand(List.of("sleep", "1000")).withEnv(List.of(EnvVar.EMPTY.withName("X").withValueFrom(f -> f.withConfigMapKeyRef(r -> r.withName("later").withKey("key"))))));
        node.await("needs", p -> !p.status().containerStatuses().isEmpty() && p.status().containerStatuses().getFirst().state().waiting().reason().equals("CreateContainerConfigError"));
        node.await("waits", p -> node.events("waits").stream().anyMatch(e -> e.startsWith("FailedMount: MountVolume.SetUp failed for volume \"later\" : configmap \"later\" not found")));
        node.api().create(ConfigMap.RESOURCE, "default", ConfigMap.EMPTY.withMetadata(meta("later")).withData(Map.of("key", "value")));
        node.awaitRunning("waits");
        node.awaitRunning("needs");
        node.delete("waits");
        node.delete("needs");
    }

    @Test
    void readiness_gates_and_liveness_restarts() throws Exception {
        node.run("probed", s -> s.withTerminationGracePeriodSeconds(0), c -> c.withCommand(List.of("sh", "-c", "mkdir -p /www; cd /www; touch healthy; httpd -f -p 8080"))
                .withReadinessProbe(p -> p.withHttpGet(g -> g.withPath("/ready").withPort(IntOrString.of(8080))).withPeriodSeconds(1))
                .withLivenessProbe(p -> p.withExec(e -> e.withCommand(List.of("cat", "/www/healthy"))).withPeriodSeconds(1).withFailureThreshold(2))); // the first may come before the file
        Pod running = node.await("probed", p -> p.status().phase().equals("Running"));
        assertThat(running.status().containerStatuses().getFirst().ready()).isFalse();
        node.await("probed", p -> node.events("probed").stream().anyMatch(e -> e.startsWith("Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404"))); // the server is there
        String id = running.status().containerStatuses().getFirst().containerID().replace("containerd://", "");
        node.kubelet().containerd().cri().execSync(id, List.of("touch", "/www/ready"), java.time.Duration.ofSeconds(5));
        node.await("probed", p -> p.status().containerStatuses().getFirst().ready());
        node.kubelet().containerd().cri().execSync(id, List.of("rm", "/www/healthy"), java.time.Duration.ofSeconds(5));
        Pod restarted = node.await("probed", p -> p.status().containerStatuses().getFirst().restartCount() == 1 && p.status().containerStatuses().getFirst().state().hasRunning());
        assertThat(restarted.status().containerStatuses().getFirst().ready()).isFalse();
        assertThat(node.events("probed")).anyMatch(e -> e.startsWith("Unhealthy: Liveness probe failed:")).anyMatch(e -> e.equals("Killing: Container main failed liveness probe, will be restarted"));
        node.delete("probed");
    }

    @Test
    void a_container_that_takes_too_much_memory_is_shown_as_such() throws Exception {
        node.run("greedy", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("sh", "-c", "dd if=/dev/zero of=/dev/null bs=200M count=1; x=$(dd if=/dev/zero bs=1M count=100 | tr '\\0' 'x'); echo done"))
                .withResources(r -> r.withLimits(Map.of("memory", Quantity.parse("20Mi")))));
        Pod ended = node.await("greedy", p -> p.status().phase().equals("Failed") || p.status().phase().equals("Succeeded"));
        ContainerStatus status = ended.status().containerStatuses().getFirst();
        assertThat(status.state().terminated().reason()).isEqualTo("OOMKilled");
        assertThat(status.state().terminated().exitCode()).isNotZero();
        node.delete("greedy");
    }

    @Test
    void hooks_run_after_the_start_and_before_the_end() throws Exception {
        Volume host = Volume.EMPTY.withName("host").withHostPath(h -> h.withPath(node.directory().resolve("hooks").toString()).withType("DirectoryOrCreate"));
        node.run("hooked", s -> s.withVolumes(List.of(host)).withTerminationGracePeriodSeconds(5), c -> c.withCommand(List.of("sh", "-c", "trap 'echo term >> /host/log; exit 0' TERM; while true; do sleep 0.05; done"))
                .withVolumeMounts(List.of(mount("host", "/host")))
                .withLifecycle(l -> l.withPostStart(h -> h.withExec(e -> e.withCommand(List.of("sh", "-c", "echo post >> /host/log"))))
                        .withPreStop(h -> h.withExec(e -> e.withCommand(List.of("sh", "-c", "echo pre >> /host/log"))))));
        node.awaitRunning("hooked");
        node.delete("hooked");
        assertThat(java.nio.file.Files.readString(node.directory().resolve("hooks/log"))).isEqualTo("post\npre\nterm\n");
    }

    @Test
    void names_are_resolved_as_the_pod_asks_and_it_knows_its_own() throws IOException, InterruptedException {
        Pod pod = node.run("dns", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("sh", "-c", "cat /etc/resolv.conf /etc/hosts; hostname")));
        Pod done = node.await("dns", p -> p.status().phase().equals("Succeeded"));
        assertThat(node.log(pod, "main", 0)).contains("nameserver 10.96.0.10", "search default.svc.cluster.local svc.cluster.local cluster.local", "options ndots:5",
                done.status().podIP() + "\tdns\n");
        node.delete("dns");
    }

    private static VolumeMount mount(String volume, String path) {
        return VolumeMount.EMPTY.withName(volume).withMountPath(path);
    }

    private static ObjectMeta meta(String name) {
        return ObjectMeta.EMPTY.withName(name).withNamespace("default");
    }
}
