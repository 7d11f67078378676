package io.j8s.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.leader.LeaderSettings;
import io.j8s.client.testing.MemoryApi;
import io.j8s.client.testing.Request;
import io.j8s.controllers.cloud.AddressPool;
import io.j8s.controllers.cloud.BuiltInCloud;
import io.j8s.controllers.cloud.CloudSettings;
import io.j8s.model.ApiResource;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.batch.v1.CronJob;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.ReplicationController;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.networking.v1.ServiceCIDR;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.resource.v1.ResourceClaimTemplate;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.model.storage.v1.VolumeAttachment;
import io.j8s.model.storage.v1.VolumeAttributesClass;
import io.j8s.runtime.SimulatedTimeline;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// All controllers together over a cluster with something of everything: what they make of it settles, nobody writes any more, and a manager that starts anew finds nothing to do.
class QuietTest {
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final ControllerSelection ALL = ControllerSelection.parse("*,bootstrap-signer-controller,token-cleaner-controller", Controllers.LIST);

    private final SimulatedTimeline time = new SimulatedTimeline(1);
    private final MemoryApi api = new MemoryApi(time);

    @AfterEach
    void close() {
        time.close();
        assertThat(time.failures()).as("seed %s", time.seed()).isEmpty();
    }

    @Test
    void a_settled_cluster_is_left_alone() {
        api.serve(Pod.RESOURCE, ReplicaSet.RESOURCE, Deployment.RESOURCE, StatefulSet.RESOURCE, DaemonSet.RESOURCE, Job.RESOURCE, CronJob.RESOURCE, Service.RESOURCE, ConfigMap.RESOURCE, PersistentVolumeClaim.RESOURCE);
        heartbeats();
        cluster();
        ControllerManager manager = start();
        kubelet();
        time.advance(Duration.ofMinutes(10));
        assertReached();
        assertNoWrites(Duration.ofHours(1), "an hour later");
        manager.close();
        ControllerManager next = start();
        api.takeRequests();
        assertNoWrites(Duration.ofMinutes(10), "after a restart");
        next.close();
    }

    private ControllerManager start() {
        Settings settings = Settings.DEFAULT.withCloud(CloudSettings.of(context -> new BuiltInCloud(context, AddressPool.parse("192.0.2.0/24"))));
        ControllerManager manager = new ControllerManager(time, ControllerManager.Parts.simple(api, api).withSettings(settings).withSelection(ALL).withElection(LeaderSettings.of("kube-system", "kube-controller-manager", "a")));
        manager.start();
        time.run(manager::leads, Duration.ofMinutes(1));
        return manager;
    }

    private void assertNoWrites(Duration span, String when) {
        api.takeRequests();
        time.advance(span);
        assertThat(api.takeWrites().stream().filter(request -> !request.resource().equals(Lease.RESOURCE) && !registration(request)).map(Request::toString).distinct().toList()).as("seed %s: writes %s", time.seed(), when).isEmpty();
    }

    /// Each manager that starts says once which nodes it knows.
    private boolean registration(Request request) {
        return request.resource().equals(Event.RESOURCE) && api.peek(Event.RESOURCE, request.namespace()).stream().anyMatch(e -> e.metadata().name().equals(request.name()) && e.reason().equals("RegisteredNode") && e.count() == 1);
    }

    private void assertReached() {
        assertThat(api.get(Deployment.RESOURCE, "ns", "web").status().availableReplicas()).isEqualTo(3);
        assertThat(api.get(StatefulSet.RESOURCE, "ns", "db").status().readyReplicas()).isEqualTo(2);
        assertThat(api.get(DaemonSet.RESOURCE, "ns", "agent").status().numberAvailable()).isEqualTo(2);
        assertThat(api.get(Job.RESOURCE, "ns", "done").status().succeeded()).isEqualTo(2);
        assertThat(api.get(PersistentVolumeClaim.RESOURCE, "ns", "claim").status().phase()).isEqualTo("Bound");
        assertThat(api.peek(VolumeAttachment.RESOURCE, "")).hasSize(1);
        assertThat(api.get(Service.RESOURCE, "ns", "web").status().loadBalancer().ingress()).hasSize(1);
        assertThat(api.get(PodDisruptionBudget.RESOURCE, "ns", "web").status().disruptionsAllowed()).isEqualTo(1);
        assertThat(api.get(Pod.RESOURCE, "ns", "gpu").status().resourceClaimStatuses()).hasSize(1);
        assertThat(api.peek(Namespace.RESOURCE, "")).hasSize(1);
    }

    private static ObjectMeta named(String name) {
        return ObjectMeta.EMPTY.withName(name);
    }

    private <T extends Struct> void put(ApiResource<T> resource, T object) {
        api.create(resource, resource.namespaced() ? "ns" : "", object);
    }

    private static LabelSelector app(String name) {
        return LabelSelector.EMPTY.withMatchLabels(Map.of("app", name));
    }

    private static PodTemplateSpec template(String name) {
        return PodTemplateSpec.EMPTY.withMetadata(m -> m.withLabels(Map.of("app", name))).withSpec(s -> s.withContainers(List.of(Container.EMPTY.withName("c").withImage("i"))));
    }

    private void cluster() {
        for (String name : List.of("n1", "n2")) {
            Node node = api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named(name).withLabels(Map.of("kubernetes.io/os", "linux")).withAnnotations(Map.of("volumes.kubernetes.io/controller-managed-attach-detach", "true"))));
            NodeCondition ready = NodeCondition.EMPTY.withType("Ready").withStatus("True").withLastHeartbeatTime(time.now()).withLastTransitionTime(time.now());
            api.updateStatus(Node.RESOURCE, "", node.withStatus(s -> s.withConditions(List.of(ready))));
        }
        put(Namespace.RESOURCE, Namespace.EMPTY.withMetadata(named("ns")));
        put(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("web")).withSpec(s -> s.withReplicas(3).withSelector(app("web")).withTemplate(template("web"))));
        put(ReplicationController.RESOURCE, ReplicationController.EMPTY.withMetadata(named("old")).withSpec(s -> s.withReplicas(1).withSelector(Map.of("app", "old")).withTemplate(template("old"))));
        put(StatefulSet.RESOURCE, StatefulSet.EMPTY.withMetadata(named("db")).withSpec(s -> s.withReplicas(2).withServiceName("db").withSelector(app("db")).withTemplate(template("db"))));
        put(DaemonSet.RESOURCE, DaemonSet.EMPTY.withMetadata(named("agent")).withSpec(s -> s.withSelector(app("agent")).withTemplate(template("agent"))));
        put(Job.RESOURCE, Job.EMPTY.withMetadata(named("done")).withSpec(s -> s.withCompletions(2).withParallelism(2).withSelector(app("done")).withTemplate(template("done").withSpec(p -> p.withRestartPolicy("Never")))));
        put(CronJob.RESOURCE, CronJob.EMPTY.withMetadata(named("yearly")).withSpec(s -> s.withSchedule("0 0 1 6 *").withJobTemplate(j -> j.withSpec(p -> p.withTemplate(template("cron"))))));
        put(Service.RESOURCE, Service.EMPTY.withMetadata(named("web")).withSpec(s -> s.withType("LoadBalancer").withClusterIP("10.0.0.9").withIpFamilies(List.of("IPv4")).withSelector(Map.of("app", "web")).withPorts(List.of(ServicePort.EMPTY.withPort(80).withProtocol("TCP")))));
        put(PodDisruptionBudget.RESOURCE, PodDisruptionBudget.EMPTY.withMetadata(named("web")).withSpec(s -> s.withSelector(app("web")).withMinAvailable(io.j8s.model.IntOrString.of(2))));
        put(ResourceQuota.RESOURCE, ResourceQuota.EMPTY.withMetadata(named("q")).withSpec(s -> s.withHard(Map.of("pods", Quantity.of(50)))));
        put(StorageClass.RESOURCE, StorageClass.EMPTY.withMetadata(named("disk")).withProvisioner("disk.example.com"));
        put(VolumeAttributesClass.RESOURCE, VolumeAttributesClass.EMPTY.withMetadata(named("gold")).withDriverName("disk.example.com"));
        put(PersistentVolume.RESOURCE, PersistentVolume.EMPTY.withMetadata(named("pv")).withSpec(s -> s.withStorageClassName("disk").withAccessModes(List.of("ReadWriteOnce")).withCapacity(Map.of("storage", Quantity.of(10))).withCsi(c -> c.withDriver("disk.example.com").withVolumeHandle("h"))));
        put(PersistentVolumeClaim.RESOURCE, PersistentVolumeClaim.EMPTY.withMetadata(named("claim")).withSpec(s -> s.withStorageClassName("disk").withAccessModes(List.of("ReadWriteOnce")).withResources(r -> r.withRequests(Map.of("storage", Quantity.of(5))))));
        put(ResourceClaimTemplate.RESOURCE, ResourceClaimTemplate.EMPTY.withMetadata(named("t")));
        put(Pod.RESOURCE, Pod.EMPTY.withMetadata(named("gpu")).withSpec(s -> s.withNodeName("n1").withResourceClaims(List.of(PodResourceClaim.EMPTY.withName("r").withResourceClaimTemplateName("t")))
                .withVolumes(List.of(Volume.EMPTY.withName("v").withPersistentVolumeClaim(c -> c.withClaimName("claim"))))));
        put(ClusterRole.RESOURCE, ClusterRole.EMPTY.withMetadata(named("all")).withAggregationRule(a -> a.withClusterRoleSelectors(List.of(app("x")))));
        put(ValidatingAdmissionPolicy.RESOURCE, ValidatingAdmissionPolicy.EMPTY.withMetadata(named("policy")).withSpec(s -> s.withFailurePolicy("Fail")));
        put(ServiceCIDR.RESOURCE, ServiceCIDR.EMPTY.withMetadata(named("range")).withSpec(s -> s.withCidrs(List.of("10.0.0.0/24"))));
    }

    /// Leases are all that nodes write while nothing happens.
    private void heartbeats() {
        time.start("heartbeats", () -> {
            while (true) {
                for (Node node : api.peek(Node.RESOURCE, "")) {
                    String name = node.metadata().name();
                    Lease lease = api.find(Lease.RESOURCE, "kube-node-lease", name);
                    if (lease == null) {
                        api.create(Lease.RESOURCE, "kube-node-lease", Lease.EMPTY.withMetadata(named(name)).withSpec(s -> s.withRenewTime(time.now())));
                    } else {
                        api.update(Lease.RESOURCE, "kube-node-lease", lease.withSpec(s -> s.withRenewTime(time.now())));
                    }
                }
                time.sleep(HEARTBEAT);
            }
        });
    }

    /// Places pods, runs them, ends those of jobs, and attaches volumes; writes only while there is something to do.
    private void kubelet() {
        time.start("kubelet", () -> {
            while (true) {
                time.sleep(Duration.ofSeconds(2));
                for (Pod pod : api.peek(Pod.RESOURCE, "ns")) {
                    run(pod);
                }
                for (VolumeAttachment attachment : api.peek(VolumeAttachment.RESOURCE, "")) {
                    if (!attachment.status().attached()) {
                        api.updateStatus(VolumeAttachment.RESOURCE, "", attachment.withStatus(s -> s.withAttached(true)));
                    }
                }
            }
        });
    }

    private void run(Pod pod) {
        if (!pod.status().phase().equals("Pending") || pod.metadata().deletionTimestamp() != null) {
            return;
        }
        try {
            Pod bound = pod.spec().nodeName().isEmpty() ? api.update(Pod.RESOURCE, "ns", pod.withSpec(s -> s.withNodeName(pod.spec().hasAffinity() ? wantedNode(pod) : "n1"))) : pod;
            boolean job = "done".equals(pod.metadata().labels().get("app"));
            PodCondition ready = PodCondition.EMPTY.withType("Ready").withStatus(job ? "False" : "True").withLastTransitionTime(time.now().truncatedTo(ChronoUnit.SECONDS));
            api.updateStatus(Pod.RESOURCE, "ns", bound.withStatus(s -> s.withPhase(job ? "Succeeded" : "Running").withPodIP("10.1.0.1").withConditions(List.of(ready))));
        } catch (io.j8s.client.ApiException e) {
            // somebody else wrote first: the next look is soon
        }
    }

    /// Daemons name their node by the field `metadata.name`.
    private static String wantedNode(Pod pod) {
        return pod.spec().affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms().getFirst().matchFields().getFirst().values().getFirst();
    }
}
