package io.j8s.bench.customresources;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.ApiServerConfig;
import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resources.Resources;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.model.Json;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures what definitions of custom resources cost an API server: `DefinitionsBench [HOW_MANY]`.
///
/// Each has a schema of some 70 KB, an object, and its OpenAPI document read once. A change counts as served when the resource, the discovery of its group and version and the OpenAPI v3
/// document of it all show it; they are asked over HTTP, one after the other, without a pause.
public final class DefinitionsBench {

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final int CHANGES = 20;

    private final Timeline timeline = Timeline.system();
    private final PrintStream out;
    private final ApiServer server;
    private final HttpClient http;

    private DefinitionsBench(ApiServer server, EventLoops loops, PrintStream out) {
        this.server = server;
        this.http = new HttpClient(loops, ClientConfig.of(ClientTls.SYSTEM), timeline);
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500;
        Timeline timeline = Timeline.system();
        ApiServerConfig config = new ApiServerConfig(
                "127.0.0.1", 0, null, Resources.all(), state -> exchange -> new Authentication.Known(User.ANONYMOUS), state -> attributes -> new Decision.Allow(""),
                state -> Admission.NONE, ApiServerConfig.DEFAULT_KEPT_JSON_BYTES);
        try (LocalStore store = LocalStore.inMemory(timeline); ApiServer server = ApiServer.start(config, store, timeline); EventLoops loops = EventLoops.forThisMachine()) {
            new DefinitionsBench(server, loops, System.out).run(count);
        }
    }

    private void run(int count) throws IOException, InterruptedException {
        define(0, 1);
        long heap = heapBytes();
        long cpu = cpuNanos();
        long start = timeline.nanoTime();
        List<Long> first = new ArrayList<>();
        List<Long> last = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            (i <= CHANGES ? first : last).add(define(i, 1));
        }
        out.printf(Locale.ROOT, "%d definitions of %d KB: %.1f ms and %.1f ms of CPU each until served%n", count, definition(0, 1).length >> 10,
                (timeline.nanoTime() - start) / 1e6 / count, (cpuNanos() - cpu) / 1e6 / count);
        out.printf(Locale.ROOT, "heap: %d KB a definition%n", (heapBytes() - heap) / count >> 10);
        tell("a new one, among the first", first);
        tell("a new one, among the last", last.isEmpty() ? first : last.subList(Math.max(0, last.size() - CHANGES), last.size()));
        List<Long> changes = new ArrayList<>();
        for (int i = 1; i <= Math.min(CHANGES, count); i++) {
            changes.add(define(i, 2));
        }
        tell("a change of one of them", changes);
    }

    private void tell(String what, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        out.printf(Locale.ROOT, "%-28s p50 %.1f ms, longest %.1f ms%n", what, sorted.get(sorted.size() / 2) / 1e6, sorted.getLast() / 1e6);
    }

    /// Creates or changes a definition; answers the nanoseconds until everything shows it.
    private long define(int number, int edition) throws IOException, InterruptedException {
        byte[] definition = definition(number, edition);
        String name = "/things" + number + ".g" + number + ".example.com";
        if (edition > 1) {
            Map<String, Object> metadata = members(send("GET", DEFINITIONS + name, new byte[0]), "metadata");
            Map<String, Object> changed = members(definition, "");
            changed.put("metadata", Map.of("name", name.substring(1), "resourceVersion", metadata.getOrDefault("resourceVersion", "")));
            definition = Json.writePlain(changed);
        }
        long start = timeline.nanoTime();
        send(edition > 1 ? "PUT" : "POST", edition > 1 ? DEFINITIONS + name : DEFINITIONS, definition);
        String place = "/apis/g" + number + ".example.com/v1";
        String resource = place + "/namespaces/default/things" + number;
        await(place, "\"short" + edition + "x" + number + "\"");
        await("/openapi/v3" + place, "edition" + edition + "\"");
        await(resource, "\"items\"");
        long served = timeline.nanoTime() - start;
        if (edition == 1) {
            send("POST", resource, ("{\"apiVersion\":\"g" + number + ".example.com/v1\",\"kind\":\"Thing" + number + "\",\"metadata\":{\"name\":\"a\"},\"spec\":{}}").getBytes(StandardCharsets.UTF_8));
        }
        return served;
    }

    private void await(String path, String text) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            if (new String(send("GET", path, new byte[0]), StandardCharsets.UTF_8).contains(text)) {
                return;
            }
        }
        throw new IllegalStateException(path + " never shows " + text);
    }

    private byte[] send(String method, String path, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.of(method, URI.create("http://127.0.0.1:" + server.port() + path));
        if (body.length > 0) {
            request = request.withHeader("content-type", "application/json").withBody(body);
        }
        try (HttpResponse response = http.send(request)) {
            byte[] answer = response.readAll(64 << 20);
            if (response.status() >= 400 && response.status() != 404) {
                throw new IllegalStateException(method + " " + path + ": " + response.status() + " " + new String(answer, StandardCharsets.UTF_8));
            }
            return answer;
        }
    }

    /// The members of a JSON object, or of the object in one of its members.
    private static Map<String, Object> members(byte[] json, String name) {
        Object whole = Json.readPlain(json);
        Object object = name.isEmpty() ? whole : whole instanceof Map<?, ?> map ? map.get(name) : null;
        Map<String, Object> members = new LinkedHashMap<>();
        if (object instanceof Map<?, ?> map) {
            map.forEach((key, value) -> members.put(String.valueOf(key), value));
        }
        return members;
    }

    private static byte[] definition(int number, int edition) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            properties.put("section" + i, section(3, i));
        }
        properties.put("edition" + edition, Map.of("type", "string"));
        Map<String, Object> schema = Map.of("type", "object", "properties", Map.of("spec", Map.of("type", "object", "properties", properties)));
        return Json.writePlain(Map.of(
                "apiVersion", "apiextensions.k8s.io/v1", "kind", "CustomResourceDefinition",
                "metadata", Map.of("name", "things" + number + ".g" + number + ".example.com"),
                "spec", Map.of(
                        "group", "g" + number + ".example.com", "scope", "Namespaced",
                        "names", Map.of("kind", "Thing" + number, "plural", "things" + number, "shortNames", List.of("short" + edition + "x" + number)),
                        "versions", List.of(Map.of("name", "v1", "served", true, "storage", true, "schema", Map.of("openAPIV3Schema", schema))))));
    }

    private static Map<String, Object> section(int depth, int salt) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < 5; i++) {
            String text = "Field " + i + " of section " + salt + " at depth " + depth + ": says what is to be done about it, and when it is to be left alone.";
            properties.put("field" + i, Map.of("type", i % 2 == 0 ? "string" : "integer", "description", text));
        }
        if (depth > 0) {
            properties.put("inner", section(depth - 1, salt));
            properties.put("list", Map.of("type", "array", "items", section(depth - 1, salt)));
        }
        return Map.of("type", "object", "description", "Section " + salt + ".", "properties", properties);
    }

    private static long heapBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
