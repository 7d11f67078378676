package io.j8s.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resources.Resources;
import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.IntOrString;
import io.j8s.model.Struct;
import io.j8s.model.Yaml;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.networking.v1.IPAddress;
import io.j8s.model.policy.v1.Eviction;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a server does with pods, services and workloads: defaults, rules, allocation, actions.
final class CoreResourcesTest {

    private final Timeline timeline = Timeline.system();
    private ApiServer server;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        User admin = User.of("admin", User.MASTERS, User.AUTHENTICATED);
        ApiServerConfig config = new ApiServerConfig(
                "127.0.0.1", 0, null, Resources.all(), state -> exchange -> new Authentication.Known(admin), state -> attributes -> new Decision.Allow(""),
                state -> Admission.NONE, ApiServerConfig.DEFAULT_KEPT_JSON_BYTES);
        server = ApiServer.start(config, LocalStore.inMemory(timeline), timeline);
        client = server.client(User.of("tester", User.MASTERS), "tester");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private <T extends Struct> T create(ApiResource<T> resource, String yaml) {
        return client.create(resource, "default", read(resource, yaml));
    }

    @SuppressWarnings("unchecked") // read as the resource's type
    private static <T extends Struct> T read(ApiResource<T> resource, String yaml) {
        return (T) Yaml.read(resource.type(), yaml.getBytes(StandardCharsets.UTF_8));
    }

    private Pod pod(String name) {
        return create(Pod.RESOURCE, "{metadata: {name: %s, labels: {app: a}}, spec: {containers: [{name: c, image: busybox}]}}".formatted(name));
    }

    @Test
    void aPodGetsWhatItDoesNotSay() {
        Pod pod = pod("p");
        assertThat(pod.spec().restartPolicy()).isEqualTo("Always");
        assertThat(pod.spec().terminationGracePeriodSeconds()).isEqualTo(30);
        assertThat(pod.spec().containers().getFirst().imagePullPolicy()).isEqualTo("Always");
        assertThat(pod.status().phase()).isEqualTo("Pending");
        assertThat(pod.status().qosClass()).isEqualTo("BestEffort");
        assertThat(pod.metadata().generation()).isEqualTo(1);
    }

    @Test
    void aPodAsksForAsMuchAsItIsLimitedTo() {
        Pod pod = create(Pod.RESOURCE, "{metadata: {name: p}, spec: {containers: [{name: c, image: 'a:1', resources: {limits: {cpu: 1, memory: 1Gi}}}]}}");
        assertThat(pod.spec().containers().getFirst().resources().requests()).containsOnlyKeys("cpu", "memory");
        assertThat(pod.status().qosClass()).isEqualTo("Guaranteed");
        assertThat(pod.spec().containers().getFirst().imagePullPolicy()).isEqualTo("IfNotPresent");
    }

    @Test
    void onlyAFewFieldsOfAPodCanChange() {
        Pod pod = pod("p");
        assertThat(client.update(Pod.RESOURCE, "default", pod.withSpec(spec -> spec.withContainers(spec.containers().stream().map(c -> c.withImage("b")).toList())))
                        .metadata().generation())
                .isEqualTo(2);
        assertThatThrownBy(() -> client.update(Pod.RESOURCE, "default", pod.withMetadata(m -> m.withoutResourceVersion()).withSpec(spec -> spec.withHostname("h"))))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
    }

    @Test
    void fieldsOfOneObjectMayBeAppliedInSeveralVersions() {
        String object = "{apiVersion: autoscaling/%s, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, maxReplicas: 9%s}}";
        apply(io.j8s.model.autoscaling.v1.HorizontalPodAutoscaler.RESOURCE, object.formatted("v1", ", targetCPUUtilizationPercentage: 50"), "first");
        apply(HorizontalPodAutoscaler.RESOURCE, object.formatted("v2", ""), "second");
        apply(io.j8s.model.autoscaling.v1.HorizontalPodAutoscaler.RESOURCE, object.formatted("v1", ""), "third");
        apply(HorizontalPodAutoscaler.RESOURCE, object.formatted("v2", ", minReplicas: 2"), "fourth");
        HorizontalPodAutoscaler applied = apply(HorizontalPodAutoscaler.RESOURCE, object.formatted("v2", ""), "fourth");
        assertThat(applied.spec().minReplicas()).isEqualTo(1); // no longer anybody's, so the default
        assertThat(applied.metadata().managedFields()).extracting(entry -> entry.manager() + " " + entry.apiVersion())
                .containsExactlyInAnyOrder("first autoscaling/v1", "second autoscaling/v2", "third autoscaling/v1", "fourth autoscaling/v2");
    }

    private <T extends Struct> T apply(ApiResource<T> resource, String yaml, String manager) {
        return client.patch(resource, "default", "h", new Patch.Apply(read(resource, yaml)), WriteOptions.NONE.by(manager));
    }

    @Test
    void aPodIsBoundOnce() {
        pod("p");
        Binding binding = read(Binding.RESOURCE, "{metadata: {name: p}, target: {kind: Node, name: node-1}}");
        client.createSubresource(Pod.RESOURCE, "default", "p", "binding", binding, Status.TYPE, WriteOptions.NONE);
        assertThat(client.get(Pod.RESOURCE, "default", "p").spec().nodeName()).isEqualTo("node-1");
        assertThatThrownBy(() -> client.createSubresource(Pod.RESOURCE, "default", "p", "binding", binding, Status.TYPE, WriteOptions.NONE))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(409));
    }

    @Test
    void aBudgetWithNothingLeftKeepsAPodFromBeingEvicted() {
        Pod pod = pod("p");
        client.updateStatus(Pod.RESOURCE, "default", pod.withStatus(status -> status.withPhase("Running")));
        create(PodDisruptionBudget.RESOURCE, "{metadata: {name: b}, spec: {minAvailable: 1, selector: {matchLabels: {app: a}}}}");
        Eviction eviction = (Eviction) Yaml.read(Eviction.TYPE, "{metadata: {name: p}}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> client.createSubresource(Pod.RESOURCE, "default", "p", "eviction", eviction, Status.TYPE, WriteOptions.NONE))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(429));
    }

    @Test
    void aServiceHasItsAddressUntilItGoes() {
        Service service = create(Service.RESOURCE, "{metadata: {name: s}, spec: {ports: [{port: 80}], selector: {app: a}}}");
        String address = service.spec().clusterIP();
        assertThat(address).startsWith("10.0.0.");
        assertThat(service.spec().clusterIPs()).containsExactly(address);
        assertThat(service.spec().ports().getFirst().targetPort()).isEqualTo(new IntOrString.Int(80));
        assertThat(client.get(IPAddress.RESOURCE, "", address).spec().parentRef().name()).isEqualTo("s");
        assertThatThrownBy(() -> create(Service.RESOURCE, "{metadata: {name: t}, spec: {clusterIP: %s, ports: [{port: 80}]}}".formatted(address)))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
        client.delete(Service.RESOURCE, "default", "s", DeleteOptions.DEFAULT);
        assertThat(create(Service.RESOURCE, "{metadata: {name: t}, spec: {clusterIP: %s, ports: [{port: 80}]}}".formatted(address)).spec().clusterIP()).isEqualTo(address);
    }

    @Test
    void aNodePortIsTakenOnceAndGoesWithTheType() {
        Service service = create(Service.RESOURCE, "{metadata: {name: s}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30001}]}}");
        assertThatThrownBy(() -> create(Service.RESOURCE, "{metadata: {name: t}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30001}]}}"))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
        assertThat(create(Service.RESOURCE, "{metadata: {name: u}, spec: {type: NodePort, ports: [{port: 80}]}}").spec().ports().getFirst().nodePort())
                .isBetween(30086, 32767);
        Service plain = client.update(Service.RESOURCE, "default", service.withSpec(spec -> spec.withType("ClusterIP").withoutExternalTrafficPolicy()));
        assertThat(plain.spec().ports().getFirst().nodePort()).isZero();
    }

    @Test
    void aDeploymentRollsByQuartersUnlessItSaysOtherwise() {
        Deployment deployment = create(
                Deployment.RESOURCE,
                "{metadata: {name: d}, spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: a}]}}}}");
        assertThat(deployment.spec().replicas()).isEqualTo(1);
        assertThat(deployment.spec().strategy().rollingUpdate().maxSurge()).isEqualTo(new IntOrString.Text("25%"));
        assertThat(deployment.spec().template().spec().dnsPolicy()).isEqualTo("ClusterFirst");
        assertThatThrownBy(() -> client.update(
                        Deployment.RESOURCE, "default",
                        deployment.withSpec(spec -> spec.withSelector(selector -> selector.withMatchLabels(java.util.Map.of("app", "b"))))))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
    }

    @Test
    void aJobSelectsItsPodsByItsUid() {
        Job job = create(Job.RESOURCE, "{metadata: {name: j}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: a}]}}}}");
        assertThat(job.spec().selector().matchLabels()).containsEntry("batch.kubernetes.io/controller-uid", job.metadata().uid());
        assertThat(job.spec().completions()).isEqualTo(1);
        assertThat(job.spec().backoffLimit()).isEqualTo(6);
    }
}
