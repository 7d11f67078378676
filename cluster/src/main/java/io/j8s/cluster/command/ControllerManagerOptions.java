package io.j8s.cluster.command;

import io.j8s.apiserver.admission.policy.PolicyTypeCheck;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.pki.KeyPairs;
import io.j8s.cluster.pki.PemText;
import io.j8s.controllers.ControllerSelection;
import io.j8s.controllers.Controllers;
import io.j8s.controllers.Settings;
import io.j8s.controllers.attachdetach.AttachDetachController;
import io.j8s.controllers.nodeipam.NodeIpamSettings;
import io.j8s.controllers.nodelifecycle.NodeLifecycleSettings;
import io.j8s.controllers.podautoscaler.AutoscalerSettings;
import io.j8s.controllers.serviceaccount.ServiceAccountSettings;
import io.j8s.controllers.serviceaccount.TokenSigner;
import io.j8s.controllers.services.EndpointSettings;
import io.j8s.controllers.volumebinding.VolumeBinder;
import io.j8s.http.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/// kube-controller-manager's own flags, as upstream names them (reference: kube-controller-manager, v1.36).
final class ControllerManagerOptions {
    @Option(names = "--controllers", paramLabel = "NAMES", description = "Which to run: `*` for those on by default, NAME, -NAME (default: ${DEFAULT-VALUE}).", defaultValue = "*")
    private String controllers = "*";
    @Option(names = "--use-service-account-credentials", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", description = "Whether each controller works as a service account of its own.")
    private boolean ownAccounts;
    @Option(names = "--root-ca-file", paramLabel = "FILE", description = "The authorities that pods trust for the API server; published in each namespace.")
    private @Nullable Path rootAuthority;
    @Option(names = "--service-account-private-key-file", paramLabel = "FILE", description = "The key that signs tokens in secrets (RSA or EC); without it secrets get none.")
    private @Nullable Path accountKey;
    @Mixin
    private SigningOptions signing = new SigningOptions();
    @Option(names = "--allocate-node-cidrs", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", description = "Whether nodes get a part of the pods' range.")
    private boolean allocateNodeCidrs;
    @Option(names = "--cluster-cidr", paramLabel = "CIDRS", split = ",", description = "The pods' range, or one of each family.")
    private List<String> clusterCidrs = new ArrayList<>();
    @Option(names = "--node-cidr-mask-size", paramLabel = "N", description = "How long the prefix of a node's range is (default: 24, or 64 for IPv6).")
    private @Nullable Integer mask;
    @Option(names = "--node-cidr-mask-size-ipv4", paramLabel = "N", description = "The same for IPv4 beside IPv6.")
    private @Nullable Integer maskV4;
    @Option(names = "--node-cidr-mask-size-ipv6", paramLabel = "N", description = "The same for IPv6 beside IPv4.")
    private @Nullable Integer maskV6;
    @Option(names = "--node-monitor-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "5s", description = "Between looks at all nodes (default: ${DEFAULT-VALUE}).")
    private Duration nodeMonitorPeriod = Duration.ZERO;
    @Option(names = "--node-monitor-grace-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "50s", description = "How long a node may be silent (default: ${DEFAULT-VALUE}).")
    private Duration nodeGrace = Duration.ZERO;
    @Option(names = "--node-startup-grace-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "1m", description = "How long a new node may be silent (default: ${DEFAULT-VALUE}).")
    private Duration nodeStartupGrace = Duration.ZERO;
    @Option(names = "--node-eviction-rate", paramLabel = "N", defaultValue = "0.1", description = "How many failed nodes are cleared each second (default: ${DEFAULT-VALUE}).")
    private double evictionRate;
    @Option(names = "--secondary-node-eviction-rate", paramLabel = "N", defaultValue = "0.01", description = "The same when most of a large zone fails (default: ${DEFAULT-VALUE}).")
    private double secondaryEvictionRate;
    @Option(names = "--large-cluster-size-threshold", paramLabel = "N", defaultValue = "50", description = "A zone of more nodes is large (default: ${DEFAULT-VALUE}).")
    private int largeCluster;
    @Option(names = "--unhealthy-zone-threshold", paramLabel = "SHARE", defaultValue = "0.55", description = "From this share of failing nodes on a zone is in trouble (default: ${DEFAULT-VALUE}).")
    private double unhealthyShare;
    @Option(names = "--terminated-pod-gc-threshold", paramLabel = "N", defaultValue = "12500", description = "How many finished pods may stay (default: ${DEFAULT-VALUE}).")
    private int finishedPods;
    @Option(names = "--legacy-service-account-token-clean-up-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "8760h", description = "After which unused legacy tokens go (default: ${DEFAULT-VALUE}).")
    private Duration legacyTokenPeriod = Duration.ZERO;
    @Option(names = "--disable-force-detach-on-timeout", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", description = "Never take a volume from a node that reports it as mounted.")
    private boolean noForcedDetach;
    @Option(names = "--horizontal-pod-autoscaler-sync-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "15s", description = "Between looks at an autoscaler (default: ${DEFAULT-VALUE}).")
    private Duration autoscalerPeriod = Duration.ZERO;
    @Option(names = "--horizontal-pod-autoscaler-tolerance", paramLabel = "SHARE", defaultValue = "0.1", description = "By which usage may miss its target (default: ${DEFAULT-VALUE}).")
    private double autoscalerTolerance;
    @Option(names = "--horizontal-pod-autoscaler-cpu-initialization-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "5m", description = "After a pod's start its processor time counts only when it is ready (default: ${DEFAULT-VALUE}).")
    private Duration autoscalerCpuInitialization = Duration.ZERO;
    @Option(names = "--horizontal-pod-autoscaler-initial-readiness-delay", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "30s", description = "A pod that is not ready so long after its start was never ready (default: ${DEFAULT-VALUE}).")
    private Duration autoscalerReadiness = Duration.ZERO;
    @Option(names = "--horizontal-pod-autoscaler-downscale-stabilization", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "5m", description = "Over which the highest wish decides (default: ${DEFAULT-VALUE}).")
    private Duration autoscalerDownWindow = Duration.ZERO;
    @Option(names = "--enable-garbage-collector", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true", description = "Whether dependents of deleted objects are deleted (default: ${DEFAULT-VALUE}).")
    private boolean garbageCollector;

    @Option(names = "--service-cluster-ip-range", paramLabel = "CIDRS", split = ",", description = "The services' ranges, of which no node gets a part.")
    private List<String> serviceCidrs = new ArrayList<>();
    @Option(names = "--cidr-allocator-type", paramLabel = "TYPE", defaultValue = "RangeAllocator", description = "How nodes get ranges: RangeAllocator is the only way without a cloud (default: ${DEFAULT-VALUE}).")
    private String allocator = "";
    @Option(names = "--max-endpoints-per-slice", paramLabel = "N", defaultValue = "100", description = "How many endpoints a slice holds at most, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int perSlice;
    @Option(names = "--mirroring-max-endpoints-per-subset", paramLabel = "N", defaultValue = "1000", description = "How many addresses of a subset are mirrored at most, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int mirroredPerSubset;
    @Option(names = "--endpoint-updates-batch-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "0s", description = "How long changes of pods are gathered for Endpoints (default: ${DEFAULT-VALUE}).")
    private Duration endpointsBatch = Duration.ZERO;
    @Option(names = "--endpointslice-updates-batch-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "0s", description = "The same for EndpointSlices (default: ${DEFAULT-VALUE}).")
    private Duration slicesBatch = Duration.ZERO;
    @Option(names = "--mirroring-endpointslice-updates-batch-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "0s", description = "The same for mirrored Endpoints (default: ${DEFAULT-VALUE}).")
    private Duration mirroringBatch = Duration.ZERO;
    @Option(names = "--resource-quota-sync-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "5m", description = "After which everything that a quota limits is counted again (default: ${DEFAULT-VALUE}).")
    private Duration quotaPeriod = Duration.ZERO;
    @Option(names = "--pvclaimbinder-sync-period", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "15s", description = "After which claims that wait are looked at again (default: ${DEFAULT-VALUE}).")
    private Duration binderPeriod = Duration.ZERO;
    @Option(names = "--enable-dynamic-provisioning", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true", description = "Whether volumes are asked of provisioners (default: ${DEFAULT-VALUE}).")
    private boolean provisioning;
    @Option(names = "--controller-start-interval", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "0s", description = "Between the starts of two controllers (default: ${DEFAULT-VALUE}).")
    private Duration startInterval = Duration.ZERO;

    /// Adds a flag for the workers of each controller that has one.
    static void addConcurrency(CommandSpec spec) {
        for (Controllers.Entry entry : Controllers.LIST) {
            String flag = "--" + entry.concurrencyFlag();
            if (!entry.concurrencyFlag().isEmpty() && !spec.optionsMap().containsKey(flag)) {
                spec.addOption(OptionSpec.builder(flag).type(Integer.class).paramLabel("N").arity("1")
                        .description("How many objects " + entry.name() + " works on at a time (default: " + entry.workers() + ").").build());
            }
        }
    }

    /// How many workers each controller was given.
    static Map<String, Integer> workers(ParseResult parsed) {
        Map<String, Integer> workers = new HashMap<>();
        for (Controllers.Entry entry : Controllers.LIST) {
            Integer given = entry.concurrencyFlag().isEmpty() ? null : parsed.matchedOptionValue("--" + entry.concurrencyFlag(), (Integer) null);
            if (given != null && given < 1) {
                throw new IllegalArgumentException("--" + entry.concurrencyFlag() + ": must be at least 1, not " + given);
            }
            if (given != null) {
                workers.put(entry.name(), given);
            }
        }
        return workers;
    }

    boolean ownAccounts() {
        return ownAccounts;
    }

    ControllerSelection selection() {
        return ControllerSelection.parse(garbageCollector ? controllers : controllers + ",-garbage-collector-controller", Controllers.LIST);
    }

    /// @param known the authorities by which the manager itself trusts the API server: published when no others are named
    Settings settings(List<X509Certificate> known) {
        return Settings.DEFAULT
                .withServiceAccounts(new ServiceAccountSettings(rootAuthority == null ? PemText.certificates(known) : text(rootAuthority, "--root-ca-file"), signer()))
                .withCertificates(signing.settings())
                .withNodeIpam(nodeIpam())
                .withNodeLifecycle(new NodeLifecycleSettings(nodeMonitorPeriod, nodeStartupGrace, nodeGrace, evictionRate, secondaryEvictionRate, largeCluster, unhealthyShare))
                .withFinishedPods(finishedPods)
                .withEndpoints(new EndpointSettings(endpointsBatch, slicesBatch, mirroringBatch, perSlice, mirroredPerSubset))
                .withQuotaPeriod(quotaPeriod)
                .withVolumeBinder(new VolumeBinder.Settings(binderPeriod, provisioning))
                .withStartInterval(startInterval)
                .withPolicyTypes(PolicyTypeCheck::check)
                .withLegacyTokenPeriod(legacyTokenPeriod)
                .withAttachDetach(new AttachDetachController.Settings(AttachDetachController.Settings.DEFAULT.unmountTimeout(), !noForcedDetach))
                .withAutoscaler(new AutoscalerSettings(autoscalerPeriod, autoscalerDownWindow, autoscalerTolerance, autoscalerCpuInitialization, autoscalerReadiness, null));
    }

    private NodeIpamSettings nodeIpam() {
        if (!allocator.equals("RangeAllocator")) {
            throw new IllegalArgumentException("--cidr-allocator-type: '" + allocator + "' needs a cloud provider; RangeAllocator is the way without one");
        }
        int common4 = mask == null ? NodeIpamSettings.DEFAULT.maskV4() : mask;
        int common6 = mask == null ? NodeIpamSettings.DEFAULT.maskV6() : mask;
        return new NodeIpamSettings(allocateNodeCidrs, clusterCidrs, maskV4 == null ? common4 : maskV4, maskV6 == null ? common6 : maskV6, serviceCidrs);
    }

    private @Nullable TokenSigner signer() {
        Path file = accountKey;
        if (file == null) {
            return null;
        }
        try {
            KeyPair pair = KeyPairs.of(Pem.privateKey(text(file, "--service-account-private-key-file")));
            return new TokenSigner(pair.getPrivate(), pair.getPublic());
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Kind.PROGRAM, file + ": " + e.getMessage(), "give --service-account-private-key-file a private key in PEM", e);
        }
    }

    static String text(Path file, String flag) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PROGRAM, file + ": cannot be read: " + e, "name another " + flag, e);
        }
    }
}
