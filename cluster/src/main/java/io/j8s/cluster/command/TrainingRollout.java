package io.j8s.cluster.command;

import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.model.Json;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// What a busy cluster has its controllers and its scheduler do, for the JVM's ahead-of-time cache as [TrainingLoad] is for the API server: Deployments with what pods usually ask of
/// their nodes are rolled out behind Services until all pods run, then their namespace is deleted.
final class TrainingRollout {

    private static final String NAMESPACE = "train";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    /// What each Deployment's pods say about their nodes.
    private static final List<String> PLACES = List.of(
            "",
            "\"topologySpreadConstraints\":[{\"maxSkew\":5,\"topologyKey\":\"kubernetes.io/hostname\",\"whenUnsatisfiable\":\"DoNotSchedule\",\"labelSelector\":{\"matchLabels\":{\"app\":\"train-1\"}}}],",
            "\"affinity\":{\"podAntiAffinity\":{\"preferredDuringSchedulingIgnoredDuringExecution\":[{\"weight\":1,\"podAffinityTerm\":{\"topologyKey\":\"kubernetes.io/hostname\","
                    + "\"labelSelector\":{\"matchLabels\":{\"app\":\"train-2\"}}}}],\"requiredDuringSchedulingIgnoredDuringExecution\":[{\"topologyKey\":\"kubernetes.io/hostname\","
                    + "\"labelSelector\":{\"matchLabels\":{\"never\":\"beside\"}}}]}},",
            "\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"kubernetes.io/os\","
                    + "\"operator\":\"In\",\"values\":[\"linux\"]}]}]}}},");

    private final Timeline timeline;
    private final Client client;

    TrainingRollout(Timeline timeline, Client client) {
        this.timeline = timeline;
        this.client = client;
    }

    /// @param pods how many of them in all
    void run(int pods) throws InterruptedException {
        client.create(Namespace.RESOURCE, "", Namespace.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(NAMESPACE)));
        int each = pods / PLACES.size();
        for (int number = 0; number < PLACES.size(); number++) {
            String app = "train-" + number;
            client.create(Service.RESOURCE, NAMESPACE, (Service) Json.read(Service.TYPE, """
                    {"metadata":{"name":"%1$s"},"spec":{"selector":{"app":"%1$s"},"ports":[{"port":80,"targetPort":8080}]}}""".formatted(app)));
            client.create(Deployment.RESOURCE, NAMESPACE, (Deployment) Json.read(Deployment.TYPE, """
                    {"metadata":{"name":"%1$s"},"spec":{"replicas":%2$d,"selector":{"matchLabels":{"app":"%1$s"}},"template":{"metadata":{"labels":{"app":"%1$s"}},"spec":{%3$s
                     "containers":[{"name":"main","image":"registry.example/app:1","ports":[{"containerPort":8080}],"resources":{"requests":{"cpu":"10m","memory":"8Mi"}}}]}}}}"""
                    .formatted(app, each, PLACES.get(number))));
        }
        await(() -> client.list(Deployment.RESOURCE, NAMESPACE).stream().allMatch(deployment -> deployment.status().readyReplicas() == each));
        client.delete(Namespace.RESOURCE, "", NAMESPACE, DeleteOptions.DEFAULT);
        await(() -> client.list(Pod.RESOURCE, NAMESPACE).isEmpty());
    }

    private void await(BooleanSupplier done) throws InterruptedException {
        long end = timeline.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean() && timeline.nanoTime() < end) {
            timeline.sleep(LOOK_AGAIN);
        }
    }
}
