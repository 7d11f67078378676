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
import io.j8s.client.ListOptions;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.client.WriteOptions;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.model.ApiResource;
import io.j8s.model.DynamicStruct;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.Unstructured;
import io.j8s.model.Yaml;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Custom resources whose versions a webhook converts: `spec.size` of v1 is `spec.box.size` of v2, which is stored.
final class ConversionWebhookTest {

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: boxes.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {kind: Box, plural: boxes}
              conversion:
                strategy: Webhook
                webhook:
                  conversionReviewVersions: [v9, REVIEW]
                  clientConfig: {url: "URL", caBundle: CA}
              versions:
              - name: v1
                served: true
                storage: false
                additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
                selectableFields: [{jsonPath: .spec.size}]
                schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer, maximum: 100}}}}}}
              - name: v2
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties: {spec: {type: object, properties: {box: {type: object, properties: {size: {type: integer}}}, color: {type: string, default: red}}}}
            """;
    private static final ApiResource<DynamicStruct> V1 = new ApiResource<>("example.com", "v1", "boxes", "Box", true, Unstructured.TYPE, Unstructured.LIST_TYPE);
    private static final ApiResource<DynamicStruct> V2 = new ApiResource<>("example.com", "v2", "boxes", "Box", true, Unstructured.TYPE, Unstructured.LIST_TYPE);

    @TempDir
    Path directory = Path.of("");

    private final Timeline timeline = Timeline.system();
    private final LocalStore store = LocalStore.inMemory(timeline);
    private final EventLoops loops = EventLoops.forThisMachine();
    /// How many objects each review had.
    private final List<Integer> reviews = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<Map<String, Object>> twist = object -> object;
    private volatile UnaryOperator<Map<String, Object>> twistedAnswer = response -> response;
    private HttpServer webhook;
    private String authority = "";
    private ApiServer server;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        var identity = ReplayServer.selfSigned(directory);
        authority = Base64.getEncoder().encodeToString(pem(identity.chain().getFirst().getEncoded()));
        webhook = HttpServer.start(loops, ServerConfig.https("127.0.0.1", 0, ServerTls.of(() -> identity)), timeline, exchange -> {
            Map<?, ?> review = (Map<?, ?>) Json.readPlain(exchange.body().readAllBytes());
            exchange.answer(200, Headers.of("content-type", "application/json"), Json.writePlain(answer(review)));
        });
        server = ApiServer.start(
                new ApiServerConfig(
                        "127.0.0.1", 0, null, Resources.all(),
                        state -> exchange -> new Authentication.Known(User.ANONYMOUS),
                        state -> attributes -> new Decision.Allow(""),
                        state -> Admission.NONE, ApiServerConfig.DEFAULT_KEPT_JSON_BYTES),
                store, timeline);
        client = server.client(User.of("tester", User.MASTERS), "tester");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        webhook.shutdown(Duration.ZERO);
        loops.close();
        store.close();
    }

    private static byte[] pem(byte[] der) {
        return ("-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END CERTIFICATE-----\n").getBytes(StandardCharsets.US_ASCII);
    }

    private Map<String, Object> answer(Map<?, ?> review) {
        Map<?, ?> request = members(review.get("request"));
        List<?> objects = request.get("objects") instanceof List<?> list ? list : List.of();
        reviews.add(objects.size());
        List<Object> converted = new ArrayList<>();
        objects.forEach(object -> converted.add(twist.apply(converted((Map<?, ?>) object, String.valueOf(request.get("desiredAPIVersion"))))));
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("uid", request.get("uid"));
        response.put("convertedObjects", converted);
        response.put("result", Map.of("status", "Success"));
        return Map.of("apiVersion", review.get("apiVersion"), "kind", "ConversionReview", "response", twistedAnswer.apply(response));
    }

    private static Map<?, ?> members(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new AssertionError(value + " is no object");
    }

    private static Map<String, Object> converted(Map<?, ?> object, String to) {
        Map<String, Object> converted = new LinkedHashMap<>();
        object.forEach((name, value) -> converted.put((String) name, value));
        converted.put("apiVersion", to);
        Map<?, ?> spec = (Map<?, ?>) object.get("spec");
        if (spec != null) {
            Object size = spec.get("box") instanceof Map<?, ?> box ? box.get("size") : spec.get("size");
            converted.put("spec", to.endsWith("v2") ? Map.of("box", Map.of("size", size)) : Map.of("size", size));
        }
        return converted;
    }

    private void define(String review) throws InterruptedException {
        String text = DEFINITION.replace("URL", "https://127.0.0.1:" + webhook.port() + "/convert").replace("CA}", authority + "}").replace("REVIEW", review);
        CustomResourceDefinition sent = (CustomResourceDefinition) Yaml.read(CustomResourceDefinition.TYPE, text.getBytes(StandardCharsets.UTF_8), finding -> {});
        CustomResourceDefinition made = client.create(CustomResourceDefinition.RESOURCE, "", sent);
        await(made.metadata().resourceVersion(), event -> true);
    }

    private void await(String after, java.util.function.Predicate<CustomResourceDefinition> wanted) throws InterruptedException {
        try (Watch<CustomResourceDefinition> watch = client.watch(CustomResourceDefinition.RESOURCE, "", ListOptions.ALL.from(after))) {
            for (var event = watch.next(); event != null; event = watch.next()) {
                boolean established = event instanceof WatchEvent.Modified<CustomResourceDefinition> modified && wanted.test(modified.object())
                        && modified.object().status().conditions().stream().anyMatch(one -> one.type().equals("Established") && one.status().equals("True"));
                if (established) {
                    return;
                }
            }
        }
        throw new AssertionError("the watch ended before it happened");
    }

    private static DynamicStruct box(String version, String name, String spec) {
        String text = "{apiVersion: example.com/" + version + ", kind: Box, metadata: {name: " + name + ", labels: {a: b}, finalizers: [x.y/z]}, spec: {" + spec + "}}";
        return (DynamicStruct) Yaml.read(Unstructured.TYPE, text.getBytes(StandardCharsets.UTF_8), finding -> {});
    }

    private static Object spec(DynamicStruct object) {
        return members(PlainJson.of(object).get("spec"));
    }

    @Test
    void every_version_sees_every_object() throws Exception {
        define("v1");
        assertThat(spec(client.create(V1, "default", box("v1", "one", "size: 1")))).isEqualTo(Map.of("size", 1L));
        client.create(V2, "default", box("v2", "two", "box: {size: 2}"));
        assertThat(spec(client.get(V2, "default", "one"))).isEqualTo(Map.of("box", Map.of("size", 1L), "color", "red"));
        assertThat(spec(client.get(V1, "default", "two"))).isEqualTo(Map.of("size", 2L));
        DynamicStruct patched = client.patch(V1, "default", "two", new Patch.Merge("{\"spec\":{\"size\":5}}"), WriteOptions.NONE);
        assertThat(spec(patched)).isEqualTo(Map.of("size", 5L));
        assertThat(Objects.metadata(patched).generation()).isEqualTo(2);
        assertThat(Objects.metadata(patched).managedFields()).extracting(entry -> entry.apiVersion()).containsExactlyInAnyOrder("example.com/v1", "example.com/v2");
        ListOptions five = new ListOptions("", "spec.size=5", "", "", 0, "", false, null, 0);
        assertThat(client.list(V1, "default", five).items()).extracting(object -> Objects.metadata(object).name()).containsExactly("two");
    }

    @Test
    void what_is_sent_is_checked_in_the_version_in_which_it_is_sent() throws Exception {
        define("v1beta1");
        assertThatThrownBy(() -> client.create(V1, "default", box("v1", "big", "size: 101")))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.getMessage()).contains("spec.size in body should be less than or equal to 100"));
        assertThat(reviews).isEmpty();
        client.create(V2, "default", box("v2", "big", "box: {size: 101}"));
        assertThat(spec(client.get(V1, "default", "big"))).isEqualTo(Map.of("size", 101L));
    }

    @Test
    void a_list_is_converted_in_one_review_and_only_once() throws Exception {
        define("v1");
        for (int i = 0; i < 20; i++) {
            client.create(V2, "default", box("v2", "b" + i, "box: {size: " + i + "}"));
        }
        assertThat(reviews).isEmpty();
        String place = "/apis/example.com/v1/namespaces/default/boxes";
        assertThat(get(place)).contains("\"size\":19");
        assertThat(reviews).containsExactly(20);
        get(place);
        client.list(V1, "default");
        assertThat(reviews).containsExactly(20);
        assertThat(get("/metrics")).contains(
                "apiserver_crd_conversion_webhook_duration_seconds_count{crd_name=\"boxes.example.com\",from_version=\"v2\",to_version=\"v1\",succeeded=\"true\"} 1",
                "apiserver_conversion_webhook_request_total{result=\"success\",failure_type=\"\"} 1");
    }

    private String get(String path) throws IOException, InterruptedException {
        try (HttpClient http = new HttpClient(loops, ClientConfig.of(ClientTls.SYSTEM), timeline);
                HttpResponse response = http.send(HttpRequest.of("GET", URI.create("http://127.0.0.1:" + server.port() + path)))) {
            return new String(response.readAll(8 << 20), StandardCharsets.UTF_8);
        }
    }

    @Test
    void of_the_metadata_only_labels_and_annotations_change() throws Exception {
        define("v1");
        twist = object -> {
            Map<String, Object> metadata = new LinkedHashMap<>();
            members(object.get("metadata")).forEach((name, value) -> metadata.put((String) name, value));
            metadata.put("labels", Map.of("converted", "yes"));
            metadata.put("finalizers", List.of("other.y/z"));
            metadata.put("generation", 77L);
            object.put("metadata", metadata);
            return object;
        };
        client.create(V2, "default", box("v2", "b", "box: {size: 1}"));
        var metadata = Objects.metadata(client.get(V1, "default", "b"));
        assertThat(metadata.labels()).containsExactly(Map.entry("converted", "yes"));
        assertThat(metadata.finalizers()).containsExactly("x.y/z");
        assertThat(metadata.generation()).isEqualTo(1);
        assertThat(client.list(V1, "default", new ListOptions("converted=yes", "", "", "", 0, "", false, null, 0)).items()).hasSize(1);
        assertThat(client.list(V2, "default", new ListOptions("converted=yes", "", "", "", 0, "", false, null, 0)).items()).isEmpty();
    }

    @Test
    void a_failed_conversion_is_told_in_its_words() throws Exception {
        define("v1");
        client.create(V2, "default", box("v2", "b", "box: {size: 1}"));
        refused("conversion webhook for example.com/v2, Kind=Box failed: no way", response -> Map.of("uid", response.get("uid"), "result", Map.of("status", "Failure", "message", "no way")));
        refused("conversion webhook for example.com/v2, Kind=Box failed: response.result.status was '', not 'Success'", response -> Map.of("uid", response.get("uid")));
        refused("conversion webhook for example.com/v2, Kind=Box returned 0 objects, expected 1",
                response -> Map.of("uid", response.get("uid"), "result", Map.of("status", "Success"), "convertedObjects", List.of()));
        twist = object -> {
            object.put("metadata", Map.of("name", "other", "namespace", "default"));
            return object;
        };
        refused("conversion webhook for example.com/v2, Kind=Box returned invalid object: must have the same name: b != other", UnaryOperator.identity());
        assertThat(spec(client.get(V2, "default", "b"))).isEqualTo(Map.of("box", Map.of("size", 1L), "color", "red"));
    }

    private void refused(String message, UnaryOperator<Map<String, Object>> answer) {
        twistedAnswer = answer;
        assertThatThrownBy(() -> client.get(V1, "default", "b")).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.code()).isEqualTo(500);
            assertThat(e.getMessage()).endsWith(message);
        });
    }

    @Test
    void objects_stay_in_their_version_when_another_one_is_stored() throws Exception {
        define("v1");
        client.create(V2, "default", box("v2", "b", "box: {size: 1}"));
        CustomResourceDefinition definition = client.get(CustomResourceDefinition.RESOURCE, "", "boxes.example.com");
        Watch<DynamicStruct> watch = client.watch(V2, "default", ListOptions.ALL.from(Objects.metadata(client.get(V2, "default", "b")).resourceVersion()));
        CustomResourceDefinition switched = client.update(CustomResourceDefinition.RESOURCE, "", definition.withSpec(spec -> spec.withVersions(
                spec.versions().stream().map(version -> version.withStorage(version.name().equals("v1"))).toList())));
        assertThat(switched.status().storedVersions()).containsExactly("v2", "v1");
        twist = object -> {
            throw new IllegalStateException("not now");
        };
        assertThat(watch.next()).as("a watch ends when the definition changes").isNull();
        assertThat(client.list(V2, "default")).hasSize(1);
        twist = object -> object;
        DynamicStruct same = client.get(V1, "default", "b");
        DynamicStruct written = client.update(V1, "default", same);
        assertThat(Objects.metadata(written).resourceVersion()).isNotEqualTo(Objects.metadata(same).resourceVersion());
        assertThat(Objects.metadata(client.update(V1, "default", written)).resourceVersion()).isEqualTo(Objects.metadata(written).resourceVersion());
        client.patch(V1, "default", "b", new Patch.Merge("{\"metadata\":{\"finalizers\":null}}"), WriteOptions.NONE);
        client.delete(V2, "default", "b", DeleteOptions.DEFAULT);
        assertThat(client.list(V1, "default")).isEmpty();
    }
}
