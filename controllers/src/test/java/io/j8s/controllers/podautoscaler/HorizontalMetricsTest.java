package io.j8s.controllers.podautoscaler;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.Credentials;
import io.j8s.client.https.HttpsClient;
import io.j8s.controllers.frame.Simulation;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.model.Quantity;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.autoscaling.v2.HPAScalingPolicy;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.j8s.model.autoscaling.v2.MetricSpec;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Metrics of all kinds, asked for over HTTP of a server that knows nothing but its answers.
class HorizontalMetricsTest {
    private static final String CUSTOM = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/";

    private final EventLoops loops = new EventLoops(1);
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Simulation simulation = new Simulation(7);
    private HttpServer server;
    private HttpsClient metrics;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(loops, ServerConfig.plaintext("127.0.0.1", 0), Timeline.system(), exchange -> {
            String answer = answers.get(exchange.path() + (exchange.query().isEmpty() ? "" : "?" + exchange.query()));
            exchange.answer(answer == null ? 404 : 200, Headers.of("content-type", "application/json"), (answer == null ? "404 page not found" : answer).getBytes(StandardCharsets.UTF_8));
        });
        metrics = new HttpsClient(ApiEndpoint.of(URI.create("http://127.0.0.1:" + server.port()), ClientTls.SYSTEM, Credentials.NONE), loops, Timeline.system());
        simulation.api.serve(Deployment.RESOURCE);
        simulation.api.create(Deployment.RESOURCE, "ns", Deployment.EMPTY.withMetadata(named("web")).withSpec(s -> s.withReplicas(4).withSelector(LabelSelector.EMPTY.withMatchLabels(Map.of("app", "web")))));
        Deployment made = simulation.api.get(Deployment.RESOURCE, "ns", "web");
        simulation.api.updateStatus(Deployment.RESOURCE, "ns", made.withStatus(s -> s.withReplicas(4)));
        for (int i = 0; i < 4; i++) {
            simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("web-" + i).withLabels(Map.of("app", "web"))));
        }
        simulation.makeReady("ns");
    }

    @AfterEach
    void close() {
        simulation.close();
        metrics.close();
        server.close();
        loops.close();
    }

    private void autoscale(UnaryOperator<HorizontalPodAutoscalerSpec> change) {
        HorizontalPodAutoscalerSpec spec = HorizontalPodAutoscalerSpec.EMPTY.withScaleTargetRef(r -> r.withApiVersion("apps/v1").withKind("Deployment").withName("web")).withMinReplicas(1).withMaxReplicas(20);
        simulation.api.create(HorizontalPodAutoscaler.RESOURCE, "ns", HorizontalPodAutoscaler.EMPTY.withMetadata(named("h")).withSpec(change.apply(spec)));
        simulation.start(context -> new HorizontalController(context, AutoscalerSettings.DEFAULT.withMetrics(metrics), 2));
        simulation.advance(Duration.ofSeconds(1));
    }

    private HorizontalPodAutoscaler autoscaler() {
        return simulation.api.get(HorizontalPodAutoscaler.RESOURCE, "ns", "h");
    }

    private int replicas() {
        return simulation.api.get(Deployment.RESOURCE, "ns", "web").spec().replicas();
    }

    private String condition(String type) {
        return autoscaler().status().conditions().stream().filter(c -> c.type().equals(type)).findFirst().map(c -> c.status() + "/" + c.reason() + "/" + c.message()).orElse("none");
    }

    private static String podItems(String... values) {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            items.append(i == 0 ? "" : ",").append("{\"describedObject\":{\"kind\":\"Pod\",\"name\":\"web-").append(i).append("\"},\"metric\":{\"name\":\"m\"},\"timestamp\":\"2026-01-01T00:00:00Z\",\"value\":\"").append(values[i]).append("\"}");
        }
        return "{\"kind\":\"MetricValueList\",\"apiVersion\":\"custom.metrics.k8s.io/v1beta2\",\"metadata\":{},\"items\":[" + items + "]}";
    }

    private static MetricSpec pods(String average) {
        return MetricSpec.EMPTY.withType("Pods").withPods(p -> p.withMetric(m -> m.withName("requests")).withTarget(t -> t.withType("AverageValue").withAverageValue(Quantity.parse(average))));
    }

    private static MetricSpec external(UnaryOperator<io.j8s.model.autoscaling.v2.MetricTarget> target) {
        return MetricSpec.EMPTY.withType("External").withExternal(e -> e.withMetric(m -> m.withName("queue").withSelector(LabelSelector.EMPTY.withMatchLabels(Map.of("q", "a")))).withTarget(target));
    }

    @Test
    void a_metric_of_pods_is_brought_to_its_average() {
        answers.put(CUSTOM + "pods/*/requests?labelSelector=app%3Dweb", podItems("10", "20", "10", "20"));
        autoscale(s -> s.withMetrics(List.of(pods("10"))));
        assertThat(replicas()).isEqualTo(6);
        assertThat(autoscaler().status().currentMetrics()).singleElement().satisfies(m -> assertThat(String.valueOf(m.pods().current().averageValue())).isEqualTo("15"));
        assertThat(condition("ScalingActive")).isEqualTo("True/ValidMetricFound/the HPA was able to successfully calculate a replica count from pods metric requests");
        assertThat(simulation.api.peek(Event.RESOURCE, "ns")).anySatisfy(e -> assertThat(e.message()).isEqualTo("New size: 6; reason: pods metric requests above target"));
    }

    @Test
    void pods_without_figures_count_as_idle_when_scaling_up_and_as_at_their_target_when_scaling_down() {
        answers.put(CUSTOM + "pods/*/requests?labelSelector=app%3Dweb", podItems("30", "30"));
        autoscale(s -> s.withMetrics(List.of(pods("10"))));
        assertThat(replicas()).as("60 over all 4, not 3 times the 2 that answered").isEqualTo(6);
        answers.put(CUSTOM + "pods/*/requests?labelSelector=app%3Dweb", podItems("0", "0"));
        simulation.advance(Duration.ofMinutes(6));
        assertThat(replicas()).as("of 4 pods 2 are assumed to be at their target").isEqualTo(2);
    }

    @Test
    void a_metric_of_an_object_is_read_from_where_it_belongs() {
        simulation.api.serve(io.j8s.model.networking.v1.Ingress.RESOURCE);
        answers.put(CUSTOM + "ingresses.networking.k8s.io/main/hits?metricLabelSelector=verb%3DGET", podItems("6k"));
        autoscale(s -> s.withMetrics(List.of(MetricSpec.EMPTY.withType("Object").withObject(o -> o
                .withDescribedObject(d -> d.withApiVersion("networking.k8s.io/v1").withKind("Ingress").withName("main"))
                .withMetric(m -> m.withName("hits").withSelector(LabelSelector.EMPTY.withMatchLabels(Map.of("verb", "GET"))))
                .withTarget(t -> t.withType("Value").withValue(Quantity.parse("4k")))))));
        assertThat(replicas()).isEqualTo(6);
        assertThat(String.valueOf(autoscaler().status().currentMetrics().getFirst().object().current().value())).isEqualTo("6k");
    }

    @Test
    void an_external_metric_is_shared_among_pods_or_compared_as_a_whole() {
        String list = "{\"kind\":\"ExternalMetricValueList\",\"apiVersion\":\"external.metrics.k8s.io/v1beta1\",\"metadata\":{},\"items\":[{\"metricName\":\"queue\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"value\":\"100\"},{\"metricName\":\"queue\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"value\":\"20\"}]}";
        answers.put("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue?labelSelector=q%3Da", list);
        autoscale(s -> s.withMetrics(List.of(external(t -> t.withType("AverageValue").withAverageValue(Quantity.parse("20"))))));
        assertThat(replicas()).isEqualTo(6);
        assertThat(String.valueOf(autoscaler().status().currentMetrics().getFirst().external().current().averageValue())).isEqualTo("30");
        assertThat(condition("ScalingActive")).endsWith("from external metric queue(&LabelSelector{MatchLabels:map[string]string{q: a,},MatchExpressions:[]LabelSelectorRequirement{},})");
    }

    @Test
    void what_nobody_serves_is_told_in_the_words_that_scripts_know() {
        autoscale(s -> s.withMetrics(List.of(external(t -> t.withType("Value").withValue(Quantity.parse("20"))),
                MetricSpec.EMPTY.withType("Resource").withResource(r -> r.withName("cpu").withTarget(t -> t.withType("Utilization").withAverageUtilization(50))))));
        assertThat(replicas()).isEqualTo(4);
        assertThat(condition("AbleToScale")).startsWith("True/SucceededGetScale");
        assertThat(condition("ScalingActive")).startsWith("False/FailedGetExternalMetric/the HPA was unable to compute the replica count: unable to get external metric ns/queue/&LabelSelector{");
        assertThat(simulation.reasons("ns")).contains("FailedGetExternalMetric", "FailedGetResourceMetric", "FailedComputeMetricsReplicas");
        assertThat(simulation.api.peek(Event.RESOURCE, "ns")).anySatisfy(e -> assertThat(e.message()).isEqualTo(
                "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)"));
        assertThat(autoscaler().status().currentReplicas()).isEqualTo(4);
        assertThat(autoscaler().status().currentMetrics()).hasSize(2);
    }

    @Test
    void a_metric_that_cannot_be_had_keeps_others_from_scaling_down_but_not_up() {
        answers.put(CUSTOM + "pods/*/requests?labelSelector=app%3Dweb", podItems("1", "1", "1", "1"));
        autoscale(s -> s.withMetrics(List.of(pods("10"), external(t -> t.withType("Value").withValue(Quantity.parse("20"))))));
        simulation.advance(Duration.ofMinutes(10));
        assertThat(replicas()).isEqualTo(4);
        answers.put(CUSTOM + "pods/*/requests?labelSelector=app%3Dweb", podItems("20", "20", "20", "20"));
        simulation.advance(Duration.ofSeconds(16));
        assertThat(replicas()).isEqualTo(8);
    }

    @Test
    void policies_limit_the_rate_and_tolerance_is_the_rules_own() {
        answers.put(CUSTOM + "pods/*/requests?labelSelector=app%3Dweb", podItems("40", "40", "40", "40"));
        autoscale(s -> s.withMetrics(List.of(pods("10"))).withBehavior(b -> b
                .withScaleUp(r -> r.withSelectPolicy("Max").withStabilizationWindowSeconds(0).withPolicies(List.of(HPAScalingPolicy.EMPTY.withType("Pods").withValue(1).withPeriodSeconds(60))))
                .withScaleDown(r -> r.withSelectPolicy("Disabled").withTolerance(Quantity.parse("0.5")))));
        assertThat(replicas()).isEqualTo(5);
        assertThat(condition("ScalingLimited")).isEqualTo("True/ScaleUpLimit/the desired replica count is increasing faster than the maximum scale rate");
        simulation.advance(Duration.ofSeconds(50));
        assertThat(replicas()).isEqualTo(5);
        simulation.advance(Duration.ofSeconds(20));
        assertThat(replicas()).isEqualTo(6);
        answers.put(CUSTOM + "pods/*/requests?labelSelector=app%3Dweb", podItems("1", "1", "1", "1"));
        simulation.advance(Duration.ofMinutes(20));
        assertThat(replicas()).isEqualTo(6);
    }

    @Test
    void two_autoscalers_for_the_same_pods_do_nothing() {
        answers.put(CUSTOM + "pods/*/requests?labelSelector=app%3Dweb", podItems("40", "40", "40", "40"));
        simulation.api.create(HorizontalPodAutoscaler.RESOURCE, "ns", HorizontalPodAutoscaler.EMPTY.withMetadata(named("other")).withSpec(s -> s
                .withScaleTargetRef(r -> r.withApiVersion("apps/v1").withKind("Deployment").withName("web")).withMaxReplicas(4).withMetrics(List.of(pods("10")))));
        autoscale(s -> s.withMetrics(List.of(pods("40"))));
        simulation.advance(Duration.ofMinutes(2));
        assertThat(replicas()).isEqualTo(4);
        assertThat(condition("ScalingActive")).isEqualTo("False/AmbiguousSelector/pods by selector app=web are controlled by multiple HPAs: [ns/h ns/other]");
    }

    @Test
    void a_size_of_none_disables_and_one_out_of_bounds_is_corrected_without_metrics() {
        autoscale(s -> s.withMaxReplicas(3).withMetrics(List.of(pods("10"))));
        assertThat(replicas()).isEqualTo(3);
        assertThat(simulation.api.peek(Event.RESOURCE, "ns")).anySatisfy(e -> assertThat(e.message()).isEqualTo("New size: 3; reason: Current number of replicas above Spec.MaxReplicas"));
        simulation.api.update(Deployment.RESOURCE, "ns", simulation.api.get(Deployment.RESOURCE, "ns", "web").withSpec(s -> s.withReplicas(0)));
        simulation.advance(Duration.ofSeconds(16));
        assertThat(replicas()).isZero();
        assertThat(condition("ScalingActive")).startsWith("False/ScalingDisabled");
    }
}
