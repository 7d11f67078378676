package io.j8s.it.why;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.cluster.command.Console;
import io.j8s.cluster.command.J8sCommand;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.Yaml;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.authentication.v1.TokenRequest;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import io.j8s.client.informer.Informer;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// One cluster with a simulated node; each test has objects of its own.
@ExtendWith(J8sExtension.class)
class WhyTest {
    private final J8s cluster;
    private final Client client;

    WhyTest(J8s cluster) {
        this.cluster = cluster;
        this.client = cluster.client();
    }

    @Test
    void a_pod_that_asks_for_too_much_is_told_what_there_is() {
        pod("greedy", "containers: [{name: c, image: i, resources: {requests: {cpu: 2k}}}]");
        assertThat(why("greedy")).contains("pod default/greedy: it is pending: it has no node")
                .containsPattern("1 node: Insufficient cpu \\(needs 2000, largest free [0-9.m]+ on node\\)").contains("no node is that large");
    }

    @Test
    void labels_that_no_node_has_are_named() {
        pod("picky", "nodeSelector: {disk: ssd}\ncontainers: [{name: c, image: i}]");
        assertThat(why("pod/picky")).contains("disk=ssd (0 nodes have it)");
    }

    @Test
    void gates_and_claims_are_named() {
        pod("gated", "schedulingGates: [{name: example.com/hold}]\ncontainers: [{name: c, image: i}]");
        assertThat(why("gated")).contains("scheduling gates are removed: example.com/hold");
        pod("claiming", "volumes: [{name: v, persistentVolumeClaim: {claimName: nowhere}}]\ncontainers: [{name: c, image: i}]");
        assertThat(why("claiming")).contains("the PersistentVolumeClaim nowhere does not exist");
    }

    @Test
    void a_deployment_that_a_quota_stops_says_so() throws InterruptedException {
        client.create(ResourceQuota.RESOURCE, "default", struct(ResourceQuota.class, "metadata: {name: none}\nspec: {hard: {pods: \"0\"}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [barred]}]}}"));
        client.create(io.j8s.model.scheduling.v1.PriorityClass.RESOURCE, "", struct(io.j8s.model.scheduling.v1.PriorityClass.class, "metadata: {name: barred}\nvalue: 5"));
        // admission looks at a quota's status: until its controller has written that, it stops nobody
        await(ResourceQuota.RESOURCE, "the quota's status", quota -> quota.status().hard().containsKey("pods"));
        client.create(Deployment.RESOURCE, "default", struct(Deployment.class, """
                metadata: {name: web}
                spec:
                  selector: {matchLabels: {app: web}}
                  template: {metadata: {labels: {app: web}}, spec: {priorityClassName: barred, containers: [{name: c, image: i}]}}
                """));
        awaitEvent("FailedCreate");
        assertThat(why("deployment/web")).contains("deployment default/web: 0 of 1 pod is ready").contains("exceeded quota: none").contains("raise the quota");
        assertThat(why("web")).contains("exceeded quota");
    }

    @Test
    void containers_say_what_is_wrong_with_them() {
        onAGhost("crashing", "{name: c, image: i, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}");
        assertThat(why("crashing")).contains("ends again and again (4 restarts), the last time with exit code 137 (OOMKilled").contains("raise resources.limits.memory")
                .contains("its node ghost does not exist any more");
        onAGhost("unpulled", "{name: c, image: nope:1, state: {waiting: {reason: ImagePullBackOff, message: Back-off pulling image}}}");
        assertThat(why("unpulled")).contains("the image nope:1 cannot be had (ImagePullBackOff): Back-off pulling image").contains("check the image's name and tag, that its registry can be reached");
    }

    @Test
    void advice_for_images_goes_by_what_the_registry_says() {
        Map<String, String> advice = new TreeMap<>(Map.of("pull access denied, repository does not exist or may require authorization", "check imagePullSecrets", "dial tcp - lookup registry.invalid - no such host", "see that the node reaches",
                "toomanyrequests - You have reached your pull rate limit", "wait, pull with credentials", "manifest unknown", "check the image's name and tag", "no match for platform in manifest", "built for the node's architecture",
                "tls - failed to verify certificate - x509 - certificate signed by unknown authority", "have the node trust"));
        int number = 0;
        for (Map.Entry<String, String> said : advice.entrySet()) {
            String name = "image-" + number++;
            onAGhost(name, "{name: c, image: i, state: {waiting: {reason: ErrImagePull, message: '" + said.getKey() + "'}}}");
            assertThat(why(name)).contains(said.getValue());
        }
    }

    @Test
    void a_pod_that_waits_to_be_bound_names_its_node_and_what_it_waits_for() {
        client.create(io.j8s.model.storage.v1.StorageClass.RESOURCE, "", struct(io.j8s.model.storage.v1.StorageClass.class, "metadata: {name: slow}\nprovisioner: example.com/slow\nvolumeBindingMode: WaitForFirstConsumer"));
        client.create(io.j8s.model.core.v1.PersistentVolumeClaim.RESOURCE, "default", struct(io.j8s.model.core.v1.PersistentVolumeClaim.class, "metadata: {name: later, annotations: {volume.kubernetes.io/selected-node: ghost}}\n"
                + "spec: {storageClassName: slow, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"));
        pod("bound-later", "schedulerName: none\nvolumes: [{name: v, persistentVolumeClaim: {claimName: later}}]\ncontainers: [{name: c, image: i}]");
        status("bound-later", "phase: Pending\nnominatedNodeName: ghost\n");
        assertThat(why("bound-later")).contains("it is placed on node ghost, and bound as soon as its volumes and devices are there")
                .contains("its provisioner example.com/slow has not made a volume for node ghost yet").doesNotContain("room is being made");
    }

    @Test
    void missing_configuration_is_named() {
        pod("unconfigured", "nodeName: ghost\ncontainers: [{name: c, image: i, env: [{name: A, valueFrom: {secretKeyRef: {name: none, key: k}}}]}]\nvolumes: [{name: v, configMap: {name: absent}}]");
        assertThat(why("unconfigured")).contains("volume v: the ConfigMap absent does not exist").contains("container c, variable A: the Secret none does not exist");
    }

    @Test
    void a_key_that_is_missing_is_named() {
        client.create(io.j8s.model.core.v1.ConfigMap.RESOURCE, "default", struct(io.j8s.model.core.v1.ConfigMap.class, "metadata: {name: settings}\ndata: {there: x}"));
        pod("keyless", "nodeName: ghost\ncontainers: [{name: c, image: i, env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: gone}}}]}]");
        assertThat(why("keyless")).contains("container c, variable A: the ConfigMap settings has no key gone").contains("add the key, or mark the reference optional");
    }

    @Test
    void init_containers_are_told_by_their_place() {
        pod("beginning", "nodeName: ghost\ninitContainers: [{name: first, image: i}, {name: second, image: i}]\ncontainers: [{name: c, image: i}]");
        status("beginning", "phase: Pending\ninitContainerStatuses: [{name: first, image: i, ready: true, state: {terminated: {exitCode: 0}}}, "
                + "{name: second, image: i, restartCount: 2, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 3}}}]\ncontainerStatuses: [{name: c, image: i, state: {waiting: {reason: PodInitializing}}}]\n");
        assertThat(why("beginning")).contains("init container second (2 of 2) ends again and again (2 restarts), the last time with exit code 3");
        status("beginning", "phase: Pending\ninitContainerStatuses: [{name: first, image: i, state: {running: {startedAt: 2026-01-01T00:00:00Z}}}]\n");
        assertThat(why("beginning")).containsPattern("init container first \\(1 of 2\\) still runs, for \\d+ s: the others wait for it");
    }

    @Test
    void memory_that_ran_out_is_told_with_its_limit() {
        pod("hungry", "nodeName: ghost\ncontainers: [{name: c, image: i, resources: {limits: {memory: 128Mi}}}]");
        status("hungry", "phase: Running\ncontainerStatuses: [{name: c, image: i, restartCount: 1, state: {terminated: {exitCode: 137, reason: OOMKilled}}}]\n");
        assertThat(why("hungry")).contains("container c has ended with exit code 137 (OOMKilled: it took more memory than its limit of 128Mi)").contains("raise resources.limits.memory");
    }

    @Test
    void probes_and_readiness_gates_are_named() {
        pod("probed", "nodeName: ghost\nreadinessGates: [{conditionType: example.com/in-balance}]\ncontainers: [{name: c, image: i, readinessProbe: {httpGet: {port: 80}}}]");
        status("probed", "phase: Running\ncontainerStatuses: [{name: c, image: i, started: true, ready: false, state: {running: {}}}]\n");
        client.create(Event.RESOURCE, "default", struct(Event.class, "metadata: {name: probed.1}\ninvolvedObject: {kind: Pod, namespace: default, name: probed}\nreason: Unhealthy\nmessage: 'Readiness probe failed: 503'\ntype: Warning"));
        assertThat(why("probed")).contains("container c runs, but does not pass its readiness probe: Readiness probe failed: 503").contains("its readiness gate example.com/in-balance is not met");
    }

    @Test
    void a_claim_says_itself_why_it_is_pending() {
        client.create(io.j8s.model.storage.v1.StorageClass.RESOURCE, "", struct(io.j8s.model.storage.v1.StorageClass.class, "metadata: {name: broken}\nprovisioner: example.com/broken"));
        client.create(io.j8s.model.core.v1.PersistentVolumeClaim.RESOURCE, "default", struct(io.j8s.model.core.v1.PersistentVolumeClaim.class,
                "metadata: {name: data}\nspec: {storageClassName: broken, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"));
        client.create(Event.RESOURCE, "default", struct(Event.class, "metadata: {name: data.1}\ninvolvedObject: {kind: PersistentVolumeClaim, namespace: default, name: data}\nreason: ProvisioningFailed\nmessage: out of disks\ntype: Warning"));
        pod("storing", "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]\ncontainers: [{name: c, image: i}]");
        assertThat(why("storing")).contains("the PersistentVolumeClaim data is ").contains("out of disks").contains("see that the provisioner runs");
    }

    @Test
    void a_budget_that_forbids_eviction_is_named() {
        client.create(Pod.RESOURCE, "default", struct(Pod.class, "metadata: {name: guarded, labels: {app: guarded}}\nspec: {nodeName: ghost, containers: [{name: c, image: i}]}"));
        status("guarded", "phase: Running\nconditions: [{type: Ready, status: \"True\"}]\ncontainerStatuses: [{name: c, image: i, started: true, ready: true, state: {running: {}}}]\n");
        client.create(io.j8s.model.policy.v1.PodDisruptionBudget.RESOURCE, "default", struct(io.j8s.model.policy.v1.PodDisruptionBudget.class, "metadata: {name: guard}\nspec: {minAvailable: 1, selector: {matchLabels: {app: guarded}}}"));
        assertThat(why("guarded")).contains("it cannot be evicted now: the PodDisruptionBudget guard allows no disruption");
    }

    @Test
    void devices_that_cannot_be_had_are_counted() {
        client.create(io.j8s.model.resource.v1.DeviceClass.RESOURCE, "", struct(io.j8s.model.resource.v1.DeviceClass.class, "metadata: {name: gpu}\nspec: {}"));
        client.create(io.j8s.model.resource.v1.ResourceClaim.RESOURCE, "default", struct(io.j8s.model.resource.v1.ResourceClaim.class, "metadata: {name: many}\nspec: {devices: {requests: [{name: r, exactly: {deviceClassName: gpu, allocationMode: ExactCount, count: 5}}]}}"));
        pod("computing", "resourceClaims: [{name: x, resourceClaimName: many}]\ncontainers: [{name: c, image: i, resources: {claims: [{name: x}]}}]");
        assertThat(why("computing")).contains("1 node: cannot allocate all claims: asks for 5 of class gpu (claim many); there are 0 devices there, 0 of them taken");
        pod("unclaimed", "resourceClaims: [{name: x, resourceClaimName: nowhere}]\ncontainers: [{name: c, image: i, resources: {claims: [{name: x}]}}]");
        assertThat(why("unclaimed")).contains("resource claim x: the ResourceClaim nowhere does not exist").doesNotContain("cannot allocate");
    }

    @Test
    void a_pod_that_does_not_end_names_its_finalizers() {
        client.create(Pod.RESOURCE, "default", struct(Pod.class, "metadata: {name: kept, finalizers: [example.com/keep]}\nspec: {schedulerName: nobody, containers: [{name: c, image: i}]}"));
        client.delete(Pod.RESOURCE, "default", "kept", DeleteOptions.DEFAULT);
        assertThat(why("kept")).contains("it is being deleted").contains("it is kept by its finalizers: example.com/keep");
    }

    @Test
    void programs_get_json_and_yaml() {
        pod("shaped", "schedulingGates: [{name: example.com/hold}]\ncontainers: [{name: c, image: i}]");
        assertThat(why("shaped", "-o", "json")).contains("\"topic\": \"SchedulingGate\"");
        assertThat(why("shaped", "-o", "yaml")).contains("topic: SchedulingGate");
    }

    @Test
    void what_is_not_there_is_an_error() {
        assertThat(run("why", "never", "--kubeconfig", cluster.kubeconfigFile().toString())).startsWith("1|j8s: there is no pod never");
    }

    @Test
    void the_right_to_view_is_enough(@TempDir Path folder) throws IOException {
        pod("seen", "schedulingGates: [{name: example.com/hold}]\ncontainers: [{name: c, image: i}]");
        pod("placed", "containers: [{name: c, image: i, resources: {requests: {cpu: 2k}}}]");
        client.create(ServiceAccount.RESOURCE, "default", struct(ServiceAccount.class, "metadata: {name: viewer}"));
        client.create(ClusterRoleBinding.RESOURCE, "", struct(ClusterRoleBinding.class,
                "metadata: {name: viewer}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: viewer, namespace: default}]"));
        TokenRequest token = (TokenRequest) client.createSubresource(ServiceAccount.RESOURCE, "default", "viewer", "token", TokenRequest.EMPTY.withSpec(spec -> spec.withExpirationSeconds(3600)),
                TokenRequest.TYPE, io.j8s.client.WriteOptions.NONE);
        Path kubeconfig = folder.resolve("viewer.conf");
        Files.writeString(kubeconfig, withToken(token.status().token()));
        assertThat(run("why", "seen", "--kubeconfig", kubeconfig.toString())).startsWith("0|").contains("example.com/hold");
        assertThat(run("why", "placed", "--kubeconfig", kubeconfig.toString())).startsWith("0|").contains("you may not read nodes");
    }

    @SuppressWarnings("unchecked") // a kubeconfig is a map of lists of maps
    private String withToken(String token) {
        Map<String, Object> config = new TreeMap<>((Map<String, Object>) Yaml.readAll(cluster.kubeconfig().getBytes(StandardCharsets.UTF_8)).getFirst());
        Map<String, Object> user = new TreeMap<>((Map<String, Object>) ((List<Object>) java.util.Objects.requireNonNull(config.get("users"))).getFirst());
        user.put("user", Map.of("token", token));
        config.put("users", List.of(user));
        return Yaml.writePlain(config);
    }

    private void pod(String name, String spec) {
        client.create(Pod.RESOURCE, "default", struct(Pod.class, "metadata: {name: " + name + "}\nspec:\n" + spec.indent(2)));
    }

    private void onAGhost(String name, String status) {
        pod(name, "nodeName: ghost\ncontainers: [{name: c, image: i}]");
        Pod pod = client.get(Pod.RESOURCE, "default", name);
        PodStatus now = (PodStatus) Yaml.read(PodStatus.TYPE, "phase: Running\ncontainerStatuses: [" + status + "]\n");
        client.updateStatus(Pod.RESOURCE, "default", pod.withStatus(now));
    }

    private void status(String name, String status) {
        client.updateStatus(Pod.RESOURCE, "default", client.get(Pod.RESOURCE, "default", name).withStatus((PodStatus) Yaml.read(PodStatus.TYPE, status)));
    }

    private static <T extends Struct> T struct(Class<T> type, String yaml) {
        try {
            return type.cast(Yaml.read((io.j8s.model.Type) java.util.Objects.requireNonNull(type.getField("TYPE").get(null)), yaml));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitEvent(String reason) throws InterruptedException {
        await(Event.RESOURCE, reason, event -> event.reason().equals(reason));
        assertThat(client.list(ReplicaSet.RESOURCE, "default")).isNotEmpty();
    }

    private <S extends Struct> void await(ApiResource<S> resource, String what, Predicate<S> expected) throws InterruptedException {
        Gate gate = Timeline.system().gate();
        try (Informer<S> objects = new Informer<>(client, Timeline.system(), resource)) {
            objects.addHandler(new io.j8s.client.informer.Handler<>() {
                @Override
                public void added(S object) {
                    gate.signal();
                }

                @Override
                public void changed(S before, S after) {
                    gate.signal();
                }

                @Override
                public void deleted(S last) {}
            });
            objects.start();
            assertThat(gate.await(() -> objects.lister().list().stream().anyMatch(expected), Duration.ofSeconds(60))).as(what).isTrue();
        }
    }

    private String why(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "why";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--kubeconfig";
        all[arguments.length + 2] = cluster.kubeconfigFile().toString();
        String told = run(all);
        assertThat(told).startsWith("0|");
        return told.substring(2);
    }

    private static String run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        int status = J8sCommand.run(new Console(printed, printed, Map.of(), false, Path.of("/nonexistent")), arguments);
        return status + "|" + out.toString(StandardCharsets.UTF_8);
    }
}
