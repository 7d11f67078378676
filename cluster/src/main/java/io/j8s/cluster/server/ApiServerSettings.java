package io.j8s.cluster.server;

import io.j8s.apiserver.OperatingSettings;
import io.j8s.apiserver.audit.AuditSettings;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.runtime.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an API server alone is to be like: upstream's flags, as values. Files that are null are made (certificates, keys) or not used (tokens, authorities).
///
/// @param storage where objects are kept
/// @param advertiseAddress where others reach it; empty: found out
/// @param certificates the folder for certificates that are made (`--cert-dir`)
/// @param guarding authentication, authorization and admission
/// @param kubelets how kubelets are reached
/// @param audit null: no record is kept
/// @param serving how it speaks TLS
/// @param encryption how stored values are encrypted
/// @param eventLife how long events are kept
/// @param operating how it is run
/// @param published how it tells others of itself
/// @param tracing null: no request is followed
public record ApiServerSettings(
        StorageSettings storage,
        String bindAddress,
        String advertiseAddress,
        int port,
        Path certificates,
        @Nullable Path tlsCertificate,
        @Nullable Path tlsKey,
        ServiceAccounts serviceAccounts,
        String serviceRange,
        String nodePorts,
        Guarding guarding,
        boolean allowPrivileged,
        Kubelets kubelets,
        @Nullable AuditSettings audit,
        ServingSettings serving,
        EncryptionSettings encryption,
        Duration eventLife,
        OperatingSettings operating,
        Published published,
        @Nullable TracingSettings tracing) {

    /// The range of the preferred family of services.
    String firstServiceRange() {
        return serviceRange.split(",", -1)[0].strip();
    }

    /// How the server tells others of itself.
    ///
    /// @param reconciler which servers' addresses the endpoints of the Service `kubernetes` have
    /// @param nodePort of that Service; 0: none
    public record Published(Reconciler reconciler, int nodePort) {}

    /// `--endpoint-reconciler-type`.
    public enum Reconciler {
        /// Of those that renewed a lease in the store.
        LEASE,
        /// Of all that ever came.
        MASTER_COUNT,
        /// The endpoints are somebody else's business.
        NONE
    }

    /// The rest of the guards' settings, which flags and files say.
    @FunctionalInterface
    public interface Guarding {
        /// @param base with what the server makes itself: keys and authorities
        /// @throws io.j8s.apiserver.configuration.ConfigurationException naming the flag or file that is wrong
        SecuritySettings complete(SecuritySettings base, Timeline timeline);
    }

    /// Tokens of service accounts.
    ///
    /// @param keys files with keys that they may be signed with
    /// @param signingKey null: a pair is made
    /// @param issuers the first one signs
    /// @param audiences of the API; empty: the issuers
    /// @param longest the longest life; zero: no limit
    /// @param extend whether pods' tokens live for a year
    /// @param jwksUri empty: this server's
    public record ServiceAccounts(List<Path> keys, @Nullable Path signingKey, List<String> issuers, List<String> audiences, Duration longest, boolean extend, String jwksUri) {
        public ServiceAccounts {
            keys = List.copyOf(keys);
            issuers = List.copyOf(issuers);
            audiences = List.copyOf(audiences);
        }
    }

    /// How kubelets are reached.
    ///
    /// @param authority null: any kubelet is believed
    /// @param certificate, key null: the server shows none
    public record Kubelets(@Nullable Path authority, @Nullable Path certificate, @Nullable Path key, List<String> addressTypes) {
        public Kubelets {
            addressTypes = List.copyOf(addressTypes);
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException("--kubelet-client-certificate and --kubelet-client-key go together: give both, or none");
            }
        }
    }

    public ApiServerSettings {
        HostAddresses.check("--bind-address", bindAddress);
        if ((tlsCertificate == null) != (tlsKey == null)) {
            throw new IllegalArgumentException("--tls-cert-file and --tls-private-key-file go together: give both, or none to have a certificate made in --cert-dir");
        }
    }
}
