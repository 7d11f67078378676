package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.j8s.client.testing.MemoryApi;
import io.j8s.model.Json;
import io.j8s.model.PlainJson;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.events.v1.Event;
import io.j8s.model.meta.v1.Status;
import io.j8s.client.WriteOptions;
import io.j8s.runtime.SimulatedTimeline;
import io.j8s.scheduler.config.SchedulerConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that are asked over HTTP, against a whole scheduler over an API in simulated time; the extender itself is a real server.
class ExtenderTest {

    private final SimulatedTimeline time = new SimulatedTimeline(7);
    private final MemoryApi api = new MemoryApi(time);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Function<Map<String, Object>, Object>> verbs = new TreeMap<>();
    private HttpServer server = serve(null);

    @BeforeEach
    void nodes() {
        for (String name : List.of("n1", "n2", "n3")) {
            api.create(Node.RESOURCE, "", Objects.node(name, 1000, 10, Map.of()));
        }
    }

    @AfterEach
    void close() {
        time.close();
        server.stop(0);
    }

    private HttpServer serve(@org.jspecify.annotations.Nullable SSLContext tls) {
        try {
            HttpServer made = tls == null ? HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0) : HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            if (made instanceof HttpsServer secure) {
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            }
            made.createContext("/", this::answer);
            made.start();
            return made;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked") // JSON objects have names that are texts
    private void answer(HttpExchange exchange) throws IOException {
        String verb = exchange.getRequestURI().getPath().substring(1);
        try (exchange; InputStream body = exchange.getRequestBody()) {
            Map<String, Object> args = (Map<String, Object>) Json.readPlain(body.readAllBytes());
            asked.add(verb);
            Function<Map<String, Object>, Object> answers = verbs.get(verb);
            byte[] answer = answers == null ? new byte[0] : Json.writePlain(answers.apply(args));
            exchange.sendResponseHeaders(answers == null ? 500 : 200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private Scheduler start(String... lines) {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return Scheduler.start(api, time, SchedulerConfig.of(SchedulerConfiguration.parse("""
                apiVersion: kubescheduler.config.k8s.io/v1
                kind: KubeSchedulerConfiguration
                extenders:
                - urlPrefix: %s://127.0.0.1:%d/
                """.formatted(scheme, server.getAddress().getPort()) + "  " + String.join("\n  ", lines) + "\n")));
    }

    private Pod placed(Pod pod) {
        api.create(Pod.RESOURCE, "default", pod.withMetadata(meta -> meta.withoutUid()));
        time.advance(Duration.ofSeconds(3));
        return api.get(Pod.RESOURCE, "default", pod.metadata().name());
    }

    private List<String> notes(String reason) {
        return api.peek(Event.RESOURCE, "default").stream().filter(event -> event.reason().equals(reason)).map(Event::note).toList();
    }

    @SuppressWarnings("unchecked") // as the API has it
    private static List<String> names(Map<String, Object> args) {
        return (List<String>) java.util.Objects.requireNonNull(args.get("nodenames"));
    }

    @Test
    void only_nodes_that_the_filter_leaves_are_taken_and_its_reasons_are_told() {
        verbs.put("filter", args -> Map.of("nodenames", List.of("n2"), "failedNodes", Map.of("n1", "too blue"), "failedAndUnresolvableNodes", Map.of("n3", "too green")));
        try (Scheduler _ = start("filterVerb: filter", "nodeCacheCapable: true")) {
            assertThat(placed(Objects.pod("a", 100, Map.of())).spec().nodeName()).isEqualTo("n2");
            verbs.put("filter", args -> Map.of("nodenames", List.of(), "failedNodes", Map.of("n1", "too blue", "n2", "too blue"), "failedAndUnresolvableNodes", Map.of("n3", "too green")));
            assertThat(placed(Objects.pod("b", 100, Map.of())).spec().nodeName()).isEmpty();
            assertThat(notes("FailedScheduling")).singleElement().asString().startsWith("0/3 nodes are available: 1 too green, 2 too blue.");
        }
    }

    @Test
    void a_filter_without_a_cache_is_sent_whole_nodes_and_answers_with_them() {
        verbs.put("filter", args -> {
            List<?> items = (List<?>) ((Map<?, ?>) java.util.Objects.requireNonNull(args.get("nodes"))).get("items");
            Node last = (Node) PlainJson.struct(Node.TYPE, map(java.util.Objects.requireNonNull(items).getLast()));
            return Map.of("nodes", Map.of("items", List.of(PlainJson.of(last))));
        });
        try (Scheduler _ = start("filterVerb: filter")) {
            assertThat(placed(Objects.pod("a", 100, Map.of())).spec().nodeName()).isNotEmpty();
            assertThat(asked).containsExactly("filter");
        }
    }

    @SuppressWarnings("unchecked") // JSON objects have names that are texts
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @Test
    void its_scores_count_by_their_weight() {
        verbs.put("prioritize", args -> List.of(Map.of("host", "n1", "score", 0), Map.of("host", "n2", "score", 0), Map.of("host", "n3", "score", 10)));
        try (Scheduler _ = start("prioritizeVerb: prioritize", "weight: 100", "nodeCacheCapable: true")) {
            for (int i = 0; i < 4; i++) {
                assertThat(placed(Objects.pod("a" + i, 200, Map.of())).spec().nodeName()).isEqualTo("n3");
            }
        }
    }

    @Test
    void it_may_bind() {
        verbs.put("bind", args -> {
            Binding binding = Binding.EMPTY.withTarget(ObjectReference.EMPTY.withKind("Node").withName(String.valueOf(args.get("node"))));
            api.createSubresource(Pod.RESOURCE, String.valueOf(args.get("podNamespace")), String.valueOf(args.get("podName")), "binding", binding, Status.TYPE, WriteOptions.NONE);
            return Map.of();
        });
        try (Scheduler _ = start("bindVerb: bind")) {
            assertThat(placed(Objects.pod("a", 100, Map.of())).spec().nodeName()).isNotEmpty();
            assertThat(asked).containsExactly("bind");
            assertThat(notes("Scheduled")).hasSize(1);
        }
    }

    @Test
    void what_it_refuses_to_bind_is_tried_again() {
        verbs.put("bind", args -> Map.of("error", "not now"));
        try (Scheduler _ = start("bindVerb: bind")) {
            assertThat(placed(Objects.pod("a", 100, Map.of())).spec().nodeName()).isEmpty();
            assertThat(notes("FailedScheduling")).isNotEmpty().allSatisfy(note -> assertThat(note).contains("not now"));
            assertThat(asked.size()).isGreaterThan(1);
        }
    }

    @Test
    void a_failing_one_holds_pods_unless_it_is_ignorable() {
        try (Scheduler _ = start("filterVerb: filter")) {
            Pod pod = placed(Objects.pod("a", 100, Map.of()));
            assertThat(pod.spec().nodeName()).isEmpty();
            assertThat(pod.status().conditions()).singleElement().satisfies(condition -> {
                assertThat(condition.reason()).isEqualTo("SchedulerError");
                assertThat(condition.message()).contains("failed filter with extender at URL").contains("code 500");
            });
        }
        try (Scheduler _ = start("filterVerb: filter", "ignorable: true")) {
            time.advance(Duration.ofSeconds(3));
            assertThat(api.get(Pod.RESOURCE, "default", "a").spec().nodeName()).isNotEmpty();
        }
    }

    @Test
    void one_that_manages_resources_is_asked_about_pods_that_want_them_only() {
        verbs.put("filter", args -> Map.of("nodenames", names(args)));
        try (Scheduler _ = start("filterVerb: filter", "nodeCacheCapable: true", "managedResources: [{name: example.com/fpga, ignoredByScheduler: true}]")) {
            assertThat(placed(Objects.pod("plain", 100, Map.of())).spec().nodeName()).isNotEmpty();
            assertThat(asked).isEmpty();
            Pod wants = RandomObjects.read(Pod.class, Pod.TYPE, "metadata: {name: wants, namespace: default}\nspec: {schedulerName: default-scheduler, containers: [{name: c, image: i, resources: {requests: {example.com/fpga: 1}}}]}");
            assertThat(placed(wants).spec().nodeName()).as("no node counts what the extender looks after").isNotEmpty();
            assertThat(asked).containsExactly("filter");
        }
    }

    @Test
    void it_may_choose_where_pods_have_to_go() {
        for (String node : List.of("n1", "n2", "n3")) {
            api.create(Pod.RESOURCE, "default", Objects.on(Objects.pod("on-" + node, 900, Map.of()), node));
        }
        verbs.put("preempt", args -> {
            Map<?, ?> victims = (Map<?, ?>) java.util.Objects.requireNonNull(args.get("nodeNameToMetaVictims"));
            return Map.of("nodeNameToMetaVictims", Map.of("n3", java.util.Objects.requireNonNull(victims.get("n3"))));
        });
        try (Scheduler _ = start("preemptVerb: preempt", "nodeCacheCapable: true")) {
            Pod great = placed(Objects.pod("great", 500, Map.of()).withSpec(spec -> spec.withPriority(10)));
            assertThat(great.status().nominatedNodeName()).isEqualTo("n3");
            assertThat(api.get(Pod.RESOURCE, "default", "on-n3").metadata().hasDeletionTimestamp()).isTrue();
            assertThat(api.get(Pod.RESOURCE, "default", "on-n1").metadata().hasDeletionTimestamp()).isFalse();
        }
    }

    @Test
    void it_is_reached_over_tls_by_the_authority_that_is_configured(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        keytool("-genkeypair", "-alias", "e", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", "secret");
        Path authority = folder.resolve("ca.pem");
        keytool("-exportcert", "-rfc", "-alias", "e", "-keystore", store.toString(), "-storepass", "secret", "-file", authority.toString());
        server.stop(0);
        server = serve(context(store));
        verbs.put("filter", args -> Map.of("nodenames", List.of("n1")));
        try (Scheduler _ = start("filterVerb: filter", "nodeCacheCapable: true", "enableHTTPS: true", "tlsConfig: {caFile: " + authority + "}")) {
            assertThat(placed(Objects.pod("a", 100, Map.of())).spec().nodeName()).isEqualTo("n1");
        }
        try (Scheduler _ = start("filterVerb: filter", "nodeCacheCapable: true", "enableHTTPS: true")) {
            assertThat(placed(Objects.pod("b", 100, Map.of())).spec().nodeName()).as("an authority that nobody trusts").isEmpty();
        }
    }

    private static SSLContext context(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "secret".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
