package io.j8s.node.settings;

import io.j8s.http.TlsIdentity;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A node agent's own API and who may use it.
///
/// @param serving null: no HTTPS API
/// @param access who may use it
/// @param readOnlyPort a port of plain HTTP without any check, for figures and pods only (`--read-only-port`); 0: none
/// @param health where `/healthz` is (`--healthz-bind-address`, `--healthz-port`); null: nowhere
/// @param debugging whether logs, exec, attach and port forwarding are served (`--enable-debugging-handlers`)
/// @param systemLogs whether the host's log files are served (`enableSystemLogHandler`)
public record ApiSettings(@Nullable Serving serving, Access access, int readOnlyPort, @Nullable Address health, boolean debugging, boolean systemLogs) {

    public static final int DEFAULT_PORT = 10250;
    public static final int DEFAULT_HEALTH_PORT = 10248;
    public static final ApiSettings NONE = new ApiSettings(null, Access.DEFAULT, 0, null, true, true);

    /// The HTTPS API.
    ///
    /// @param address to listen on (`--address`)
    /// @param port (`--port`); 0: any free one
    /// @param protocols the TLS versions, newest first (`--tls-min-version`)
    /// @param cipherSuites empty: the JDK's choice (`--tls-cipher-suites`)
    /// @param identity the certificate that is shown, asked for at each handshake
    public record Serving(String address, int port, List<String> protocols, List<String> cipherSuites, Supplier<TlsIdentity> identity) {
        public Serving {
            protocols = List.copyOf(protocols);
            cipherSuites = List.copyOf(cipherSuites);
        }
    }

    /// @param port 0: any free one
    public record Address(String host, int port) {}

    /// @param authorities whose client certificates are believed (`--client-ca-file`), asked for at each use
    /// @param tokens whether the API server is asked about bearer tokens (`--authentication-token-webhook`)
    /// @param anonymous whether requests without credentials are `system:anonymous`'s (`--anonymous-auth`)
    /// @param always whether whoever is known may do everything (`--authorization-mode=AlwaysAllow`); else the API server is asked
    /// @param tokenKept how long an answer about a token counts
    /// @param allowedKept how long a permission counts
    /// @param deniedKept how long a refusal counts
    public record Access(
            Supplier<List<X509Certificate>> authorities, boolean tokens, boolean anonymous, boolean always, Duration tokenKept, Duration allowedKept, Duration deniedKept) {
        public static final Access DEFAULT = new Access(List::of, true, false, false, Duration.ofMinutes(2), Duration.ofMinutes(5), Duration.ofSeconds(30));

        public Access trusting(Supplier<List<X509Certificate>> newAuthorities) {
            return new Access(newAuthorities, tokens, anonymous, always, tokenKept, allowedKept, deniedKept);
        }
    }

    /// With an HTTPS API.
    public ApiSettings serving(String address, int port, Supplier<TlsIdentity> identity, Supplier<List<X509Certificate>> authorities) {
        return new ApiSettings(new Serving(address, port, List.of("TLSv1.3", "TLSv1.2"), List.of(), identity), access.trusting(authorities), readOnlyPort, health, debugging, systemLogs);
    }

    public ApiSettings withHealth(@Nullable Address address) {
        return new ApiSettings(serving, access, readOnlyPort, address, debugging, systemLogs);
    }
}
