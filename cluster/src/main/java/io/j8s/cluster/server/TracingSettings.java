package io.j8s.cluster.server;

import io.j8s.apiserver.tracing.RequestTracer;
import io.j8s.apiserver.tracing.Tracer;
import io.j8s.cluster.host.HostName;
import io.j8s.etcd.TraceCollector;
import io.j8s.model.Yaml;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which requests are followed, and where their spans go (apiserver.config.k8s.io, kind TracingConfiguration).
///
/// @param host, port of the collector, over gRPC without TLS, as upstream
/// @param perMillion how many of a million requests are followed that no client asked for
public record TracingSettings(String host, int port, int perMillion) {
    private static final List<String> VERSIONS = List.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1", "apiserver.config.k8s.io/v1alpha1");
    private static final String USUAL_ENDPOINT = "localhost:4317";
    private static final int MILLION = 1_000_000;

    /// Reads the file of `--tracing-config-file`; [IllegalArgumentException] names the field that is wrong.
    public static TracingSettings read(Path file) {
        try {
            return parse(Yaml.readAll(Files.readAllBytes(file)).stream().findFirst().orElse(Map.of()));
        } catch (IOException e) {
            throw new IllegalArgumentException("tracing-config-file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("failed to read tracing config: " + file + ": " + e.getMessage(), e);
        }
    }

    private static TracingSettings parse(Object document) {
        if (!(document instanceof Map<?, ?> map) || !"TracingConfiguration".equals(map.get("kind")) || !VERSIONS.contains(String.valueOf(map.get("apiVersion")))) {
            throw new IllegalArgumentException("apiVersion and kind must be apiserver.config.k8s.io/v1, TracingConfiguration");
        }
        for (Object field : map.keySet()) {
            if (!Set.of("apiVersion", "kind", "endpoint", "samplingRatePerMillion").contains(String.valueOf(field))) {
                throw new IllegalArgumentException("unknown field \"" + field + "\"");
            }
        }
        Object rate = map.get("samplingRatePerMillion");
        if (rate != null && !(rate instanceof Number)) {
            throw new IllegalArgumentException("samplingRatePerMillion: Invalid value: " + rate + ": must be a whole number");
        }
        long perMillion = rate instanceof Number number ? number.longValue() : 0;
        if (perMillion < 0) {
            throw new IllegalArgumentException("samplingRatePerMillion: Invalid value: " + perMillion + ": sampling rate must be positive");
        }
        if (perMillion > MILLION) {
            throw new IllegalArgumentException("samplingRatePerMillion: Invalid value: " + perMillion + ": sampling rate per million must be less than or equal to one million");
        }
        String endpoint = map.get("endpoint") instanceof String given && !given.isEmpty() ? given : USUAL_ENDPOINT;
        String place = endpoint.replaceFirst("^(dns|passthrough):/{0,3}", "");
        int colon = place.lastIndexOf(':');
        if (colon <= 0 || !place.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("endpoint: Invalid value: \"" + endpoint + "\": must be host:port");
        }
        return new TracingSettings(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)), (int) perMillion);
    }

    /// What follows requests, and what is to be closed after the server.
    record Opened(Tracer tracer, AutoCloseable exporter) {}

    Opened open(Timeline timeline) {
        SpanExporter exporter = new SpanExporter(new TraceCollector(host, port), IdentityLease.name(HostName.get()), timeline);
        return new Opened(new RequestTracer(perMillion, timeline, exporter), exporter);
    }
}
