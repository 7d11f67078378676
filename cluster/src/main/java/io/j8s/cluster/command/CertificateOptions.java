package io.j8s.cluster.command;

import io.j8s.cluster.server.ServingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Option;

/// How kube-apiserver speaks TLS.
final class CertificateOptions {
    @Option(names = "--tls-sni-cert-key", paramLabel = "CERT,KEY[:NAMES]", description = "A certificate and key for host names that clients ask for (default: those it holds); may be repeated.")
    private List<String> named = new ArrayList<>();
    @Option(names = "--tls-min-version", paramLabel = "VERSION", description = "VersionTLS12 or VersionTLS13 (default: VersionTLS12).")
    private String oldest = "VersionTLS12";
    @Option(names = "--tls-cipher-suites", paramLabel = "NAMES", split = ",", description = "The allowed cipher suites (default: the JDK's choice).")
    private List<String> suites = new ArrayList<>();

    ServingSettings settings() {
        List<String> protocols = switch (oldest) {
            case "VersionTLS12", "" -> List.of("TLSv1.3", "TLSv1.2");
            case "VersionTLS13" -> List.of("TLSv1.3");
            case "VersionTLS10", "VersionTLS11" -> throw new IllegalArgumentException("--tls-min-version: " + oldest + " is not offered any more (RFC 8996): use VersionTLS12 or VersionTLS13");
            default -> throw new IllegalArgumentException("--tls-min-version: unknown tls version \"" + oldest + "\"; known are VersionTLS12, VersionTLS13");
        };
        return new ServingSettings(named.stream().map(CertificateOptions::named).toList(), protocols, suites());
    }

    private List<String> suites() {
        if (suites.isEmpty()) {
            return List.of();
        }
        List<String> chosen = new ArrayList<>();
        Set<String> known = known();
        for (String suite : suites) {
            if (!known.contains(suite)) {
                throw new IllegalArgumentException("--tls-cipher-suites: cipher suite \"" + suite + "\" is not supported; supported are " + String.join(", ", known));
            }
            chosen.add(suite);
        }
        // As upstream: the list is of TLS 1.2; those of 1.3 are always allowed.
        known.stream().filter(suite -> suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_")).filter(suite -> !chosen.contains(suite)).forEach(chosen::add);
        return chosen;
    }

    private static Set<String> known() {
        try {
            return new java.util.TreeSet<>(List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has TLS", e);
        }
    }

    private static ServingSettings.Named named(String text) {
        int colon = text.lastIndexOf(':');
        String files = colon < 0 ? text : text.substring(0, colon);
        String[] pair = files.split(",", -1);
        if (pair.length != 2 || pair[0].isBlank() || pair[1].isBlank()) {
            throw new IllegalArgumentException("--tls-sni-cert-key: \"" + text + "\": expected comma separated certificate and key file paths, such as cert.pem,key.pem:*.example.com");
        }
        return new ServingSettings.Named(Path.of(pair[0].strip()), Path.of(pair[1].strip()), colon < 0 ? List.of() : List.of(text.substring(colon + 1).toLowerCase(java.util.Locale.ROOT).split(",")));
    }
}
