package io.j8s.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whom a client trusts, and who it says it is.
///
/// @param authorities the certificates that servers' chains must lead to; empty: the system's
/// @param insecure whether any server is taken, whatever its certificate (then `authorities` do not count)
/// @param identity asked at each new connection; null from it: no client certificate. When it answers another value than before, connections that were made
///     with the old one are used no more.
/// @param serverName the name that the server's certificate must have, and that is asked for; empty: the host of the URI
public record ClientTls(List<X509Certificate> authorities, boolean insecure, Supplier<@Nullable TlsIdentity> identity, String serverName) {

    /// The system's authorities and no client certificate.
    public static final ClientTls SYSTEM = new ClientTls(List.of(), false, () -> null, "");

    /// Trusts every server: for tests and for users who ask for it.
    public static final ClientTls INSECURE = new ClientTls(List.of(), true, () -> null, "");

    public ClientTls {
        authorities = List.copyOf(authorities);
    }

    public static ClientTls trusting(List<X509Certificate> authorities) {
        return new ClientTls(authorities, false, () -> null, "");
    }

    public ClientTls as(Supplier<@Nullable TlsIdentity> newIdentity) {
        return new ClientTls(authorities, insecure, newIdentity, serverName);
    }

    public ClientTls withServerName(String name) {
        return new ClientTls(authorities, insecure, identity, name);
    }
}
