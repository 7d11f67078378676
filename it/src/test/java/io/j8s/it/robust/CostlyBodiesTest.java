package io.j8s.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies as large as they may be, made to take as much time and memory as they can: each is answered, and the server, which has little memory, lives on.
class CostlyBodiesTest {
    private static final int LARGEST = 3 << 20;
    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String DEFAULT = "/api/v1/namespaces/default/";
    private static final String CONFIG_MAPS = DEFAULT + "configmaps";
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String NESTED = "[".repeat(LARGEST / 2 - 500) + "]".repeat(LARGEST / 2 - 500);
    private static final String DIGITS = "9".repeat(2_900_000);

    @TempDir
    static Path directory = Path.of("");
    private static RobustServer server;

    /// @param expected the status of the answer
    private record Costly(String name, String method, String path, String contentType, String body, int expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        server = RobustServer.start(directory, 256);
        for (String made : new String[] {"secrets", "configmaps"}) {
            assertThat(status(new Costly("", "POST", DEFAULT + made, JSON, "{\"metadata\":{\"name\":\"test\"}}", 201))).isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static int status(Costly costly) throws Exception {
        try (HttpResponse response = server.client().send(server.request(costly.method, costly.path).withHeader("content-type", costly.contentType)
                .withBody(costly.body.getBytes(StandardCharsets.UTF_8)))) {
            byte[] answer = response.readAll(16 << 20);
            assertThat(response.status()).as(() -> new String(answer, 0, Math.min(answer.length, 1000), StandardCharsets.UTF_8)).isLessThan(500);
            return response.status();
        }
    }

    @ParameterizedTest
    @MethodSource({"patches", "values", "repetitions", "definitions"})
    void what_is_dear_is_bounded(Costly costly) throws Exception {
        assertThat(status(costly)).isEqualTo(costly.expected);
        assertThat(server.alive()).isTrue();
    }

    static Stream<Costly> patches() {
        String secret = DEFAULT + "secrets/test";
        String spaces = " ".repeat(LARGEST - 100);
        return Stream.of(
                new Costly("nested in a JSON patch", "PATCH", secret, JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/foo\",\"value\":" + NESTED + "}]", 400),
                new Costly("a large JSON patch", "PATCH", secret, JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/foo\",\"value\":0" + spaces + "}]", 200),
                new Costly("nested in a merge patch", "PATCH", secret, MERGE_PATCH, "{\"value\":" + NESTED + "}", 400),
                new Costly("a large merge patch", "PATCH", secret, MERGE_PATCH, "{\"value\":0" + spaces + "}", 200),
                new Costly("nested in a strategic patch", "PATCH", secret, STRATEGIC_PATCH, "{\"value\":" + NESTED + "}", 400),
                new Costly("a large strategic patch", "PATCH", secret, STRATEGIC_PATCH, "{\"value\":0" + spaces + "}", 200),
                new Costly("nested in a configuration", "PATCH", secret + "?fieldManager=test", APPLY, "{\"value\":" + NESTED + "}", 400),
                new Costly("a large configuration", "PATCH", secret + "?fieldManager=test", APPLY, "{\"apiVersion\":\"v1\",\"kind\":\"Secret\"" + spaces + "}", 200),
                new Costly("copies of copies", "PATCH", CONFIG_MAPS + "/test", JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/x\",\"value\":{\"a\":\"" + "x".repeat(1000) + "\"}}"
                        + Stream.iterate(0, i -> i + 1).limit(60).map(i -> ",{\"op\":\"copy\",\"from\":\"/x\",\"path\":\"/x/k" + i + "\"}").reduce("", String::concat) + "]", 422),
                new Costly("too many operations", "PATCH", CONFIG_MAPS + "/test", JSON_PATCH, "[" + "{\"op\":\"test\",\"path\":\"/x\",\"value\":1},".repeat(10_000) + "{\"op\":\"test\",\"path\":\"/x\"}]", 413));
    }

    static Stream<Costly> values() {
        String head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mytest\n";
        String jsonHead = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"mytest\"},\"values\":";
        String deployments = "/apis/apps/v1/namespaces/default/deployments";
        return Stream.of(
                new Costly("nested YAML", "POST", CONFIG_MAPS, YAML, head + "values: " + NESTED, 400),
                new Costly("YAML that does not end", "POST", CONFIG_MAPS, YAML, head + "values: " + "[".repeat(LARGEST - 1000), 400),
                new Costly("YAML of keys within keys", "POST", CONFIG_MAPS, YAML, "? ".repeat(1_400_000) + "a", 400),
                new Costly("YAML of lists within lists", "POST", CONFIG_MAPS, YAML, "a:\n" + "- ".repeat(1_400_000) + "a", 400),
                new Costly("YAML larger than it may be", "POST", CONFIG_MAPS, YAML, head + "values: " + "[".repeat(LARGEST), 413),
                new Costly("nested JSON", "POST", CONFIG_MAPS, JSON, jsonHead + NESTED + "}", 400),
                new Costly("JSON that does not end", "POST", CONFIG_MAPS, JSON, jsonHead + "[".repeat(LARGEST - 1000) + "}", 400),
                new Costly("JSON larger than it may be", "POST", CONFIG_MAPS, JSON, jsonHead + "[".repeat(LARGEST / 2) + "]".repeat(LARGEST / 2) + "}", 413),
                new Costly("digits in YAML", "POST", CONFIG_MAPS, YAML, "metadata:\n  name: x\ndata:\n  a: " + DIGITS, 422),
                new Costly("digits in a configuration", "PATCH", CONFIG_MAPS + "/digits?fieldManager=x", APPLY, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: digits\ndata:\n  a: " + DIGITS, 422),
                new Costly("digits in JSON", "POST", deployments, JSON, "{\"spec\":{\"replicas\":" + DIGITS + "}}", 400),
                new Costly("digits of an amount", "POST", DEFAULT + "pods", JSON, "{\"spec\":{\"containers\":[{\"resources\":{\"requests\":{\"cpu\":\"" + DIGITS + "m\"}}}]}}", 400),
                new Costly("an exponent", "POST", DEFAULT + "pods", JSON, "{\"spec\":{\"containers\":[{\"resources\":{\"requests\":{\"cpu\":1e999999999}}}]}}", 400));
    }

    static Stream<Costly> repetitions() {
        StringBuilder aliases = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
        StringBuilder merged = new StringBuilder("a: &a {k1: 1, k2: 2}\n");
        for (char c = 'b'; c <= 'z'; c++) {
            String former = "*" + (char) (c - 1);
            aliases.append(c).append(": &").append(c).append(" [").append((former + ",").repeat(9)).append("1]\n");
            merged.append(c).append(": &").append(c).append(" {<<: [").append((former + ",").repeat(199)).append(former).append("], ").append(c).append("1: 1}\n");
        }
        StringBuilder unknown = new StringBuilder("{\"metadata\":{\"name\":\"unknown\"}");
        for (int i = 0; i < 250_000; i++) {
            unknown.append(",\"").append(i).append("\":1");
        }
        String manyAnchors = "data:\n" + Stream.iterate(0, i -> i + 1).limit(100_000).map(i -> "  k" + i + ": &a" + i + " v\n").collect(Collectors.joining());
        return Stream.of(
                new Costly("aliases of aliases", "POST", CONFIG_MAPS, YAML, aliases.toString(), 400),
                new Costly("aliases of aliases applied", "PATCH", CONFIG_MAPS + "/bomb?fieldManager=x", APPLY, aliases.toString(), 400),
                new Costly("merged keys", "POST", CONFIG_MAPS, YAML, merged.toString(), 422),
                new Costly("anchors", "POST", CONFIG_MAPS, YAML, manyAnchors, 422),
                new Costly("one anchor over and over", "POST", CONFIG_MAPS, YAML, "a: &a [x]\n" + "a: &a [*a]\n".repeat(200_000), 400),
                new Costly("unknown fields", "POST", CONFIG_MAPS + "?fieldValidation=Strict", JSON, unknown.append('}').toString(), 400),
                new Costly("a field over and over", "POST", CONFIG_MAPS + "?fieldValidation=Strict", JSON, "{\"data\":{" + "\"a\":\"1\",".repeat(300_000) + "\"a\":\"1\"}}", 400),
                new Costly("empty containers", "POST", DEFAULT + "pods", JSON, "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[" + "{},".repeat(20_000) + "{}]}}", 403));
    }

    static Stream<Costly> definitions() {
        String nested = "{\"type\":\"object\",\"properties\":{\"a\":".repeat(300) + "{\"type\":\"string\"}" + "}}".repeat(300);
        return Stream.of(
                definition("expression", "((a{1,1000}){1,1000}){1,1000}", 422),
                definition("groups", "(".repeat(200_000) + "a" + ")".repeat(200_000), 422),
                definition("alternatives", "a|".repeat(100_000) + "b", 201),
                new Costly("a deep schema", "POST", DEFINITIONS, JSON, definition("deep", nested), 201),
                rule("parentheses", "(".repeat(50_000) + "true" + ")".repeat(50_000)),
                rule("sums", "1+".repeat(40_000) + "1 == 1"),
                rule("negations", "!".repeat(90_000) + "true", 201),
                rule("loops", "[1, 2, 3].all(x, ".repeat(60) + "true" + ")".repeat(60)),
                rule("texts", "\\\"" + "a".repeat(1000) + "\\\"" + ".replace('a', 'aaaaaaaaaa')".repeat(12) + " == 'a'"),
                rule("regular expressions", "self.a.matches('((a{1,1000}){1,1000}){1,1000}')"));
    }

    private static Costly definition(String name, String pattern, int expected) {
        return new Costly(name, "POST", DEFINITIONS, JSON, definition(name, "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"" + pattern + "\"}}}"), expected);
    }

    private static Costly rule(String name, String rule) {
        return rule(name, rule, 422);
    }

    private static Costly rule(String name, String rule, int expected) {
        String schema = "{\"type\":\"object\",\"x-kubernetes-validations\":[{\"rule\":\"" + rule + "\"}],\"properties\":{\"a\":{\"type\":\"string\",\"maxLength\":100}}}";
        return new Costly(name + " in a rule", "POST", DEFINITIONS, JSON, definition(name.replace(" ", ""), schema), expected);
    }

    private static String definition(String name, String schema) {
        return "{\"metadata\":{\"name\":\"" + name + "s.robust.io\"},\"spec\":{\"group\":\"robust.io\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"" + name + "s\",\"kind\":\"K" + name
                + "\",\"singular\":\"" + name + "\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":" + schema + "}}]}}";
    }
}
