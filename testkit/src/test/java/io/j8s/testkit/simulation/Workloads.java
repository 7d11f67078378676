package io.j8s.testkit.simulation;

import io.j8s.client.Client;
import io.j8s.model.IntOrString;
import io.j8s.model.Quantity;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentSpec;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Endpoints;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Things to run.
final class Workloads {
    private Workloads() {}

    static PodTemplateSpec template(String app) {
        return PodTemplateSpec.EMPTY.withMetadata(ObjectMeta.EMPTY.withLabels(Map.of("app", app))).withSpec(PodSpec.EMPTY.withContainers(List.of(
                Container.EMPTY.withName("main").withImage("registry.example/" + app + ":1").withResources(r -> r.withRequests(Map.of("cpu", Quantity.parse("500m")))))));
    }

    static LabelSelector selector(String app) {
        return LabelSelector.EMPTY.withMatchLabels(Map.of("app", app));
    }

    private static ObjectMeta named(String name) {
        return ObjectMeta.EMPTY.withName(name);
    }

    static Deployment deployment(String name, int replicas) {
        return Deployment.EMPTY.withMetadata(named(name)).withSpec(DeploymentSpec.EMPTY.withReplicas(replicas).withSelector(selector(name)).withTemplate(template(name)));
    }

    static StatefulSet statefulSet(String name, int replicas) {
        return StatefulSet.EMPTY.withMetadata(named(name)).withSpec(s -> s.withReplicas(replicas).withServiceName(name).withSelector(selector(name)).withTemplate(template(name)));
    }

    static DaemonSet daemonSet(String name) {
        return DaemonSet.EMPTY.withMetadata(named(name)).withSpec(s -> s.withSelector(selector(name)).withTemplate(template(name)));
    }

    static Job job(String name, int completions, int parallelism) {
        PodTemplateSpec once = template(name);
        return Job.EMPTY.withMetadata(named(name)).withSpec(s -> s.withCompletions(completions).withParallelism(parallelism).withBackoffLimit(100)
                .withTemplate(once.withSpec(once.spec().withRestartPolicy("Never"))));
    }

    static Service service(String app) {
        return Service.EMPTY.withMetadata(named(app)).withSpec(s -> s.withSelector(Map.of("app", app)).withPorts(List.of(ServicePort.EMPTY.withPort(80))));
    }

    /// Whether slices and endpoints of a service name just these pods, as ready.
    static boolean serviceNames(Client client, String name, List<Pod> pods) {
        Set<String> wanted = pods.stream().map(pod -> pod.status().podIP()).collect(Collectors.toSet());
        List<String> sliced = client.list(EndpointSlice.RESOURCE, "default").stream().filter(s -> name.equals(s.metadata().labels().get("kubernetes.io/service-name")))
                .flatMap(s -> s.endpoints().stream()).filter(e -> e.conditions().ready()).flatMap(e -> e.addresses().stream()).toList();
        Endpoints endpoints = client.get(Endpoints.RESOURCE, "default", name);
        List<String> listed = endpoints.subsets().stream().flatMap(s -> s.addresses().stream()).map(a -> a.ip()).toList();
        return sliced.size() == wanted.size() && wanted.containsAll(sliced) && listed.size() == wanted.size() && wanted.containsAll(listed);
    }

    static PodDisruptionBudget budget(String app, int available) {
        return PodDisruptionBudget.EMPTY.withMetadata(named(app)).withSpec(s -> s.withMinAvailable(IntOrString.of(available)).withSelector(selector(app)));
    }

    static ResourceQuota quota(int pods) {
        return ResourceQuota.EMPTY.withMetadata(named("quota")).withSpec(s -> s.withHard(Map.of("pods", Quantity.of(pods))));
    }
}
