package io.j8s.apiserver.serve;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.util.List;

/// How requests are received, whatever they ask for. Names of upstream's flags in parentheses.
///
/// @param requestTimeout how long a request may take that does not stream (`--request-timeout`)
/// @param shortestWatch how long a watch lasts at least that does not say how long; at most twice that (`--min-request-timeout`)
/// @param shutdown how the server ends
/// @param goawayChance of how many HTTP/2 requests the connection is given up afterwards (`--goaway-chance`)
/// @param corsOrigins regular expressions of the origins whose pages may ask (`--cors-allowed-origins`)
/// @param transportSecurity what browsers are told about HTTPS (`--strict-transport-security-directives`)
/// @param streamsPerConnection concurrent HTTP/2 requests on a connection (`--http2-max-streams-per-connection`)
/// @param sharedPort whether other processes may listen at the same port (`--permit-port-sharing`)
/// @param externalAddress the host that clients are told; empty: where the server listens (`--external-hostname`, `--advertise-address`)
public record EdgeSettings(
        Duration requestTimeout, Duration shortestWatch, Shutdown shutdown, double goawayChance, List<String> corsOrigins, List<String> transportSecurity,
        int streamsPerConnection, boolean sharedPort, String externalAddress) {

    /// Upstream's.
    public static final EdgeSettings DEFAULT =
            new EdgeSettings(Duration.ofMinutes(1), Duration.ofMinutes(30), Shutdown.DEFAULT, 0, List.of(), List.of(), 1000, false, "");

    private static final double MOST_GOAWAYS = 0.02;

    /// How the server ends, after it has been asked to.
    ///
    /// @param delay how long it goes on as before, but not ready (`--shutdown-delay-duration`)
    /// @param retryAfter whether requests that come later are answered with 429 until those under way are done; else connections are refused (`--shutdown-send-retry-after`)
    /// @param watchGrace over what time watches are ended; zero: at once (`--shutdown-watch-termination-grace-period`)
    public record Shutdown(Duration delay, boolean retryAfter, Duration watchGrace) {
        public static final Shutdown DEFAULT = new Shutdown(Duration.ZERO, false, Duration.ZERO);

        public Shutdown {
            check(!delay.isNegative(), "--shutdown-delay-duration can not be negative value");
            check(!watchGrace.isNegative(), "--shutdown-watch-termination-grace-period, if provided, can not be a negative value");
        }
    }

    public EdgeSettings {
        check(!requestTimeout.isNegative(), "--request-timeout can not be negative value");
        check(!shortestWatch.isNegative(), "--min-request-timeout can not be negative value");
        check(goawayChance >= 0 && goawayChance <= MOST_GOAWAYS, "--goaway-chance can not be less than 0 or greater than 0.02");
        check(streamsPerConnection > 0, "--http2-max-streams-per-connection must be positive");
        corsOrigins = List.copyOf(corsOrigins);
        transportSecurity = List.copyOf(transportSecurity);
        corsOrigins.forEach(EdgeSettings::checkOrigin);
        transportSecurity.forEach(EdgeSettings::checkDirective);
    }

    public EdgeSettings withExternalAddress(String host) {
        return new EdgeSettings(requestTimeout, shortestWatch, shutdown, goawayChance, corsOrigins, transportSecurity, streamsPerConnection, sharedPort, host);
    }

    public EdgeSettings withShutdown(Shutdown other) {
        return new EdgeSettings(requestTimeout, shortestWatch, other, goawayChance, corsOrigins, transportSecurity, streamsPerConnection, sharedPort, externalAddress);
    }

    /// An expression that fits parts of host names would let strangers in (CVE-2022-1996): it must say where the host begins and ends.
    private static void checkOrigin(String expression) {
        check(!expression.isEmpty(), "empty value in --cors-allowed-origins");
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("--cors-allowed-origins has an invalid regular expression: " + e.getMessage(), e);
        }
        boolean begins = expression.contains("^") || expression.contains("//");
        boolean ends = expression.contains("$") || expression.contains(":");
        check(begins && ends, "--cors-allowed-origins has an invalid regular expression: regular expression does not pin to start/end of host in the origin header: \"" + expression
                + "\"; valid ones look like //example\\.com(:|$) and ^https://example\\.com(:|$)");
    }

    private static void checkDirective(String directive) {
        check(!directive.isBlank(), "empty value in strict-transport-security-directives");
        boolean known = directive.equals("includeSubDomains") || directive.equals("preload") || (directive.startsWith("max-age=") && directive.indexOf('=') == directive.lastIndexOf('='));
        check(known, "--strict-transport-security-directives invalid, allowed values: max-age=expireTime, includeSubDomains, preload. see "
                + "https://tools.ietf.org/html/rfc6797#section-6.1 for more information");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
