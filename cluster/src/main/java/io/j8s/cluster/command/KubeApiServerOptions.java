package io.j8s.cluster.command;

import io.j8s.cluster.server.ApiServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// kube-apiserver's flags, as upstream names them (reference: kube-apiserver, v1.36). A flag that is not here is refused.
final class KubeApiServerOptions {
    @Mixin
    private SecurityOptions security = new SecurityOptions();
    @Mixin
    private FlowOptions flow = new FlowOptions();
    @Mixin
    private StorageOptions storage = new StorageOptions();
    @Mixin
    private CertificateOptions serving = new CertificateOptions();
    @Mixin
    private ApiOptions api = new ApiOptions();
    @Mixin
    private EdgeOptions edge = new EdgeOptions();
    @Mixin
    private AggregationOptions aggregation = new AggregationOptions();
    @Mixin
    private OperationOptions operation = new OperationOptions();
    @Mixin
    private AuditOptions audit = new AuditOptions();
    @Option(names = "--bind-address", paramLabel = "ADDRESS", description = "Where to listen (default: ${DEFAULT-VALUE}).", defaultValue = "0.0.0.0")
    private String bindAddress = "0.0.0.0";
    @Option(names = "--advertise-address", paramLabel = "ADDRESS", description = "Where others reach it (default: --bind-address, or the host's address when that is all or loopback).", defaultValue = "")
    private String advertiseAddress = "";
    @Option(names = "--secure-port", paramLabel = "PORT", description = "The port for HTTPS (default: ${DEFAULT-VALUE}).", defaultValue = "6443")
    private int port = 6443;
    @Option(names = "--cert-dir", paramLabel = "DIR", description = "Where certificates are that are made when none are given (default: DATA-DIR/pki).")
    private @Nullable Path certDir;
    @Option(names = "--tls-cert-file", paramLabel = "FILE", description = "The server's certificate chain.")
    private @Nullable Path tlsCertFile;
    @Option(names = "--tls-private-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path tlsKeyFile;
    @Option(names = "--service-account-key-file", paramLabel = "FILE", split = ",", description = "A key that service-account tokens may be signed with; may be repeated (default: made in --cert-dir).")
    private List<Path> serviceAccountKeys = new ArrayList<>();
    @Option(names = "--service-account-max-token-expiration", paramLabel = "DURATION", description = "The longest life of a service-account token (default: no limit).", defaultValue = "0s", converter = GoDuration.class)
    private Duration longestTokenLife = Duration.ZERO;
    @Option(names = "--service-account-extend-token-expiration", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true", description = "Whether tokens of pods live for a year although an hour is asked for (default: ${DEFAULT-VALUE}).")
    private boolean extendTokenLife = true;
    @Option(names = "--service-account-jwks-uri", paramLabel = "URL", description = "Where the keys of service-account tokens can be fetched from (default: at this server).")
    private String jwksUri = "";
    @Option(names = "--service-account-lookup", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true", description = "Whether tokens of deleted service accounts are refused; always true.")
    private boolean lookupServiceAccounts = true;
    @Option(names = "--service-account-signing-key-file", paramLabel = "FILE", description = "The key that signs service-account tokens.")
    private @Nullable Path serviceAccountSigningKey;
    @Option(names = "--api-audiences", paramLabel = "NAMES", split = ",", description = "The audiences of the API (default: the issuer).")
    private List<String> audiences = new ArrayList<>();
    @Option(names = "--service-cluster-ip-range", paramLabel = "CIDR", description = "The services' address range, or one of each family (v4,v6) (default: ${DEFAULT-VALUE}).", defaultValue = "10.0.0.0/24")
    private String serviceRange = "10.0.0.0/24";
    @Option(names = "--service-node-port-range", paramLabel = "PORTS", description = "The range of node ports (default: ${DEFAULT-VALUE}).", defaultValue = "30000-32767")
    private String nodePorts = "30000-32767";
    @Option(names = "--kubernetes-service-node-port", paramLabel = "PORT", description = "The node port of the Service kubernetes (default: ${DEFAULT-VALUE}: none).", defaultValue = "0")
    private int serviceNodePort;
    @Option(names = "--endpoint-reconciler-type", paramLabel = "lease|master-count|none", description = "Which servers' addresses the endpoints of the Service kubernetes have (default: ${DEFAULT-VALUE}).", defaultValue = "lease")
    private String reconciler = "lease";
    @Option(names = "--allow-privileged", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false", description = "Whether containers may be privileged (default: ${DEFAULT-VALUE}).")
    private boolean allowPrivileged;

    @Option(names = "--kubelet-certificate-authority", paramLabel = "FILE", description = "The authorities that sign kubelets' certificates (default: kubelets' certificates are not checked).")
    private @Nullable Path kubeletAuthority;
    @Option(names = "--kubelet-client-certificate", paramLabel = "FILE", description = "What the server shows to kubelets.")
    private @Nullable Path kubeletClientCertificate;
    @Option(names = "--kubelet-client-key", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path kubeletClientKey;
    @Option(names = "--kubelet-preferred-address-types", paramLabel = "TYPES", split = ",", description = "Which address of a node is taken, the best first (default: InternalIP,ExternalIP,Hostname).")
    private List<String> kubeletAddressTypes = new ArrayList<>();

    private ApiServerSettings.ServiceAccounts serviceAccounts() {
        if (!longestTokenLife.isZero() && (longestTokenLife.compareTo(Duration.ofHours(1)) < 0 || longestTokenLife.getSeconds() > 1L << 32)) {
            throw new IllegalArgumentException("the service-account-max-token-expiration must be between 1 hour and 2^32 seconds");
        }
        if (!jwksUri.isEmpty() && !jwksUri.startsWith("https://")) {
            throw new IllegalArgumentException("service-account-jwks-uri requires https scheme, parsed as: " + jwksUri);
        }
        if (!lookupServiceAccounts) {
            throw new IllegalArgumentException("--service-account-lookup=false is not supported: tokens of service accounts that were deleted would stay valid; leave it out");
        }
        return new ApiServerSettings.ServiceAccounts(
                serviceAccountKeys, serviceAccountSigningKey, security.authentication().issuers(), audiences, longestTokenLife, extendTokenLife, jwksUri);
    }

    private ApiServerSettings.Published published() {
        ApiServerSettings.Reconciler chosen = switch (reconciler) {
            case "lease" -> ApiServerSettings.Reconciler.LEASE;
            case "master-count" -> ApiServerSettings.Reconciler.MASTER_COUNT;
            case "none" -> ApiServerSettings.Reconciler.NONE;
            default -> throw new IllegalArgumentException("--endpoint-reconciler-type: '" + reconciler + "' is none of lease, master-count, none");
        };
        if (serviceNodePort < 0 || serviceNodePort > 65535) {
            throw new IllegalArgumentException("--kubernetes-service-node-port " + serviceNodePort + " must be between 0 and 65535, inclusive. If 0, the Kubernetes master service will be of type ClusterIP");
        }
        return new ApiServerSettings.Published(chosen, serviceNodePort);
    }

    ApiServerSettings settings() {
        return new ApiServerSettings(storage.storage(), bindAddress, advertiseAddress, port, (certDir == null ? storage.certificates() : certDir).toAbsolutePath(),
                tlsCertFile, tlsKeyFile, serviceAccounts(),
                serviceRange, nodePorts,
                security, allowPrivileged,
                new ApiServerSettings.Kubelets(kubeletAuthority, kubeletClientCertificate, kubeletClientKey, kubeletAddressTypes), audit.settings(), serving.settings(), storage.encryption(), api.eventLife(),
                operation.applied(api.settings(storage.operating())).withAggregation(aggregation.settings()).withFlow(flow.settings()).withEdge(edge.settings(advertiseAddress)), published(), operation.tracing());
    }
}
