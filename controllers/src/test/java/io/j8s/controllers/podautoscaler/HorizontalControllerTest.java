package io.j8s.controllers.podautoscaler;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.replicaset.ReplicaSetController;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.Unstructured;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.ReplicaSetSpec;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.j8s.model.autoscaling.v2.MetricSpec;
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

class HorizontalControllerTest {
    private static final ApiResource<Struct> METRICS = new ApiResource<>("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", true, Unstructured.TYPE, Unstructured.TYPE);
    private static final Map<String, String> LABELS = Map.of("app", "web");

    private final Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start(UnaryOperator<HorizontalPodAutoscalerSpec> change) {
        simulation.api.serve(ReplicaSet.RESOURCE);
        simulation.start(context -> ReplicaSetController.ofReplicaSets(context, 5));
        simulation.start(context -> new HorizontalController(context, AutoscalerSettings.DEFAULT, 5));
        Container container = Container.EMPTY.withName("c").withResources(r -> r.withRequests(Map.of("cpu", Quantity.parse("100m"))));
        PodTemplateSpec template = PodTemplateSpec.EMPTY.withMetadata(m -> m.withLabels(LABELS)).withSpec(s -> s.withContainers(List.of(container)));
        ReplicaSetSpec set = ReplicaSetSpec.EMPTY.withReplicas(2).withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS)).withTemplate(template);
        simulation.api.create(ReplicaSet.RESOURCE, "ns", ReplicaSet.EMPTY.withMetadata(named("web")).withSpec(set));
        MetricSpec metric = MetricSpec.EMPTY.withType("Resource").withResource(r -> r.withName("cpu").withTarget(t -> t.withType("Utilization").withAverageUtilization(50)));
        HorizontalPodAutoscalerSpec spec = HorizontalPodAutoscalerSpec.EMPTY
                .withScaleTargetRef(r -> r.withApiVersion("apps/v1").withKind("ReplicaSet").withName("web"))
                .withMinReplicas(1)
                .withMaxReplicas(10)
                .withMetrics(List.of(metric));
        simulation.api.create(HorizontalPodAutoscaler.RESOURCE, "ns", HorizontalPodAutoscaler.EMPTY.withMetadata(named("h")).withSpec(change.apply(spec)));
        simulation.settle();
    }

    /// Pods run and each uses so much from now on.
    private void use(String cpu) {
        simulation.makeReady("ns");
        for (Pod pod : simulation.pods("ns")) {
            simulation.api.updateStatus(Pod.RESOURCE, "ns", simulation.api.get(Pod.RESOURCE, "ns", pod.metadata().name()).withStatus(s -> s.withStartTime(simulation.time.now().minusSeconds(600))));
            Struct metrics = Objects.withMetadata(Unstructured.EMPTY, named(pod.metadata().name()).withLabels(LABELS))
                    .toBuilder()
                    .unknown(Map.of("containers", List.of(Map.of("name", "c", "usage", Map.of("cpu", cpu)))))
                    .build();
            if (simulation.api.peek(METRICS, "ns").stream().anyMatch(m -> Objects.metadata(m).name().equals(pod.metadata().name()))) {
                simulation.api.update(METRICS, "ns", metrics);
            } else {
                simulation.api.create(METRICS, "ns", metrics);
            }
        }
    }

    @Test
    void moreUseMeansMorePodsAndLessUseFewerButLater() {
        start(s -> s);
        use("100m");
        simulation.advance(Duration.ofSeconds(16));
        assertThat(replicas()).isEqualTo(4);
        assertThat(simulation.reasons("ns")).contains("SuccessfulRescale");
        use("50m");
        simulation.advance(Duration.ofMinutes(10));
        assertThat(replicas()).isEqualTo(4);
        use("10m");
        simulation.advance(Duration.ofMinutes(4));
        assertThat(replicas()).isEqualTo(4);
        assertThat(condition("AbleToScale")).isEqualTo("True/ScaleDownStabilized");
        simulation.advance(Duration.ofMinutes(3));
        assertThat(replicas()).isEqualTo(1);
    }

    @Test
    void theBoundsHold() {
        start(s -> s.withMaxReplicas(3));
        use("1000m");
        simulation.advance(Duration.ofMinutes(1));
        assertThat(replicas()).isEqualTo(3);
        assertThat(condition("ScalingLimited")).isEqualTo("True/TooManyReplicas");
    }

    @Test
    void withoutFiguresNothingMoves() {
        start(s -> s);
        simulation.makeReady("ns");
        simulation.advance(Duration.ofMinutes(2));
        assertThat(replicas()).isEqualTo(2);
        assertThat(condition("ScalingActive")).isEqualTo("False/FailedGetResourceMetric");
    }

    @Test
    void smallDifferencesAreTolerated() {
        start(s -> s);
        use("54m");
        simulation.advance(Duration.ofMinutes(1));
        assertThat(replicas()).isEqualTo(2);
        simulation.assertQuiet();
    }

    private int replicas() {
        return simulation.api.peek(ReplicaSet.RESOURCE, "ns").getFirst().spec().replicas();
    }

    private String condition(String type) {
        return simulation.api.peek(HorizontalPodAutoscaler.RESOURCE, "ns").getFirst().status().conditions().stream().filter(c -> c.type().equals(type)).findFirst().map(c -> c.status() + "/" + c.reason()).orElse("none");
    }
}
