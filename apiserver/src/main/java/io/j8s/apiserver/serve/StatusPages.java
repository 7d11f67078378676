package io.j8s.apiserver.serve;

import io.j8s.apiserver.status.Refusal;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.model.Json;
import io.j8s.model.Yaml;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `/statusz` and `/flagz`: what runs here since when, and with which flags, as text or as an object of `config.k8s.io` (KEP-4827, KEP-4828).
public final class StatusPages {

    private static final String WARNING = "Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final List<String> PATHS = List.of("/flagz", "/healthz", "/livez", "/metrics", "/readyz", "/statusz", "/version");

    private static final String SERVER = "apiserver";

    private StatusPages() {}

    /// A page. What it cannot answer it refuses with a [Refusal].
    @FunctionalInterface
    public interface Page {
        void answer(Exchange exchange) throws IOException;
    }

    static void status(Paths paths, Timeline timeline) {
        paths.add("/statusz", status(SERVER, PATHS, timeline)::answer);
    }

    /// `/statusz` of a component that starts now.
    ///
    /// @param paths what else it serves
    public static Page status(String component, List<String> paths, Timeline timeline) {
        Instant started = timeline.now().truncatedTo(ChronoUnit.SECONDS);
        return exchange -> answer(exchange, component, "Statusz", statusText(component, paths, started, timeline.now()), statusObject(paths, started, timeline.now()));
    }

    /// @param values of the flags, by name without dashes
    public static void flags(Paths paths, Map<String, String> values) {
        paths.add("/flagz", flags(SERVER, values)::answer);
    }

    /// `/flagz` of a component.
    ///
    /// @param values of the flags, by name without dashes
    public static Page flags(String component, Map<String, String> values) {
        SortedMap<String, String> sorted = new TreeMap<>(values);
        StringBuilder text = new StringBuilder("\n" + component + " flagz\n").append(WARNING).append('\n');
        sorted.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
        return exchange -> answer(exchange, component, "Flagz", text.toString(), Map.of("flags", sorted));
    }

    private static String statusText(String component, List<String> paths, Instant started, Instant now) {
        Duration up = Duration.between(started, now);
        return "\n" + component + " statusz\n" + WARNING + "\n\nStarted: " + DATE.format(started)
                + "\nUp: " + up.toHours() + " hr " + String.format(Locale.ROOT, "%02d min %02d sec", up.toMinutesPart(), up.toSecondsPart())
                + "\nJava version: " + Runtime.version() + "\nBinary version: 1.36.3\nEmulation version: 1.36\nPaths: " + String.join(" ", paths) + "\n";
    }

    private static Map<String, Object> statusObject(List<String> paths, Instant started, Instant now) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("startTime", started.toString());
        object.put("uptimeSeconds", Duration.between(started, now).toSeconds());
        object.put("goVersion", "java" + Runtime.version().feature());
        object.put("binaryVersion", "1.36.3");
        object.put("emulationVersion", "1.36");
        object.put("paths", paths);
        return object;
    }

    private static void answer(Exchange exchange, String component, String kind, String text, Map<String, Object> object) throws IOException {
        if (!exchange.method().equals("GET")) {
            throw Refusal.methodNotAllowed();
        }
        String accept = exchange.headers().getOr("accept", "*/*");
        for (String clause : accept.split(",", -1)) {
            List<String> parts = List.of(clause.split(";", -1)).stream().map(String::strip).toList();
            String type = parts.getFirst();
            if (type.equals("text/plain") || type.equals("*/*") || type.equals("text/*")) {
                exchange.answer(200, Headers.of("content-type", "text/plain; charset=utf-8"), text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            String version = version(parts, kind);
            if (version != null && (type.equals("application/json") || type.equals("application/yaml"))) {
                structured(exchange, type, component, kind, version, object);
                return;
            }
        }
        throw Refusal.notAcceptable(List.of("application/json", "application/yaml", "text/plain"));
    }

    private static @Nullable String version(List<String> parameters, String kind) {
        if (!parameters.contains("as=" + kind) || !parameters.contains("g=config.k8s.io")) {
            return null;
        }
        return parameters.contains("v=v1beta1") ? "v1beta1" : parameters.contains("v=v1alpha1") ? "v1alpha1" : null;
    }

    private static void structured(Exchange exchange, String type, String component, String kind, String version, Map<String, Object> members) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", kind);
        object.put("apiVersion", "config.k8s.io/" + version);
        object.put("metadata", Map.of("name", component));
        object.putAll(members);
        Headers headers = Headers.of("content-type", type + ";g=config.k8s.io;v=" + version + ";as=" + kind);
        if (version.equals("v1alpha1")) {
            headers = headers.with("warning", "299 - \"This version of the " + kind.toLowerCase(Locale.ROOT) + " endpoint is deprecated. Please use a newer version.\"");
        }
        String json = new String(Json.writePlain(object), StandardCharsets.UTF_8) + "\n";
        exchange.answer(200, headers, (type.endsWith("yaml") ? Yaml.writePlain(object) : json).getBytes(StandardCharsets.UTF_8));
    }
}
