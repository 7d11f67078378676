package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.Headers;
import io.j8s.model.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/// `/version`
final class VersionPath {

    void register(Paths paths) {
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("major", "1");
        version.put("minor", "36");
        version.put("emulationMajor", "1");
        version.put("emulationMinor", "36");
        version.put("minCompatibilityMajor", "1");
        version.put("minCompatibilityMinor", "35");
        version.put("gitVersion", "v1.36.3+j8s");
        version.put("gitCommit", "unknown");
        version.put("gitTreeState", "");
        version.put("buildDate", "2026-01-01T00:00:00Z");
        version.put("goVersion", "java" + Runtime.version().feature());
        version.put("compiler", "javac");
        version.put("platform", "linux/amd64");
        byte[] document = Json.pretty(Json.writePlain(version));
        paths.add("/version", exchange -> {
            if (!exchange.method().equals("GET")) {
                throw Refusal.methodNotAllowed();
            }
            Accepted.requireJson(exchange.headers().get("accept"));
            exchange.answer(200, Headers.of("content-type", "application/json", "cache-control", "no-cache, private"), document);
        });
    }
}
