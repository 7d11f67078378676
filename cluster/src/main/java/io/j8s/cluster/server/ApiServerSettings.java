package io.j8s.cluster.server;

import io.j8s.apiserver.OperatingSettings;
import io.j8s.apiserver.audit.AuditSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an API server alone is to be like: upstream's flags, as values. Files that are null are made (certificates, keys) or not used (tokens, authorities).
///
/// @param storage where objects are kept
/// @param advertiseAddress where others reach it; empty: found out
/// @param certificates the folder for certificates that are made (`--cert-dir`)
/// @param authorizationModes in order: `Node`, `RBAC`, `ABAC`, `Webhook`, `AlwaysAllow`, `AlwaysDeny`
/// @param enabledAdmission plugins beside those that are on by default
/// @param disabledAdmission plugins that are not to run
/// @param kubelets how kubelets are reached
/// @param audit null: no record is kept
/// @param operating how it is run
public record ApiServerSettings(
        StorageSettings storage,
        String bindAddress,
        String advertiseAddress,
        int port,
        Path certificates,
        @Nullable Path tlsCertificate,
        @Nullable Path tlsKey,
        @Nullable Path clientAuthority,
        @Nullable Path tokens,
        boolean anonymous,
        List<Path> serviceAccountKeys,
        @Nullable Path serviceAccountSigningKey,
        List<String> serviceAccountIssuers,
        List<String> apiAudiences,
        String serviceRange,
        String nodePorts,
        List<String> authorizationModes,
        Set<String> enabledAdmission,
        Set<String> disabledAdmission,
        boolean allowPrivileged,
        Kubelets kubelets,
        @Nullable AuditSettings audit,
        OperatingSettings operating) {

    private static final Set<String> MODES = Set.of("AlwaysAllow", "AlwaysDeny", "Node", "RBAC");

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
        serviceAccountKeys = List.copyOf(serviceAccountKeys);
        serviceAccountIssuers = List.copyOf(serviceAccountIssuers);
        apiAudiences = List.copyOf(apiAudiences);
        authorizationModes = List.copyOf(authorizationModes);
        enabledAdmission = Set.copyOf(enabledAdmission);
        disabledAdmission = Set.copyOf(disabledAdmission);
        for (String mode : authorizationModes) {
            if (!MODES.contains(mode)) {
                throw new IllegalArgumentException("--authorization-mode: '" + mode + "' is not supported; supported are " + String.join(", ", MODES.stream().sorted().toList()));
            }
        }
        if ((tlsCertificate == null) != (tlsKey == null)) {
            throw new IllegalArgumentException("--tls-cert-file and --tls-private-key-file go together: give both, or none to have a certificate made in --cert-dir");
        }
    }
}
