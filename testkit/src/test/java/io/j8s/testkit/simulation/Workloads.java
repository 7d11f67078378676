package io.j8s.testkit.simulation;

import io.j8s.model.IntOrString;
import io.j8s.model.Quantity;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentSpec;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;

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

    static PodDisruptionBudget budget(String app, int available) {
        return PodDisruptionBudget.EMPTY.withMetadata(named(app)).withSpec(s -> s.withMinAvailable(IntOrString.of(available)).withSelector(selector(app)));
    }

    static ResourceQuota quota(int pods) {
        return ResourceQuota.EMPTY.withMetadata(named("quota")).withSpec(s -> s.withHard(Map.of("pods", Quantity.of(pods))));
    }
}
