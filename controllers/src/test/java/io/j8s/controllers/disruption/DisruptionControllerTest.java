package io.j8s.controllers.disruption;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.replicaset.ReplicaSetController;
import io.j8s.model.IntOrString;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.ReplicaSetSpec;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.policy.v1.PodDisruptionBudgetSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DisruptionControllerTest {
    private static final Map<String, String> LABELS = Map.of("app", "web");

    private final Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start(PodDisruptionBudgetSpec spec, int replicas) {
        simulation.start(context -> ReplicaSetController.ofReplicaSets(context, 5));
        simulation.start(context -> new DisruptionController(context, 1));
        ReplicaSetSpec set = ReplicaSetSpec.EMPTY.withReplicas(replicas).withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS)).withTemplate(PodTemplateSpec.EMPTY.withMetadata(m -> m.withLabels(LABELS)));
        simulation.api.create(ReplicaSet.RESOURCE, "ns", ReplicaSet.EMPTY.withMetadata(named("web")).withSpec(set));
        simulation.api.create(PodDisruptionBudget.RESOURCE, "ns", PodDisruptionBudget.EMPTY.withMetadata(named("b")).withSpec(spec.withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS))));
        simulation.settle();
        simulation.makeReady("ns");
        simulation.settle();
    }

    @Test
    void aShareThatMayBeUnavailable() {
        start(PodDisruptionBudgetSpec.EMPTY.withMaxUnavailable(IntOrString.of("30%")), 10);
        assertThat(budget().status().expectedPods()).isEqualTo(10);
        assertThat(budget().status().desiredHealthy()).isEqualTo(7);
        assertThat(budget().status().currentHealthy()).isEqualTo(10);
        assertThat(budget().status().disruptionsAllowed()).isEqualTo(3);
        assertThat(budget().status().conditions()).singleElement().satisfies(c -> assertThat(c.reason()).isEqualTo("SufficientPods"));
        simulation.assertQuiet();
        for (Pod pod : simulation.pods("ns").subList(0, 3)) {
            simulation.setReady(pod, false);
        }
        simulation.settle();
        assertThat(budget().status().disruptionsAllowed()).isZero();
        assertThat(budget().status().conditions()).singleElement().satisfies(c -> assertThat(c.reason()).isEqualTo("InsufficientPods"));
    }

    @Test
    void aPodOfTwoBudgetsIsToldThatOneOfThemCounts() {
        start(PodDisruptionBudgetSpec.EMPTY.withMinAvailable(IntOrString.of(2)), 1);
        PodDisruptionBudget first = budget();
        simulation.api.create(PodDisruptionBudget.RESOURCE, "ns", first.withMetadata(named("second")));
        simulation.settle();
        simulation.setReady(simulation.pods("ns").getFirst(), false);
        simulation.settle();
        assertThat(simulation.reasons("ns")).contains("MultiplePodDisruptionBudgets");
    }

    @Test
    void aNumberThatHasToBeAvailable() {
        start(PodDisruptionBudgetSpec.EMPTY.withMinAvailable(IntOrString.of(2)), 3);
        assertThat(budget().status().disruptionsAllowed()).isEqualTo(1);
        simulation.api.delete(Pod.RESOURCE, "ns", simulation.pods("ns").getFirst().metadata().name(), DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(budget().status().disruptionsAllowed()).isZero();
    }

    @Test
    void anEvictionThatWasAllowedCountsUntilThePodIsGoneOrTwoMinutesHavePassed() {
        start(PodDisruptionBudgetSpec.EMPTY.withMinAvailable(IntOrString.of(2)), 3);
        String name = simulation.pods("ns").getFirst().metadata().name();
        PodDisruptionBudget budget = budget();
        simulation.api.updateStatus(PodDisruptionBudget.RESOURCE, "ns", budget.withStatus(s -> s.withDisruptionsAllowed(0).withDisruptedPods(Map.of(name, simulation.time.now()))));
        simulation.settle();
        assertThat(budget().status().currentHealthy()).isEqualTo(2);
        simulation.advance(Duration.ofMinutes(3));
        assertThat(budget().status().currentHealthy()).isEqualTo(3);
        assertThat(budget().status().disruptedPods()).isEmpty();
        assertThat(simulation.reasons("ns")).contains("NotDeleted");
    }

    @Test
    void podsThatNothingControlsAllowNothing() {
        simulation.start(context -> new DisruptionController(context, 1));
        Pod pod = simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("p").withLabels(LABELS)));
        simulation.makeReady(pod);
        simulation.api.create(
                PodDisruptionBudget.RESOURCE,
                "ns",
                PodDisruptionBudget.EMPTY.withMetadata(named("b")).withSpec(PodDisruptionBudgetSpec.EMPTY.withMaxUnavailable(IntOrString.of(1)).withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS))));
        simulation.settle();
        assertThat(budget().status().disruptionsAllowed()).isZero();
        assertThat(simulation.reasons("ns")).contains("UnmanagedPods");
    }

    @Test
    void anAnnouncedDisruptionThatDoesNotComeIsTakenBack() {
        start(PodDisruptionBudgetSpec.EMPTY.withMinAvailable(IntOrString.of(1)), 1);
        Pod pod = simulation.pods("ns").getFirst();
        PodCondition target = PodCondition.EMPTY.withType("DisruptionTarget").withStatus("True").withReason("EvictionByEvictionAPI").withLastTransitionTime(simulation.time.now());
        simulation.api.updateStatus(Pod.RESOURCE, "ns", pod.withStatus(s -> s.withConditions(List.of(s.conditions().getFirst(), target))));
        simulation.advance(Duration.ofMinutes(1));
        assertThat(status()).isEqualTo("True");
        simulation.advance(Duration.ofMinutes(2));
        assertThat(status()).isEqualTo("False");
    }

    private String status() {
        return simulation.pods("ns").getFirst().status().conditions().stream().filter(c -> c.type().equals("DisruptionTarget")).findFirst().orElseThrow().status();
    }

    private PodDisruptionBudget budget() {
        return simulation.api.peek(PodDisruptionBudget.RESOURCE, "ns").getFirst();
    }
}
