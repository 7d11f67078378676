package io.j8s.cluster.command;

import io.j8s.apiserver.OperatingSettings;
import io.j8s.cluster.server.TracingSettings;
import io.j8s.model.DecodeException;
import io.j8s.model.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/// How kube-apiserver is run; and flags that name what it does not do, so that nobody relies on it by mistake.
final class OperationOptions {
    private static final Logger LOG = LoggerFactory.getLogger(OperationOptions.class);

    @Option(names = "--disabled-metrics", paramLabel = "NAMES", split = ",", description = "Metrics that are left out.")
    private List<String> disabledMetrics = new ArrayList<>();
    @Option(names = "--lease-reuse-duration-seconds", paramLabel = "SECONDS", description = "How long objects that end by themselves share a lease of the store (default: ${DEFAULT-VALUE}).", defaultValue = "60")
    private int leaseReuse = 60;
    @Option(names = "--egress-selector-config-file", paramLabel = "FILE", description = "How connections go out (apiserver.k8s.io EgressSelectorConfiguration): directly, the only way there is.")
    private @Nullable Path egress;
    @Option(names = "--service-account-signing-endpoint", paramLabel = "SOCKET", description = "Refused: tokens are signed here.")
    private String signer = "";
    @Option(names = "--enable-logs-handler", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false", description = "Deprecated, without effect: logs of the host are not served.")
    private boolean logs;

    @Option(names = "--tracing-config-file", paramLabel = "FILE", description = "Which requests are followed, and where their spans go (apiserver.config.k8s.io/v1 TracingConfiguration).")
    private @Nullable Path tracing;

    /// Null: no request is followed.
    @Nullable TracingSettings tracing() {
        Path file = tracing;
        return file == null ? null : TracingSettings.read(file);
    }

    OperatingSettings applied(OperatingSettings settings) {
        if (!signer.isEmpty()) {
            throw new IllegalArgumentException("--service-account-signing-endpoint is not supported: tokens are signed with the key of --service-account-signing-key-file; leave it out");
        }
        if (logs) {
            LOG.warn("Flag --enable-logs-handler has been deprecated, Log handler functionality is deprecated; it has no effect");
        }
        Path file = egress;
        if (file != null) {
            checkDirect(file);
        }
        if (leaseReuse < 0) {
            throw new IllegalArgumentException("--lease-reuse-duration-seconds " + leaseReuse + " must not be negative");
        }
        return settings.withDisabledMetrics(Set.copyOf(disabledMetrics)).withLeaseReuse(Duration.ofSeconds(leaseReuse));
    }

    /// Refuses what would send connections through a proxy.
    private static void checkDirect(Path file) {
        try {
            Object document = Yaml.readAll(Files.readAllBytes(file)).stream().findFirst().orElse(Map.of());
            if (!(document instanceof Map<?, ?> map) || !"EgressSelectorConfiguration".equals(map.get("kind"))) {
                throw new IllegalArgumentException("--egress-selector-config-file: " + file + ": kind must be EgressSelectorConfiguration");
            }
            for (Object each : map.get("egressSelections") instanceof List<?> list ? list : List.of()) {
                Object connection = each instanceof Map<?, ?> selection ? selection.get("connection") : null;
                if (!(connection instanceof Map<?, ?> way) || !"Direct".equals(way.get("proxyProtocol"))) {
                    throw new IllegalArgumentException("--egress-selector-config-file: " + file + ": " + each + ": only proxyProtocol Direct is supported: connections go out directly");
                }
            }
        } catch (IOException | DecodeException e) {
            throw new IllegalArgumentException("--egress-selector-config-file: " + file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
