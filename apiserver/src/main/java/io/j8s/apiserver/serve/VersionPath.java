package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.Headers;
import io.j8s.model.Json;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/// `/version`
final class VersionPath {

    /// When the program was built: the age of the file that this class was read from.
    private static Instant built() {
        try {
            CodeSource source = VersionPath.class.getProtectionDomain().getCodeSource();
            return Files.getLastModifiedTime(Path.of(source.getLocation().toURI())).toInstant().truncatedTo(ChronoUnit.SECONDS);
        } catch (IOException | URISyntaxException e) {
            return Instant.EPOCH; // as upstream when nothing is known
        }
    }

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
        version.put("buildDate", built().toString());
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
