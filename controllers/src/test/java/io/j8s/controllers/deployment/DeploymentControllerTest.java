package io.j8s.controllers.deployment;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.replicaset.ReplicaSetController;
import io.j8s.model.IntOrString;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentSpec;
import io.j8s.model.apps.v1.DeploymentStrategy;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.RollingUpdateDeployment;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeploymentControllerTest {
    private static final Map<String, String> LABELS = Map.of("app", "web");

    private Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    @Test
    void rollsOutTheFirstTemplate() {
        start();
        simulation.kubelet("ns");
        create(deployment(3));
        simulation.run(() -> complete("v1", 3));
        simulation.settle();
        Deployment deployment = get();
        assertThat(deployment.metadata().annotations()).containsEntry("deployment.kubernetes.io/revision", "1");
        assertThat(deployment.status().availableReplicas()).isEqualTo(3);
        assertThat(deployment.status().updatedReplicas()).isEqualTo(3);
        assertThat(reason(deployment, "Progressing")).isEqualTo("True/NewReplicaSetAvailable");
        assertThat(reason(deployment, "Available")).isEqualTo("True/MinimumReplicasAvailable");
        ReplicaSet set = sets().getFirst();
        assertThat(set.metadata().name()).startsWith("web-");
        assertThat(set.metadata().labels()).containsKey("pod-template-hash");
        assertThat(set.spec().selector().matchLabels()).containsKey("pod-template-hash");
        assertThat(simulation.pods("ns")).allSatisfy(pod -> assertThat(pod.metadata().labels()).containsKey("pod-template-hash"));
        assertThat(simulation.reasons("ns")).contains("ScalingReplicaSet");
    }

    @Test
    void goesQuietWhenItIsDone() {
        start();
        create(deployment(3));
        simulation.settle();
        simulation.makeReady("ns");
        simulation.settle();
        assertThat(get().status().availableReplicas()).isEqualTo(3);
        simulation.assertQuiet();
    }

    @Test
    void rollingKeepsEnoughPodsAvailableAndNeverTooMany() {
        start();
        simulation.kubelet("ns");
        create(deployment(10));
        simulation.run(() -> complete("v1", 10));
        int[] least = {10};
        int[] most = {0};
        simulation.time.start("observer", () -> {
            while (true) {
                simulation.time.sleep(Duration.ofMillis(20));
                List<Pod> active = simulation.pods("ns", Pods::active);
                most[0] = Math.max(most[0], active.size());
                least[0] = Math.min(least[0], (int) active.stream().filter(Pods::ready).count());
            }
        });
        image("v2");
        simulation.run(() -> complete("v2", 10));
        simulation.settle();
        assertThat(most[0]).isLessThanOrEqualTo(13);
        assertThat(least[0]).isGreaterThanOrEqualTo(8);
        assertThat(sets()).hasSize(2).extracting(s -> s.spec().replicas()).containsExactlyInAnyOrder(0, 10);
        assertThat(get().metadata().annotations()).containsEntry("deployment.kubernetes.io/revision", "2");
    }

    @Test
    void goingBackReusesTheOldSetUnderANewRevision() {
        start();
        simulation.kubelet("ns");
        create(deployment(2));
        simulation.run(() -> complete("v1", 2));
        image("v2");
        simulation.run(() -> complete("v2", 2));
        image("v1");
        simulation.run(() -> complete("v1", 2));
        simulation.settle();
        assertThat(sets()).hasSize(2);
        ReplicaSet first = sets().stream().filter(s -> s.spec().replicas() == 2).findFirst().orElseThrow();
        assertThat(first.metadata().annotations()).containsEntry("deployment.kubernetes.io/revision", "3").containsEntry("deployment.kubernetes.io/revision-history", "1");
    }

    @Test
    void oldSetsBeyondTheHistoryLimitAreDeleted() {
        start();
        simulation.kubelet("ns");
        create(deployment(1).withSpec(s -> s.withRevisionHistoryLimit(2)));
        for (int i = 1; i <= 6; i++) {
            String image = "v" + i;
            image(image);
            simulation.run(() -> complete(image, 1));
            simulation.settle();
        }
        assertThat(sets()).hasSize(3);
    }

    @Test
    void recreateStopsAllOldPodsBeforeItStartsNewOnes() {
        start();
        simulation.kubelet("ns");
        create(deployment(3).withSpec(s -> s.withStrategy(DeploymentStrategy.EMPTY.withType("Recreate"))));
        simulation.run(() -> complete("v1", 3));
        image("v2");
        simulation.run(() -> {
            List<String> images = simulation.pods("ns", p -> !Pods.finished(p)).stream().map(p -> p.spec().containers().getFirst().image()).distinct().toList();
            assertThat(images).as("both run").hasSizeLessThanOrEqualTo(1);
            return complete("v2", 3);
        });
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRoll() {
        start();
        simulation.kubelet("ns");
        create(deployment(2));
        simulation.run(() -> complete("v1", 2));
        change(s -> s.withPaused(true));
        image("v2");
        change(s -> s.withReplicas(4));
        simulation.run(() -> complete("v1", 4));
        simulation.settle();
        assertThat(sets()).hasSize(1);
        assertThat(reason(get(), "Progressing")).isEqualTo("Unknown/DeploymentPaused");
        change(s -> s.withPaused(false));
        simulation.run(() -> complete("v2", 4));
        simulation.settle();
        assertThat(reason(get(), "Progressing")).isEqualTo("True/NewReplicaSetAvailable");
    }

    @Test
    void scalingWhileRollingSharesThePodsInProportion() {
        start();
        create(deployment(10));
        simulation.settle();
        simulation.makeReady("ns");
        simulation.settle();
        image("v2");
        simulation.settle();
        // 8 old and 5 new that never become ready
        assertThat(sets()).extracting(s -> s.spec().replicas()).containsExactlyInAnyOrder(8, 5);
        change(s -> s.withReplicas(20));
        simulation.settle();
        assertThat(sets().stream().mapToInt(s -> s.spec().replicas()).sum()).isEqualTo(25);
        assertThat(sets()).extracting(s -> s.spec().replicas()).containsExactlyInAnyOrder(15, 10);
    }

    @Test
    void aRolloutThatDoesNotMoveIsReportedAtItsDeadline() {
        start();
        create(deployment(2).withSpec(s -> s.withProgressDeadlineSeconds(60)));
        simulation.advance(Duration.ofSeconds(50));
        assertThat(reason(get(), "Progressing")).startsWith("True/");
        simulation.advance(Duration.ofSeconds(20));
        assertThat(reason(get(), "Progressing")).isEqualTo("False/ProgressDeadlineExceeded");
        simulation.makeReady("ns");
        simulation.settle();
        assertThat(reason(get(), "Progressing")).isEqualTo("True/NewReplicaSetAvailable");
    }

    @Test
    void failuresOfTheSetShowOnTheDeployment() {
        start();
        simulation.api.faults(request -> request.verb().equals("create") && request.resource().plural().equals("pods") ? Refusals.refusal(403, "Forbidden", "exceeded quota") : null);
        create(deployment(2));
        simulation.settle();
        assertThat(reason(get(), "ReplicaFailure")).isEqualTo("True/FailedCreate");
        simulation.api.faults(request -> null);
        simulation.advance(Duration.ofMinutes(1));
        assertThat(reason(get(), "ReplicaFailure")).isEqualTo("none");
    }

    @Test
    void aNameThatIsTakenByAnotherSetIsAvoided() {
        start();
        create(deployment(1));
        simulation.settle();
        ReplicaSet first = sets().getFirst();
        simulation.api.delete(Deployment.RESOURCE, "ns", "web", io.j8s.client.DeleteOptions.DEFAULT);
        simulation.api.update(ReplicaSet.RESOURCE, "ns", first.withMetadata(m -> m.withResourceVersion("").withoutOwnerReferences().withLabels(Map.of("app", "other"))));
        simulation.settle();
        create(deployment(1));
        simulation.advance(Duration.ofSeconds(10));
        assertThat(get().status().collisionCount()).isEqualTo(1);
        assertThat(sets()).hasSize(2);
        assertThat(simulation.api.get(Deployment.RESOURCE, "ns", "web").status().updatedReplicas()).isEqualTo(1);
    }

    @Test
    void endsWellHoweverUnreliableTheServerIs() {
        for (long seed = 1; seed <= 8; seed++) {
            simulation.close();
            simulation = new Simulation(seed);
            start();
            create(deployment(5));
            Simulation current = simulation;
            current.kubelet("ns");
            current.api.latency(() -> Duration.ofMillis(current.time.random().nextInt(30)));
            current.api.faults(request -> request.writes() && current.time.random().nextInt(6) == 0 ? Refusals.unavailable() : null);
            current.advance(Duration.ofMinutes(1));
            current.api.faults(request -> null);
            current.api.latency(() -> Duration.ZERO);
            image("v2");
            current.api.faults(request -> request.writes() && current.time.random().nextInt(6) == 0 ? Refusals.unavailable() : null);
            current.advance(Duration.ofMinutes(10));
            current.api.faults(request -> null);
            current.advance(Duration.ofMinutes(40));
            assertThat(complete("v2", 5)).as("seed %s", seed).isTrue();
        }
    }

    private void start() {
        simulation.start(context -> ReplicaSetController.ofReplicaSets(context, 5));
        simulation.start(context -> new DeploymentController(context, 5));
    }

    private boolean complete(String image, int replicas) {
        List<Pod> pods = simulation.pods("ns");
        return pods.size() == replicas && pods.stream().allMatch(p -> Pods.active(p) && Pods.ready(p) && p.spec().containers().getFirst().image().equals(image));
    }

    private static String reason(Deployment deployment, String type) {
        return deployment.status().conditions().stream().filter(c -> c.type().equals(type)).findFirst().map(c -> c.status() + "/" + c.reason()).orElse("none");
    }

    private List<ReplicaSet> sets() {
        return simulation.api.peek(ReplicaSet.RESOURCE, "ns");
    }

    private Deployment get() {
        return simulation.api.peek(Deployment.RESOURCE, "ns").getFirst();
    }

    private void create(Deployment deployment) {
        simulation.api.create(Deployment.RESOURCE, "ns", deployment);
    }

    private void change(UnaryOperator<DeploymentSpec> change) {
        simulation.api.update(Deployment.RESOURCE, "ns", get().withMetadata(m -> m.withoutResourceVersion()).withSpec(change));
    }

    private void image(String image) {
        change(s -> s.withTemplate(template(image)));
    }

    private static Deployment deployment(int replicas) {
        RollingUpdateDeployment rolling = RollingUpdateDeployment.EMPTY.withMaxSurge(IntOrString.of("25%")).withMaxUnavailable(IntOrString.of("25%"));
        DeploymentSpec spec = DeploymentSpec.EMPTY
                .withReplicas(replicas)
                .withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS))
                .withStrategy(DeploymentStrategy.EMPTY.withType("RollingUpdate").withRollingUpdate(rolling))
                .withProgressDeadlineSeconds(600)
                .withRevisionHistoryLimit(10)
                .withTemplate(template("v1"));
        return Deployment.EMPTY.withMetadata(named("web")).withSpec(spec);
    }

    private static PodTemplateSpec template(String image) {
        return PodTemplateSpec.EMPTY.withMetadata(m -> m.withLabels(LABELS)).withSpec(s -> s.withContainers(List.of(Container.EMPTY.withName("web").withImage(image))));
    }
}
