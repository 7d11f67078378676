package io.j8s.http;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// How a server speaks TLS (1.2 and 1.3).
///
/// @param identities the server's key and chain for the host name that a client asks for (SNI; empty when it asks for none). Called for each full
///     handshake, so that a renewed certificate serves new connections at once; it must be quick.
/// @param askForClientCertificate whether clients are asked for a certificate. It is never required, and no issuer is refused here.
/// @param protocols the TLS versions, newest first
/// @param cipherSuites the allowed suites by their standard names; empty: the JDK's choice
public record ServerTls(Function<String, TlsIdentity> identities, boolean askForClientCertificate, List<String> protocols, List<String> cipherSuites) {

    public ServerTls {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    public static ServerTls of(Supplier<TlsIdentity> identity) {
        return new ServerTls(name -> identity.get(), true, List.of("TLSv1.3", "TLSv1.2"), List.of());
    }
}
