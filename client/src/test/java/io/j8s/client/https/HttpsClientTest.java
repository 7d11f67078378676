package io.j8s.client.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.Page;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.client.WriteOptions;
import io.j8s.http.BodyWriter;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Handler;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.model.ApiResource;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.Unstructured;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the client sends and what it makes of answers, byte by byte; a scripted server on the other side.
@Timeout(30)
class HttpsClientTest {

    private static final ConfigMap MAP = ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("m").withNamespace("ns").withResourceVersion("7")).withData(Map.of("a", "1"));

    private final EventLoops loops = new EventLoops(1);
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private volatile Handler script = exchange -> exchange.answer(500, Headers.EMPTY, new byte[0]);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(loops, ServerConfig.plaintext("127.0.0.1", 0), Timeline.system(), exchange -> {
            requests.add(exchange.method() + " " + exchange.path() + (exchange.query().isEmpty() ? "" : "?" + exchange.query()));
            script.handle(exchange);
        });
    }

    @AfterEach
    void stop() {
        server.close();
        loops.close();
    }

    private HttpsClient client(Credentials credentials) {
        return new HttpsClient(endpoint(credentials), loops, Timeline.system());
    }

    private ApiEndpoint endpoint(Credentials credentials) {
        return ApiEndpoint.of(URI.create("http://127.0.0.1:" + server.port()), ClientTls.SYSTEM, credentials);
    }

    private static void answerJson(Exchange exchange, int status, String json) throws IOException {
        exchange.answer(status, Headers.of("content-type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(Exchange exchange) throws IOException {
        return new String(exchange.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void encodesPathsAndAllOptions() throws Exception {
        script = exchange -> answerJson(exchange, 200, "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"9\",\"continue\":\"next\"},\"items\":[{\"metadata\":{\"name\":\"x\"}}]}");
        try (HttpsClient client = client(Credentials.NONE)) {
            ListOptions options = new ListOptions("a in (b,c)", "metadata.name=x", "5", "Exact", 10, "tok/en", false, null, 0);
            Page<ConfigMap> page = client.list(ConfigMap.RESOURCE, "my ns", options);
            assertThat(page.items()).singleElement().extracting(map -> map.metadata().name()).isEqualTo("x");
            assertThat(page.resourceVersion()).isEqualTo("9");
            assertThat(page.next()).isEqualTo("next");
            assertThat(requests.take()).isEqualTo("GET /api/v1/namespaces/my%20ns/configmaps?labelSelector=a%20in%20%28b%2Cc%29&fieldSelector=metadata.name%3Dx"
                    + "&resourceVersion=5&resourceVersionMatch=Exact&limit=10&continue=tok%2Fen");
            client.list(ConfigMap.RESOURCE, "");
            assertThat(requests.take()).isEqualTo("GET /api/v1/configmaps");
        }
    }

    @Test
    void writesProtobufForBuiltInTypesAndJsonForOthers() throws Exception {
        BlockingQueue<Object> bodies = new LinkedBlockingQueue<>();
        script = exchange -> {
            byte[] sent = exchange.body().readAllBytes();
            bodies.add(exchange.headers().getOr("content-type", "") + " " + Protobuf.isEnvelope(sent));
            exchange.answer(201, Headers.EMPTY, sent);
        };
        ApiResource<Struct> custom = new ApiResource<>("example.com", "v1", "widgets", "Widget", true, Unstructured.TYPE, Unstructured.TYPE);
        try (HttpsClient client = client(Credentials.NONE)) {
            assertThat(client.create(ConfigMap.RESOURCE, "ns", MAP).data()).containsEntry("a", "1");
            assertThat(bodies.take()).isEqualTo("application/vnd.kubernetes.protobuf true");
            Struct widget = io.j8s.model.Json.read(Unstructured.TYPE, "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\"},\"spec\":{\"x\":1}}");
            assertThat(client.update(custom, "ns", widget, WriteOptions.NONE.by("me").onSubresource("status"))).isEqualTo(widget);
            assertThat(bodies.take()).isEqualTo("application/json false");
            requests.take();
            assertThat(requests.take()).isEqualTo("PUT /apis/example.com/v1/namespaces/ns/widgets/w/status?fieldManager=me");
        }
    }

    @Test
    void sendsEachPatchUnderItsContentType() throws Exception {
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        script = exchange -> {
            bodies.add(exchange.headers().getOr("content-type", "") + " " + body(exchange));
            answerJson(exchange, 200, "{\"metadata\":{\"name\":\"m\"}}");
        };
        try (HttpsClient client = client(Credentials.NONE)) {
            for (Patch patch : List.of(new Patch.Json("[]"), new Patch.Merge("{}"), new Patch.Strategic("{}"), new Patch.Apply(ConfigMap.EMPTY))) {
                client.patch(ConfigMap.RESOURCE, "ns", "m", patch, WriteOptions.NONE.by("me").forced());
                assertThat(requests.take()).isEqualTo("PATCH /api/v1/namespaces/ns/configmaps/m?fieldManager=me&force=true");
            }
            assertThat(bodies).containsExactly("application/json-patch+json []", "application/merge-patch+json {}", "application/strategic-merge-patch+json {}",
                    "application/apply-patch+yaml {\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{}}");
        }
    }

    @Test
    void deletesWithOptionsAndTellsObjectsFromStatuses() throws Exception {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>(List.of(
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}", "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"m\"}}"));
        script = exchange -> {
            requests.add(body(exchange));
            answerJson(exchange, 200, answers.take());
        };
        try (HttpsClient client = client(Credentials.NONE)) {
            assertThat(client.delete(ConfigMap.RESOURCE, "ns", "m", new DeleteOptions(5L, "Orphan", "u", "3", true))).isInstanceOf(Status.class);
            assertThat(client.delete(ConfigMap.RESOURCE, "ns", "m", DeleteOptions.DEFAULT)).isInstanceOf(ConfigMap.class);
        }
        requests.take();
        assertThat(requests.take()).contains("\"gracePeriodSeconds\":5", "\"propagationPolicy\":\"Orphan\"", "\"uid\":\"u\"", "\"resourceVersion\":\"3\"", "\"dryRun\":[\"All\"]");
    }

    @Test
    void aStatusBecomesAnApiException() throws Exception {
        script = exchange -> answerJson(exchange, 409,
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"exists\",\"reason\":\"AlreadyExists\",\"details\":{\"name\":\"m\"},\"code\":409}");
        try (HttpsClient client = client(Credentials.NONE)) {
            assertThatThrownBy(() -> client.create(ConfigMap.RESOURCE, "ns", MAP)).isInstanceOfSatisfying(ApiException.class, e -> {
                assertThat(e.alreadyExists()).isTrue();
                assertThat(e).hasMessage("exists");
                assertThat(((Status) e.status()).details().name()).isEqualTo("m");
            });
            script = exchange -> exchange.answer(502, Headers.EMPTY, "bad gateway page".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> client.get(ConfigMap.RESOURCE, "ns", "m")).isInstanceOf(ApiException.class).hasMessageContaining("502").hasMessageContaining("bad gateway page");
        }
    }

    @Test
    void anUnreachableServerIs503() {
        HttpsClient client = client(Credentials.NONE);
        server.close();
        try (client) {
            assertThatThrownBy(() -> client.get(ConfigMap.RESOURCE, "ns", "m"))
                    .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.reason()).isEqualTo("ServiceUnavailable")).hasMessageContaining("cannot connect to");
        }
    }

    @Test
    void triesAgainWhenTheServerSaysLater() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        script = exchange -> {
            if (calls.incrementAndGet() < 3) {
                exchange.answer(429, Headers.of("retry-after", "0"), new byte[0]);
            } else {
                answerJson(exchange, 200, "{\"metadata\":{\"name\":\"m\"}}");
            }
        };
        try (HttpsClient client = client(Credentials.NONE)) {
            assertThat(client.get(ConfigMap.RESOURCE, "ns", "m").metadata().name()).isEqualTo("m");
            assertThat(calls).hasValue(3);
            script = exchange -> {
                calls.incrementAndGet();
                exchange.answer(503, Headers.of("retry-after", "0"), new byte[0]);
            };
            calls.set(0);
            assertThatThrownBy(() -> client.get(ConfigMap.RESOURCE, "ns", "m")).isInstanceOf(ApiException.class);
            assertThat(calls).hasValue(10);
        }
    }

    @Test
    void readsTheTokenFileAgainWhenItIsRefused(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, "old\n");
        script = exchange -> {
            if ("Bearer new".equals(exchange.headers().get("authorization"))) {
                answerJson(exchange, 200, "{\"metadata\":{\"name\":\"m\"}}");
            } else {
                Files.writeString(file, "new\n");
                exchange.answer(401, Headers.EMPTY, new byte[0]);
            }
        };
        try (HttpsClient client = client(new TokenFile(file, Timeline.system()))) {
            assertThat(client.get(ConfigMap.RESOURCE, "ns", "m").metadata().name()).isEqualTo("m");
        }
        script = exchange -> exchange.answer(401, Headers.EMPTY, new byte[0]);
        requests.clear();
        try (HttpsClient client = client(new TokenFile(file, Timeline.system()))) {
            assertThatThrownBy(() -> client.get(ConfigMap.RESOURCE, "ns", "m")).isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.reason()).isEqualTo("Unauthorized"));
            assertThat(requests).hasSize(1);
        }
    }

    @Test
    void actsAsSomebodyElse() throws Exception {
        script = exchange -> {
            requests.add(exchange.headers().toString());
            answerJson(exchange, 200, "{}");
        };
        ApiEndpoint other = endpoint(Credentials.bearer("t")).as(new ApiEndpoint.Impersonation("jane", "", List.of("a", "b"), Map.of("scope", List.of("s"))));
        try (HttpsClient client = new HttpsClient(other, loops, Timeline.system())) {
            client.get(ConfigMap.RESOURCE, "ns", "m");
            requests.take();
            assertThat(requests.take()).contains("authorization|Bearer t", "impersonate-user|jane", "impersonate-group|a|impersonate-group|b", "impersonate-extra-scope|s");
        }
    }

    @Test
    void decodesAWatchHoweverItsBytesAreCut() throws Exception {
        String events = "{\"type\":\"ADDED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"{\\\"}\"}}}\n"
                + "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"b\"}}}\n"
                + "{\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"12\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}},\"type\":\"BOOKMARK\"}"
                + "{\"type\":\"DELETED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"c\"}}}\n\n";
        script = exchange -> {
            try (BodyWriter body = exchange.begin(200, Headers.of("content-type", "application/json"))) {
                for (byte each : events.getBytes(StandardCharsets.UTF_8)) {
                    body.write(new byte[] {each});
                    body.flush();
                }
            }
        };
        try (HttpsClient client = client(Credentials.NONE); Watch<ConfigMap> watch = client.watch(ConfigMap.RESOURCE, "", ListOptions.ALL.from("3"))) {
            assertThat(requests.take()).isEqualTo("GET /api/v1/configmaps?watch=true&resourceVersion=3&allowWatchBookmarks=true");
            assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Added.class, e -> assertThat(((ConfigMap) e.object()).metadata().name()).isEqualTo("{\"}"));
            assertThat(watch.next()).isInstanceOf(WatchEvent.Modified.class);
            assertThat(watch.next()).isEqualTo(new WatchEvent.Bookmark<ConfigMap>("12", true));
            assertThat(watch.next()).isInstanceOf(WatchEvent.Deleted.class);
            assertThat(watch.next()).isNull();
        }
    }

    @Test
    void anErrorEventEndsTheWatchAndABrokenConnectionDoesTheSameWithoutOne() throws Exception {
        script = exchange -> {
            try (BodyWriter body = exchange.begin(200, Headers.of("content-type", "application/json"))) {
                body.write("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"old\",\"reason\":\"Expired\",\"code\":410}}\n".getBytes(StandardCharsets.UTF_8));
            }
        };
        try (HttpsClient client = client(Credentials.NONE)) {
            try (Watch<ConfigMap> watch = client.watch(ConfigMap.RESOURCE, "", ListOptions.ALL)) {
                assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Failed.class, e -> assertThat(e.error().isExpired()).isTrue());
                assertThat(watch.next()).isNull();
            }
            CountDownLatch open = new CountDownLatch(1);
            script = exchange -> {
                BodyWriter body = exchange.begin(200, Headers.EMPTY);
                body.write("{\"type\":".getBytes(StandardCharsets.UTF_8));
                body.flush();
                open.await();
                body.flush();
            };
            try (Watch<ConfigMap> watch = client.watch(ConfigMap.RESOURCE, "", ListOptions.ALL)) {
                open.countDown(); // the handler returns without ending its body: the connection is broken off
                assertThat(watch.next()).isNull();
            }
        }
    }

    @Test
    void findsWhatIsServedByAggregatedAndByOlderDiscovery() throws Exception {
        script = exchange -> answerJson(exchange, 200, exchange.path().equals("/api")
                ? "{\"kind\":\"APIGroupDiscoveryList\",\"items\":[{\"metadata\":{\"name\":\"\"},\"versions\":[{\"version\":\"v1\",\"resources\":[{\"resource\":\"pods\",\"responseKind\":{\"kind\":\"Pod\"},\"scope\":\"Namespaced\",\"verbs\":[\"get\",\"list\"]}]}]}]}"
                : "{\"kind\":\"APIGroupDiscoveryList\",\"items\":[{\"metadata\":{\"name\":\"m.io\"},\"versions\":[{\"version\":\"v1\",\"freshness\":\"Stale\",\"resources\":[]}]}]}");
        try (HttpsClient client = client(Credentials.NONE)) {
            assertThat(client.resources()).singleElement().satisfies(pods -> {
                assertThat(pods.resource()).isEqualTo(io.j8s.model.core.v1.Pod.RESOURCE);
                assertThat(pods.verbs()).containsExactlyInAnyOrder("get", "list");
            });
            assertThat(client.unavailableGroups()).containsExactly("m.io/v1");
            script = exchange -> answerJson(exchange, 200, switch (exchange.path()) {
                case "/api" -> "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}";
                case "/apis" -> "{\"kind\":\"APIGroupList\",\"groups\":[{\"name\":\"example.com\",\"versions\":[{\"version\":\"v1beta1\"},{\"version\":\"v1\"}],\"preferredVersion\":{\"version\":\"v1\"}}]}";
                case "/api/v1" -> "{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"pods\",\"kind\":\"Pod\",\"namespaced\":true,\"verbs\":[\"get\"]},{\"name\":\"pods/log\",\"kind\":\"Pod\",\"namespaced\":true,\"verbs\":[\"get\"]}]}";
                default -> "{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"widgets\",\"kind\":\"Widget\",\"namespaced\":false,\"verbs\":[\"list\"]}]}";
            });
            assertThat(client.resources()).extracting(each -> each.resource().toString()).containsExactly("pods/v1", "widgets.example.com/v1");
        }
    }
}
