package io.j8s.cluster.server;

import java.nio.file.Path;
import java.util.List;

/// How an API server speaks TLS, beside its own certificate.
///
/// @param byName certificates for host names that clients ask for (`--tls-sni-cert-key`)
/// @param protocols the TLS versions, newest first (`--tls-min-version`)
/// @param cipherSuites by their standard names; empty: the JDK's choice (`--tls-cipher-suites`)
public record ServingSettings(List<Named> byName, List<String> protocols, List<String> cipherSuites) {

    public static final ServingSettings DEFAULT = new ServingSettings(List.of(), List.of("TLSv1.3", "TLSv1.2"), List.of());

    public ServingSettings {
        byName = List.copyOf(byName);
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    /// A certificate for names; without any, for those that it holds.
    ///
    /// @param names such as `example.com` and `*.example.com`
    public record Named(Path certificate, Path key, List<String> names) {
        public Named {
            names = List.copyOf(names);
        }
    }
}
