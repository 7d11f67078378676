package io.j8s.cluster.command;

import io.j8s.apiserver.aggregation.AggregationSettings;
import io.j8s.cluster.server.IdentityFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How kube-apiserver reaches extension servers.
final class AggregationOptions {
    @Option(names = "--proxy-client-cert-file", paramLabel = "FILE", description = "What the server shows to extension API servers and webhooks.")
    private @Nullable Path certificate;
    @Option(names = "--proxy-client-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path key;
    @Option(names = "--enable-aggregator-routing", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false",
            description = "Pass requests to the endpoints of extension servers instead of their cluster IP (default: ${DEFAULT-VALUE}).")
    private boolean byEndpoints;

    @Option(names = "--aggregator-reject-forwarding-redirect", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true",
            description = "Refuse (502) answers of extension servers that redirect the client (default: ${DEFAULT-VALUE}).")
    private boolean refusesRedirects;

    AggregationSettings settings() {
        Path shown = certificate;
        Path its = key;
        if ((shown == null) != (its == null)) {
            throw new IllegalArgumentException("--proxy-client-cert-file and --proxy-client-key-file go together: give both, or none");
        }
        if (shown == null || its == null) {
            return new AggregationSettings(byEndpoints, refusesRedirects, () -> null);
        }
        IdentityFiles files = IdentityFiles.read(shown, its);
        return new AggregationSettings(byEndpoints, refusesRedirects, files::identity);
    }
}
