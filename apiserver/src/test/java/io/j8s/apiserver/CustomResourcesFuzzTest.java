package io.j8s.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resources.Resources;
import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.model.Json;
import io.j8s.model.Yaml;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever is sent as a custom resource, or as the definition of one, is taken or refused; nothing breaks the server or keeps it busy.
final class CustomResourcesFuzzTest {

    private static final long SEED = 20_261_121;
    private static final int VALUES = 400;
    private static final int DEFINITIONS = 300;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final String PLACE = "/apis/fuzz.example.com/v1/namespaces/default/things";
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.fuzz.example.com}
            spec:
              group: fuzz.example.com
              scope: Namespaced
              names: {kind: Thing, plural: things}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}, scale: {specReplicasPath: .spec.number, statusReplicasPath: .status.number}}
                additionalPrinterColumns: [{name: A, type: date, jsonPath: .spec.text}, {name: B, type: integer, jsonPath: '.spec.list[0].number'}]
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: &spec
                        type: object
                        x-kubernetes-validations: [{rule: "!has(self.number) || self.number != 13", messageExpression: "'thirteen'"}]
                        properties:
                          number: {type: integer, minimum: -5, multipleOf: 2}
                          amount: {type: number, default: 1.5, maximum: 1000, exclusiveMaximum: true}
                          text: {type: string, pattern: '^(a+)+$', maxLength: 40, x-kubernetes-validations: [{rule: "self.matches('^(a|aa)*$') || self.size() < 30"}]}
                          date: {type: string, format: date-time}
                          bytes: {type: string, format: byte, nullable: true}
                          either: {x-kubernetes-int-or-string: true}
                          truth: {type: boolean, default: true}
                          list: {type: array, maxItems: 8, items: {type: object, default: {}, properties: {number: {type: integer, default: 3}, text: {type: string}}}}
                          set: {type: array, maxItems: 8, x-kubernetes-list-type: set, items: {type: string, maxLength: 9}, x-kubernetes-validations: [{rule: "self == self"}]}
                          keyed: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [text], items: {type: object, required: [text], properties: {text: {type: string}, number: {type: integer}}}}
                          map: {type: object, additionalProperties: {type: string, nullable: true}}
                          free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                          object: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
                      status: *spec
            """;
    private static final List<String> NAMES = List.of(
            "number", "amount", "text", "date", "bytes", "either", "truth", "list", "set", "keyed", "map", "free", "object", "apiVersion", "kind", "metadata", "name", "labels", "x", "");

    private final Timeline timeline = Timeline.system();
    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    private final LocalStore store = LocalStore.inMemory(timeline);
    private final EventLoops loops = EventLoops.forThisMachine();
    private final HttpClient http = new HttpClient(loops, ClientConfig.of(ClientTls.SYSTEM), timeline);
    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(
                new ApiServerConfig(
                        "127.0.0.1", 0, null, Resources.all(), state -> exchange -> new Authentication.Known(User.ANONYMOUS), state -> attributes -> new Decision.Allow(""),
                        state -> Admission.NONE, ApiServerConfig.DEFAULT_KEPT_JSON_BYTES),
                store, timeline);
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        server.close();
        loops.close();
        store.close();
    }

    @Test
    void no_value_breaks_the_server() throws Exception {
        define();
        for (int i = 0; i < VALUES; i++) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("apiVersion", "fuzz.example.com/v1");
            object.put("kind", "Thing");
            object.put("metadata", random.nextInt(8) == 0 ? value(3) : Map.of("name", "t" + random.nextInt(20)));
            object.put("spec", object(4));
            object.put("status", value(3));
            String item = PLACE + "/t" + random.nextInt(20);
            byte[] whole = Json.writePlain(object);
            taken("POST", PLACE, "application/json", whole);
            taken("PUT", item, "application/json", whole);
            taken("PATCH", item, "application/merge-patch+json", Json.writePlain(Map.of("spec", object(4))));
            taken("PATCH", item + "/status", "application/merge-patch+json", Json.writePlain(Map.of("status", value(3))));
            taken("PATCH", item + "/scale", "application/merge-patch+json", Json.writePlain(Map.of("spec", value(2))));
            taken("PATCH", item + "?fieldManager=f&force=true", "application/apply-patch+yaml", whole);
            taken("PATCH", item, "application/json-patch+json", Json.writePlain(List.of(Map.of("op", "add", "path", "/spec/" + name(), "value", value(3)))));
        }
        taken("GET", PLACE, "", new byte[0]);
    }

    @Test
    void no_definition_breaks_the_server() throws Exception {
        Map<?, ?> whole = (Map<?, ?>) Yaml.readAll(DEFINITION.getBytes(StandardCharsets.UTF_8)).getFirst();
        for (int i = 0; i < DEFINITIONS; i++) {
            taken("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All", "application/json", Json.writePlain(changed(whole, 0)));
        }
    }

    private void define() throws InterruptedException {
        Client client = server.client(User.of("tester", User.MASTERS), "tester");
        CustomResourceDefinition sent = (CustomResourceDefinition) Yaml.read(CustomResourceDefinition.TYPE, DEFINITION.getBytes(StandardCharsets.UTF_8), text -> {});
        CustomResourceDefinition made = client.create(CustomResourceDefinition.RESOURCE, "", sent);
        try (Watch<CustomResourceDefinition> watch = client.watch(CustomResourceDefinition.RESOURCE, "", ListOptions.ALL.from(made.metadata().resourceVersion()))) {
            for (var event = watch.next(); event != null; event = watch.next()) {
                if (event instanceof WatchEvent.Modified<CustomResourceDefinition> modified
                        && modified.object().status().conditions().stream().anyMatch(one -> one.type().equals("Established") && one.status().equals("True"))) {
                    return;
                }
            }
        }
        throw new AssertionError("the watch ended before the definition was established");
    }

    /// A request is answered, and not with a fault of the server.
    private void taken(String method, String path, String type, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.of(method, URI.create("http://127.0.0.1:" + server.port() + path)).within(LONGEST);
        try (HttpResponse response = http.send(body.length == 0 ? request : request.withHeader("content-type", type).withBody(body))) {
            String answer = new String(response.readAll(16 << 20), StandardCharsets.UTF_8);
            boolean expected = response.status() < 500 || answer.contains("does not exist");
            assertThat(expected).as(() -> method + " " + path + " " + new String(body, StandardCharsets.UTF_8) + ": " + response.status() + " " + answer).isTrue();
        }
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 9)) {
            case 0 -> (long) random.nextInt(-20, 20);
            case 1 -> random.nextLong();
            case 2 -> random.nextDouble() * Math.pow(10, random.nextInt(-300, 300));
            case 3 -> random.nextBoolean();
            case 4 -> io.j8s.model.JsonNull.NULL;
            case 5 -> "a".repeat(random.nextInt(60)) + (random.nextBoolean() ? "!" : "");
            case 6 -> List.of("2020-01-01T00:00:00Z", "aGk=", "10%", "1h", "\u0000\ud800", "12345678901234567890").get(random.nextInt(6));
            case 7 -> "";
            case 8 -> name();
            case 9 -> list(depth - 1);
            default -> object(depth - 1);
        };
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(10); i > 0; i--) {
            list.add(value(depth));
        }
        return list;
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            object.put(name(), value(depth));
        }
        return object;
    }

    /// The same with something else here and there.
    private Object changed(Object value, int depth) {
        if (depth > 2 && random.nextInt(40) == 0) {
            return value(2);
        }
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, child) -> {
                    if (random.nextInt(60) != 0) {
                        copy.put((String) name, changed(child, depth + 1));
                    }
                });
                yield copy;
            }
            case List<?> list -> list.stream().map(child -> changed(child, depth + 1)).toList();
            default -> value;
        };
    }
}
