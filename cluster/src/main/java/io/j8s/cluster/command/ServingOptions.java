package io.j8s.cluster.command;

import io.j8s.client.https.ApiEndpoint;
import io.j8s.cluster.server.ComponentServing;
import io.j8s.runtime.Timeline;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a component serves its health and metrics, and to whom: upstream's secure serving, delegated authentication and authorization.
final class ServingOptions {
    @Option(names = "--bind-address", paramLabel = "ADDRESS", description = "Where to serve health and metrics (default: ${DEFAULT-VALUE}).", defaultValue = "0.0.0.0")
    private String bindAddress = "0.0.0.0";
    @Option(names = "--secure-port", paramLabel = "PORT", description = "The port for that, by HTTPS; 0: none (default: the component's own).")
    private @Nullable Integer port;
    @Option(names = "--cert-dir", paramLabel = "DIR", description = "Where a certificate is that is made when none is given (default: in memory).")
    private @Nullable Path certDir;
    @Option(names = "--tls-cert-file", paramLabel = "FILE", description = "The certificate chain to show.")
    private @Nullable Path tlsCertFile;
    @Option(names = "--tls-private-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path tlsKeyFile;
    @Option(names = "--client-ca-file", paramLabel = "FILE", description = "The authorities that sign clients (default: those that the API server publishes, when --authentication-kubeconfig is given).")
    private @Nullable Path clientCaFile;
    @Option(names = "--authentication-kubeconfig", paramLabel = "FILE", description = "How to ask the API server who sends a token (default: tokens count for nothing).")
    private @Nullable Path authentication;
    @Option(names = "--authentication-skip-lookup", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", description = "Do not look up what the API server publishes of its authorities.")
    private boolean skipLookup;
    @Option(names = "--authentication-tolerate-lookup-failure", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true",
            description = "Whether to go on without them when they cannot be looked up (default: ${DEFAULT-VALUE}).")
    private boolean tolerateLookupFailure = true;
    @Option(names = "--authorization-kubeconfig", paramLabel = "FILE", description = "How to ask the API server what a user may (default: only system:masters may see more than the open paths).")
    private @Nullable Path authorization;
    @Option(names = "--authorization-always-allow-paths", paramLabel = "PATHS", split = ",", description = "What everybody may see (default: ${DEFAULT-VALUE}).", defaultValue = "/healthz,/readyz,/livez")
    private List<String> open = List.of();

    ComponentServing.Settings settings(Console console, String userAgent, int usualPort, Timeline timeline) {
        return new ComponentServing.Settings(bindAddress, port == null ? usualPort : port, certDir, tlsCertFile, tlsKeyFile, clientCaFile,
                endpoint(authentication, console, userAgent, timeline), endpoint(authorization, console, userAgent, timeline), !skipLookup, tolerateLookupFailure, open);
    }

    private static @Nullable ApiEndpoint endpoint(@Nullable Path kubeconfig, Console console, String userAgent, Timeline timeline) {
        return kubeconfig == null ? null : ComponentOptions.endpoint(kubeconfig, console, userAgent, timeline);
    }
}
