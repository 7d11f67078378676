package io.j8s.cluster.command;

import io.j8s.apiserver.serve.EdgeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// How kube-apiserver receives requests, whatever they ask for, and how it ends.
final class EdgeOptions {
    private static final String BOOLEAN = "BOOLEAN";

    @Option(names = "--request-timeout", paramLabel = "DURATION", description = "How long a request may take that does not stream (default: ${DEFAULT-VALUE}).", defaultValue = "1m0s", converter = GoDuration.class)
    private Duration requestTimeout = Duration.ofMinutes(1);
    @Option(names = "--min-request-timeout", paramLabel = "SECONDS", description = "How long a watch lasts at least that does not say how long; at most twice that (default: ${DEFAULT-VALUE}).", defaultValue = "1800")
    private int shortestWatch = 1800;
    @Option(names = "--shutdown-delay-duration", paramLabel = "DURATION", description = "How long the server goes on when it is to end, but not ready (default: ${DEFAULT-VALUE}).", defaultValue = "0s", converter = GoDuration.class)
    private Duration shutdownDelay = Duration.ZERO;
    @Option(names = "--shutdown-send-retry-after", paramLabel = BOOLEAN, arity = "0..1", fallbackValue = "true", description = "Whether requests that come then are answered with 429 until those under way are done; else connections are refused.")
    private boolean retryAfter;
    @Option(names = "--shutdown-watch-termination-grace-period", paramLabel = "DURATION", description = "Over what time watches are ended then (default: ${DEFAULT-VALUE}).", defaultValue = "0s", converter = GoDuration.class)
    private Duration watchGrace = Duration.ZERO;
    @Option(names = "--goaway-chance", paramLabel = "FRACTION", description = "After which part of HTTP/2 requests the client is to connect anew, at most 0.02 (default: ${DEFAULT-VALUE}).", defaultValue = "0")
    private double goawayChance;
    @Option(names = "--cors-allowed-origins", paramLabel = "PATTERNS", split = ",", description = "Regular expressions of origins whose pages may ask, such as //example\\.com(:|$).")
    private List<String> corsOrigins = new ArrayList<>();
    @Option(names = "--strict-transport-security-directives", paramLabel = "DIRECTIVES", split = ",", description = "What browsers are told about HTTPS: max-age=SECONDS, includeSubDomains, preload.")
    private List<String> transportSecurity = new ArrayList<>();
    @Option(names = "--http2-max-streams-per-connection", paramLabel = "N", description = "How many requests may share an HTTP/2 connection (default: 1000).", defaultValue = "0")
    private int streams;
    @Option(names = "--permit-port-sharing", paramLabel = BOOLEAN, arity = "0..1", fallbackValue = "true", description = "Whether other processes may listen at the same port (SO_REUSEPORT).")
    private boolean sharedPort;
    @Option(names = "--external-hostname", paramLabel = "HOST", description = "The host that clients are told (default: --advertise-address).", defaultValue = "")
    private String externalHost = "";

    /// @param advertised the address that others are told when no name is
    EdgeSettings settings(String advertised) {
        return new EdgeSettings(requestTimeout, Duration.ofSeconds(shortestWatch), new EdgeSettings.Shutdown(shutdownDelay, retryAfter, watchGrace), goawayChance, corsOrigins,
                transportSecurity, streams == 0 ? EdgeSettings.DEFAULT.streamsPerConnection() : streams, sharedPort, externalHost.isEmpty() ? advertised : externalHost);
    }
}
