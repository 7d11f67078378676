package io.j8s.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.ApiServerConfig;
import io.j8s.apiserver.Guards;
import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resources.Resources;
import io.j8s.apiserver.serve.Paths;
import io.j8s.http.ClientConfig;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.model.Json;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a server's audit log says of requests.
@Timeout(30)
final class AuditingTest {

    private static final String POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            omitManagedFields: true
            rules:
            - level: None
              nonResourceURLs: ["/healthz*", /version]
            - level: RequestResponse
              verbs: [create]
              resources: [{group: "", resources: [configmaps]}]
            - level: Metadata
              resources: [{group: "", resources: [configmaps, secrets]}]
            """;

    private final Path folder;

    AuditingTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private List<Map<?, ?>> eventsOf(Requests requests) throws Exception {
        return eventsOf(requests, POLICY);
    }

    private List<Map<?, ?>> eventsOf(Requests requests, String rules) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), rules);
        Path log = folder.resolve("audit.log");
        Timeline timeline = Timeline.system();
        AuditSettings settings = new AuditSettings(policy, new AuditSettings.Log(new LogFile.Settings(log, 0, 0, Duration.ZERO, false), false, AuditSettings.Delivery.BLOCKING), null);
        try (EventLoops loops = new EventLoops(1); LocalStore store = LocalStore.inMemory(timeline);
                ApiServer server = ApiServer.start(new ApiServerConfig("127.0.0.1", 0, null, Resources.all(), Auditing.with(settings, foundation -> new Guards(
                        exchange -> new Authentication.Known(User.of("jane", "devs")),
                        attributes -> attributes.resource().equals("secrets") ? new Decision.NoOpinion("") : new Decision.Allow("all but secrets"), Admission.NONE,
                        foundation.resources(), AuditingTest::addFault, () -> {})), ApiServerConfig.DEFAULT_KEPT_JSON_BYTES), store, timeline);
                HttpClient http = new HttpClient(loops, ClientConfig.DEFAULT, timeline)) {
            requests.send(http, "http://127.0.0.1:" + server.port());
        }
        try (Stream<String> lines = Files.lines(log)) {
            return lines.<Map<?, ?>>map(line -> (Map<?, ?>) Json.readPlain(line.getBytes(StandardCharsets.UTF_8))).toList();
        }
    }

    private static void addFault(Paths paths) {
        paths.add("/fault", exchange -> {
            throw new IllegalStateException("out of order");
        });
    }

    @FunctionalInterface
    private interface Requests {
        void send(HttpClient http, String base) throws Exception;
    }

    private static void send(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        try (HttpResponse response = http.send(request)) {
            response.readAll(1_000_000);
        }
    }

    private static Map<?, ?> of(String verb, List<Map<?, ?>> events) {
        return events.stream().filter(event -> verb.equals(event.get("verb"))).findFirst().orElseThrow();
    }

    @Test
    void whatThePolicyAsksForIsKeptAndNothingElse() throws Exception {
        List<Map<?, ?>> events = eventsOf((http, base) -> {
            send(http, HttpRequest.get(URI.create(base + "/version")));
            send(http, HttpRequest.get(URI.create(base + "/api/v1/namespaces/default/pods")));
            send(http, HttpRequest.of("POST", URI.create(base + "/api/v1/namespaces/default/configmaps")).withHeader("content-type", "application/json")
                    .withHeader("user-agent", "test/1").withHeader("audit-id", "given").withBody("{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}".getBytes(StandardCharsets.UTF_8)));
            send(http, HttpRequest.get(URI.create(base + "/api/v1/namespaces/default/configmaps/a")));
        });
        assertThat(events).hasSize(2);
        Map<?, ?> created = of("create", events);
        assertThat(created.get("level")).isEqualTo("RequestResponse");
        assertThat(created.get("stage")).isEqualTo("ResponseComplete");
        assertThat(created.get("auditID")).isEqualTo("given");
        assertThat(created.get("verb")).isEqualTo("create");
        assertThat(created.get("userAgent")).isEqualTo("test/1");
        assertThat(created.get("user")).hasToString("{username=jane, groups=[devs]}");
        assertThat(created.get("sourceIPs")).hasToString("[127.0.0.1]");
        assertThat(created.get("requestObject")).hasToString("{kind=ConfigMap, apiVersion=v1, metadata={name=a}, data={k=v}}");
        assertThat(created.get("objectRef")).hasToString("{resource=configmaps, namespace=default, apiVersion=v1, name=a}");
        assertThat(String.valueOf(created.get("responseObject"))).contains("resourceVersion").doesNotContain("managedFields");
        assertThat(created.get("responseStatus")).hasToString("{metadata={}, code=201}");
        assertThat(created.get("annotations")).hasToString("{authorization.k8s.io/decision=allow, authorization.k8s.io/reason=all but secrets}");
        assertThat(String.valueOf(created.get("stageTimestamp"))).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        Map<?, ?> read = of("get", events);
        assertThat(read.get("objectRef")).hasToString("{resource=configmaps, namespace=default, name=a, apiVersion=v1}");
        assertThat(read.containsKey("responseObject")).isFalse();
    }

    @Test
    void aRefusalIsKeptWithItsReason() throws Exception {
        List<Map<?, ?>> events = eventsOf((http, base) -> send(http, HttpRequest.get(URI.create(base + "/api/v1/secrets"))));
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(String.valueOf(event.get("responseStatus"))).contains("reason=Forbidden").contains("code=403");
            assertThat(String.valueOf(event.get("annotations"))).contains("decision=forbid");
        });
    }

    @Test
    void aWatchIsKeptWhenItBegins() throws Exception {
        List<Map<?, ?>> events = eventsOf((http, base) -> {
            try (HttpResponse watch = http.send(HttpRequest.get(URI.create(base + "/api/v1/configmaps?watch=1")))) {
                assertThat(watch.status()).isEqualTo(200);
            }
        });
        assertThat(events.getFirst().get("stage")).isEqualTo("ResponseStarted");
        assertThat(events.getFirst().get("verb")).isEqualTo("watch");
    }

    @Test
    void aFaultOfTheServerEndsTheRecord() throws Exception {
        List<Map<?, ?>> events = eventsOf((http, base) -> send(http, HttpRequest.get(URI.create(base + "/fault"))), POLICY + "- level: Metadata\n");
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.get("stage")).isEqualTo("Panic");
            assertThat(String.valueOf(event.get("responseStatus"))).contains("APIServer panic'd: java.lang.IllegalStateException: out of order").contains("code=500");
        });
    }

    @Test
    void deletionsAndPatchesAreKeptAsTheyWereSent() throws Exception {
        List<Map<?, ?>> events = eventsOf((http, base) -> {
            String maps = base + "/api/v1/namespaces/default/configmaps";
            send(http, HttpRequest.of("POST", URI.create(maps)).withHeader("content-type", "application/json").withBody("{\"metadata\":{\"name\":\"a\"}}".getBytes(StandardCharsets.UTF_8)));
            send(http, HttpRequest.of("PATCH", URI.create(maps + "/a?fieldManager=m")).withHeader("content-type", "application/apply-patch+yaml")
                    .withBody("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {q: r}\n".getBytes(StandardCharsets.UTF_8)));
            send(http, HttpRequest.of("DELETE", URI.create(maps + "/a")).withHeader("content-type", "application/json").withBody("{\"gracePeriodSeconds\":0}".getBytes(StandardCharsets.UTF_8)));
        }, POLICY.replace("[create]", "[patch, delete]"));
        assertThat(of("patch", events).get("requestObject")).hasToString("{apiVersion=v1, kind=ConfigMap, metadata={name=a}, data={q=r}}");
        Map<?, ?> deleted = of("delete", events);
        assertThat(deleted.get("requestObject")).hasToString("{gracePeriodSeconds=0}");
        assertThat(String.valueOf(deleted.get("responseStatus"))).contains("status=Success").contains("details={name=a, kind=configmaps").contains("code=200");
    }

    @Test
    void aFileThatIsLargeIsPutAsideAndOldOnesGo() throws Exception {
        try (LogFile file = new LogFile(new LogFile.Settings(folder.resolve("small.log"), 100, 1, Duration.ZERO, true), Timeline.system())) {
            for (int i = 0; i < 20; i++) {
                file.write(("{\"number\":\"" + i + "\",\"fill\":\"" + "x".repeat(60) + "\"}\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        try (LogFile file = new LogFile(new LogFile.Settings(folder.resolve("small.log"), 100, 1, Duration.ZERO, true), Timeline.system())) {
            file.write(("{\"number\":\"20\",\"fill\":\"" + "x".repeat(60) + "\"}\n").getBytes(StandardCharsets.UTF_8));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())).sorted()).hasSize(2).first().asString().matches("small-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}\\.log\\.gz");
        }
        assertThat(Files.readString(folder.resolve("small.log"))).contains("\"20\"");
        assertThat(Files.getPosixFilePermissions(folder.resolve("small.log"))).hasToString("[OWNER_READ, OWNER_WRITE]");
    }

    @Test
    void aPolicyThatIsWrongSaysWhereAndWhat() {
        assertThatThrownBy(() -> AuditPolicy.parse(POLICY.replace("Metadata", "Meta")))
                .hasMessage("rules[2].level: Unsupported value: \"Meta\": supported values: \"Metadata\", \"None\", \"Request\", \"RequestResponse\"");
        assertThatThrownBy(() -> AuditPolicy.parse(POLICY.replace("/version", "version")))
                .hasMessage("rules[0].nonResourceURLs[1]: Invalid value: \"version\": non-resource URL rules must begin with a '/' character");
        assertThatThrownBy(() -> AuditPolicy.parse("apiVersion: v1\nkind: Policy\n")).hasMessageContaining("audit.k8s.io/v1");
        assertThatThrownBy(() -> AuditPolicy.parse("apiVersion: audit.k8s.io/v1\nkind: Policy\n")).hasMessageContaining("loaded illegal policy with 0 rules");
    }
}
