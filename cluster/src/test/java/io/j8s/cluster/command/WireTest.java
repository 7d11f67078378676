package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.model.Cbor;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes over the wire beside what was asked for: forms, headers, and which part of the API there is.
class WireTest {

    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final Map<String, Object> CONFIG_MAP = Map.of("kind", "ConfigMap", "apiVersion", "v1", "metadata", Map.of("name", "in-cbor"), "data", Map.of("a", "b"));

    @TempDir
    Path directory = Path.of("");

    private record Got(int status, Headers headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.getOr(name, "none");
        }
    }

    private static Got send(HttpClient client, RunningApiServer server, String method, String path, byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.of(method, URI.create(server.address() + path)).with(Headers.of(headers)).withHeader("authorization", "Bearer admintoken");
        try (HttpResponse response = client.send(body.length == 0 ? request : request.withBody(body))) {
            return new Got(response.status(), response.headers(), response.readAll(16 << 20));
        }
    }

    private static Got get(HttpClient client, RunningApiServer server, String path, String... headers) throws IOException, InterruptedException {
        return send(client, server, "GET", path, new byte[0], headers);
    }

    @Test
    void objects_travel_as_cbor_where_the_feature_is_on() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory, "--feature-gates=CBORServingAndStorage=true"); HttpClient client = server.client()) {
            Got created = send(client, server, "POST", CONFIG_MAPS, Cbor.writePlain(CONFIG_MAP), "content-type", "application/cbor", "accept", "application/cbor");
            assertThat(created.status()).isEqualTo(201);
            assertThat(created.header("content-type")).isEqualTo("application/cbor");
            assertThat(Cbor.readPlain(created.body())).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP).containsEntry("data", Map.of("a", "b"));
            Got applied = send(client, server, "PATCH", CONFIG_MAPS + "/in-cbor?fieldManager=me&force=true", Cbor.writePlain(CONFIG_MAP), "content-type", "application/apply-patch+cbor");
            assertThat(applied.text()).contains("\"operation\":\"Apply\"");
            Got watched = get(client, server, CONFIG_MAPS + "?watch=true&timeoutSeconds=1", "accept", "application/cbor");
            assertThat(watched.header("content-type")).isEqualTo("application/cbor-seq");
            Map<?, ?> event = (Map<?, ?>) Cbor.readPlain(watched.body());
            assertThat(event.get("type")).isEqualTo("ADDED");
            assertThat(((Map<?, ?>) Objects.requireNonNull(event.get("object"))).get("data")).isEqualTo(Map.of("a", "b"));
            assertThat(get(client, server, CONFIG_MAPS, "accept", "application/cbor;as=Table;g=meta.k8s.io;v=v1").status()).isEqualTo(406);
            assertThat(send(client, server, "POST", CONFIG_MAPS, new byte[] {'x', 'x'}, "content-type", "application/cbor").status()).isEqualTo(400);
            assertThat(Cbor.readPlain(get(client, server, CONFIG_MAPS + "/none", "accept", "application/cbor").body())).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsEntry("reason", "NotFound");
        }
    }

    @Test
    void what_the_client_cannot_read_or_the_server_cannot_is_refused_in_upstreams_words() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory, "--cors-allowed-origins=//example\\.com$,//other$",
                "--strict-transport-security-directives=max-age=31536000,preload"); HttpClient client = server.client()) {
            String path = CONFIG_MAPS + "/none";
            assertThat(get(client, server, path, "accept", "application/cbor").text()).contains("\"message\": \"406: Not Acceptable\\n\\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf\"");
            assertThat(get(client, server, path, "accept", ";;;").status()).isEqualTo(406);
            assertThat(get(client, server, path, "accept", "application/*").status()).isEqualTo(406);
            assertThat(get(client, server, path, "user-agent", "curl/8").text()).startsWith("{\n  \"kind\": \"Status\",\n").endsWith("}");
            assertThat(get(client, server, path).text()).startsWith("{\"kind\":\"Status\"").endsWith("}\n");
            assertThat(send(client, server, "POST", CONFIG_MAPS, Cbor.writePlain(CONFIG_MAP), "content-type", "application/cbor").text()).contains("the body of the request was in an unknown format");
            assertThat(send(client, server, "PATCH", path, new byte[] {'{', '}'}, "content-type", "application/apply-patch+cbor").text()).contains("415: Unsupported Media Type");
            assertThat(send(client, server, "POST", CONFIG_MAPS, new byte[4 << 20], "content-type", "application/json").text()).contains("\"Request entity too large: limit is 3145728\"");
            assertThat(send(client, server, "POST", CONFIG_MAPS, new byte[] {'a', ':', (byte) 0xff}, "content-type", "application/yaml").text()).contains("invalid leading UTF-8 octet");
            Got allowed = get(client, server, path, "origin", "https://example.com");
            assertThat(allowed.header("access-control-allow-origin")).isEqualTo("https://example.com");
            assertThat(allowed.header("strict-transport-security")).isEqualTo("max-age=31536000; preload");
            assertThat(get(client, server, path, "origin", "https://example.com.evil").header("access-control-allow-origin")).isEqualTo("none");
            assertThat(send(client, server, "OPTIONS", path, new byte[0], "origin", "https://other").status()).isEqualTo(204);
            assertThat(get(client, server, "/statusz", "accept", "application/json;v=v1beta1;g=config.k8s.io;as=Statusz").text()).contains("\"binaryVersion\":\"1.36.3\"");
            assertThat(get(client, server, "/readyz?verbose").text()).startsWith("[+]ping ok\n[+]log ok\n[+]etcd ok\n").contains("[+]shutdown ok\nreadyz check passed\n");
        }
    }

    @Test
    void versions_and_resources_can_be_turned_off() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory, "--runtime-config=batch/v1=false,apps/v1/daemonsets=false,resource.k8s.io/v1beta1=true")) {
            assertThat(server.get("/apis/batch/v1/namespaces/default/jobs").status()).isEqualTo(404);
            assertThat(server.get("/apis").body()).doesNotContain("batch/v1").contains("apps/v1");
            assertThat(server.get("/apis/apps/v1").body()).doesNotContain("daemonsets").contains("deployments");
            assertThat(server.get("/apis/apps/v1/namespaces/default/daemonsets").status()).isEqualTo(404);
            assertThat(server.get("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers").status()).isEqualTo(200);
        }
        for (List<String> wrong : List.of(List.of("--runtime-config=api/all=false", "invalid runtime-config with only api/all=false"), List.of("--runtime-config=foo.k8s.io/v1=true", "unknown api groups foo.k8s.io/v1"),
                List.of("--runtime-config=apps/v9=true", "group version apps/v9 that has not been registered"), List.of("--runtime-config=apps=true", "runtime-config invalid key apps"),
                List.of("--feature-gates=Foo=true", "unrecognized feature gate: Foo"), List.of("--feature-gates=APIServerTracing=false", "cannot set feature gate APIServerTracing to false, feature is locked to true"),
                List.of("--feature-gates=CBORServingAndStorage", "missing bool value for CBORServingAndStorage"), List.of("--goaway-chance=0.5", "--goaway-chance can not be less than 0 or greater than 0.02"),
                List.of("--cors-allowed-origins=foo", "does not pin to start/end of host"), List.of("--request-timeout=-1s", "--request-timeout can not be negative value"))) {
            assertThatThrownBy(() -> RunningApiServer.start(directory, "--data-dir=" + directory, wrong.getFirst())).hasMessageContaining(wrong.getLast());
        }
    }
}
