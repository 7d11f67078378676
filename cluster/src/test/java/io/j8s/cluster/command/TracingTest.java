package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `--tracing-config-file`: spans of requests, as a collector of OpenTelemetry gets them.
@Timeout(60)
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path directory = Path.of("");

    private final List<byte[]> received = new CopyOnWriteArrayList<>();

    private Path config(String text) throws Exception {
        return Files.writeString(directory.resolve("tracing.yaml"), "apiVersion: apiserver.config.k8s.io/v1\nkind: TracingConfiguration\n" + text);
    }

    private String spans() {
        StringBuilder all = new StringBuilder();
        received.forEach(bytes -> all.append(new String(bytes, StandardCharsets.ISO_8859_1)));
        return all.toString();
    }

    private static String raw(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    @Test
    void requests_that_are_picked_or_wanted_are_told_to_the_collector() throws Exception {
        try (GrpcPeer collector = GrpcPeer.here("opentelemetry.proto.collector.trace.v1.TraceService", Map.of("Export", request -> {
            received.add(request);
            return new byte[0];
        }))) {
            try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"),
                    "--tracing-config-file=" + config("endpoint: 127.0.0.1:" + collector.port() + "\nsamplingRatePerMillion: 0\n"))) {
                server.get("/version");
                server.getTraced("00-" + TRACE + "-" + PARENT + "-00", MAPS + "/not-wanted");
                server.getTraced("00-" + TRACE + "-" + PARENT + "-01", MAPS + "/wanted");
            }
            assertThat(spans()).contains("GET /api/v1/namespaces/{:namespace}/configmaps/{:name}", MAPS + "/wanted", "http.response.status_code", "audit-id", "service.name", "apiserver", raw(TRACE), raw(PARENT))
                    .contains("\u0003Get").doesNotContain("not-wanted", "/version");
            received.clear();
            try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"),
                    "--tracing-config-file=" + config("endpoint: 127.0.0.1:" + collector.port() + "\nsamplingRatePerMillion: 1000000\n"))) {
                server.post(MAPS, "{\"metadata\":{\"name\":\"a\"}}");
            }
            assertThat(spans()).contains("POST /api/v1/namespaces/{:namespace}/configmaps", "\u0006Create");
        }
    }

    @Test
    void a_file_that_is_wrong_is_refused() throws Exception {
        String[] flags = {"--data-dir=" + directory.resolve("data"), "--tracing-config-file=" + config("samplingRatePerMillion: 1000001\n")};
        assertThatThrownBy(() -> RunningApiServer.start(directory, flags)).hasMessageContaining("sampling rate per million must be less than or equal to one million");
        config("samplingRatePerMillion: -1\n");
        assertThatThrownBy(() -> RunningApiServer.start(directory, flags)).hasMessageContaining("sampling rate must be positive");
    }
}
