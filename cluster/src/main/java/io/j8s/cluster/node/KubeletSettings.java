package io.j8s.cluster.node;

import io.j8s.cluster.configuration.Configuration;
import io.j8s.http.TlsIdentity;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Taint;
import io.j8s.node.KubeletConfig;
import io.j8s.node.containerd.ContainerdConfig;
import io.j8s.node.eviction.EvictionSettings;
import io.j8s.node.images.PauseImage;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.settings.ApiSettings;
import io.j8s.node.settings.HousekeepingSettings;
import io.j8s.node.settings.PodSettings;
import io.j8s.node.settings.RegistrationSettings;
import io.j8s.node.settings.ResourceSettings;
import io.j8s.node.settings.RuntimeSettings;
import io.j8s.node.shutdown.ShutdownSettings;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A node agent's configuration file and flags as the values that it works with.
final class KubeletSettings {
    private final Configuration configuration;
    private final Path networks;

    /// @param networks the folder of CNI configurations, for a runtime of our own
    KubeletSettings(Configuration configuration, Path networks) {
        this.configuration = configuration;
        this.networks = networks;
    }

    KubeletConfig config(String node, List<String> addresses, Supplier<TlsIdentity> serving, Supplier<List<X509Certificate>> clientAuthorities) {
        Path root = Path.of(configuration.text("--root-dir")).toAbsolutePath();
        Path logs = Path.of(configuration.text("podLogsDir"));
        NodeDirs dirs = new NodeDirs(root, logs, logs.resolveSibling("containers"));
        return new KubeletConfig(node, addresses, dirs, runtime(root), registration(), pods(), resources(), eviction(), housekeeping(), api(serving, clientAuthorities), shutdown(), configuration.document());
    }

    private RuntimeSettings runtime(Path root) {
        String endpoint = configuration.text("containerRuntimeEndpoint");
        if (endpoint.isEmpty()) {
            return new RuntimeSettings.Own(ContainerdConfig.under(root, PauseImage.NAME, networks));
        }
        if (!endpoint.startsWith("unix://") && !endpoint.startsWith("/")) {
            throw new IllegalArgumentException("containerRuntimeEndpoint (--container-runtime-endpoint) \"" + endpoint + "\" is no Unix socket such as unix:///run/containerd/containerd.sock");
        }
        return new RuntimeSettings.Existing(Path.of(endpoint.startsWith("/") ? endpoint : URI.create(endpoint).getPath()));
    }

    private RegistrationSettings registration() {
        Duration update = configuration.duration("nodeStatusUpdateFrequency");
        boolean reportFollows = configuration.isSet("nodeStatusUpdateFrequency") && !configuration.isSet("nodeStatusReportFrequency");
        return new RegistrationSettings(configuration.flag("registerNode"), labels(), taints(), configuration.text("providerID"), update,
                reportFollows ? update : configuration.duration("nodeStatusReportFrequency"), (int) configuration.number("nodeLeaseDurationSeconds"),
                configuration.number("nodeStatusMaxImages", -1, Integer.MAX_VALUE));
    }

    /// A node may not give itself labels that decide what it is (KEP-279).
    private Map<String, String> labels() {
        Map<String, String> labels = configuration.map("--node-labels");
        for (String name : labels.keySet()) {
            String prefix = name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
            boolean reserved = prefix.equals("kubernetes.io") || prefix.equals("k8s.io") || prefix.endsWith(".kubernetes.io") || prefix.endsWith(".k8s.io");
            boolean allowed = Stream.of("kubelet.kubernetes.io", "node.kubernetes.io").anyMatch(p -> prefix.equals(p) || prefix.endsWith("." + p))
                    || List.of("kubernetes.io/hostname", "kubernetes.io/arch", "kubernetes.io/os", "beta.kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/instance-type",
                            "node.kubernetes.io/instance-type", "failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/region",
                            "topology.kubernetes.io/zone").contains(name);
            if (reserved && !allowed) {
                throw new IllegalArgumentException("unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [" + name
                        + "]; labels in the 'kubernetes.io' namespace must begin with an allowed prefix (kubelet.kubernetes.io, node.kubernetes.io)");
            }
        }
        return labels;
    }

    private List<Taint> taints() {
        List<Taint> taints = new ArrayList<>();
        if (configuration.value("registerWithTaints") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> taint) {
                    taints.add(Taint.EMPTY.withKey(Objects.toString(taint.get("key"), "")).withValue(Objects.toString(taint.get("value"), "")).withEffect(Objects.toString(taint.get("effect"), "")));
                }
            }
        }
        return taints;
    }

    private PodSettings pods() {
        String manifests = configuration.text("staticPodPath");
        long parallel = configuration.number("maxParallelImagePulls");
        boolean serial = configuration.isSet("serializeImagePulls") ? configuration.flag("serializeImagePulls") : parallel < 2;
        if (serial && parallel > 1) {
            throw new IllegalArgumentException("maxParallelImagePulls cannot be larger than 1 unless serializeImagePulls (--serialize-image-pulls) is set to false");
        }
        String resolvConf = configuration.text("resolvConf");
        return new PodSettings(configuration.texts("clusterDNS"), configuration.text("clusterDomain"), Path.of(resolvConf.isEmpty() ? "/dev/null" : resolvConf),
                manifests.isEmpty() ? null : Path.of(manifests), configuration.duration("fileCheckFrequency"), configuration.texts("allowedUnsafeSysctls"), configuration.flag("seccompDefault"),
                serial ? 1 : parallel > 0 ? (int) parallel : Integer.MAX_VALUE, configuration.duration("crashLoopBackOff.maxContainerRestartPeriod"),
                configuration.flag("cpuCFSQuota"), configuration.duration("cpuCFSQuotaPeriod"));
    }

    private ResourceSettings resources() {
        String root = configuration.text("cgroupRoot");
        String groups = root.isEmpty() || root.equals("/") ? "kubepods" : root.replaceFirst("^/", "") + "/kubepods";
        return new ResourceSettings(groups, configuration.number("maxPods", 0, Integer.MAX_VALUE), configuration.number("podsPerCore", 0, Integer.MAX_VALUE),
                configuration.number("podPidsLimit"), quantities("systemReserved"), quantities("kubeReserved"), enforced());
    }

    private boolean enforced() {
        List<String> wanted = configuration.texts("enforceNodeAllocatable").stream().filter(part -> !part.isEmpty()).toList();
        for (String part : wanted) {
            if (!List.of("pods", "none").contains(part)) {
                throw new IllegalArgumentException("enforceNodeAllocatable (--enforce-node-allocatable): \"" + part + "\" is not enforced on this node; pods and none can be given");
            }
        }
        return wanted.contains("pods");
    }

    private Map<String, Quantity> quantities(String name) {
        Map<String, Quantity> quantities = new HashMap<>();
        configuration.map(name).forEach((resource, text) -> {
            if (!List.of("cpu", "memory", "ephemeral-storage", "pid").contains(resource)) {
                throw new IllegalArgumentException(name + ": cannot reserve \"" + resource + "\" resource; cpu, memory, ephemeral-storage and pid can be");
            }
            quantities.put(resource, Quantity.parse(text));
        });
        return quantities;
    }

    private EvictionSettings eviction() {
        Map<String, String> hard = configuration.map("evictionHard");
        if (!configuration.isSet("evictionHard")) {
            hard = EvictionSettings.HARD;
        } else if (configuration.flag("mergeDefaultEvictionSettings")) {
            Map<String, String> merged = new LinkedHashMap<>(EvictionSettings.HARD);
            merged.putAll(hard);
            hard = merged;
        }
        Map<String, Duration> grace = new HashMap<>();
        configuration.map("evictionSoftGracePeriod").forEach((signal, text) -> grace.put(signal, Configuration.duration(signal, text)));
        return EvictionSettings.of(hard, configuration.map("evictionSoft"), grace, configuration.map("evictionMinimumReclaim"), configuration.duration("evictionPressureTransitionPeriod"),
                (int) configuration.number("evictionMaxPodGracePeriod"), configuration.flag("localStorageCapacityIsolation"));
    }

    private ShutdownSettings shutdown() {
        List<ShutdownSettings.Span> spans = new ArrayList<>();
        if (configuration.value("shutdownGracePeriodByPodPriority") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> span && span.get("priority") instanceof Number priority && span.get("shutdownGracePeriodSeconds") instanceof Number seconds) {
                    spans.add(new ShutdownSettings.Span(priority.intValue(), seconds.longValue()));
                } else {
                    throw new IllegalArgumentException("shutdownGracePeriodByPodPriority: each entry has a priority and shutdownGracePeriodSeconds, both numbers, not " + each);
                }
            }
        }
        Duration all = configuration.duration("shutdownGracePeriod");
        if (!spans.isEmpty() && !all.isZero()) {
            throw new IllegalArgumentException("cannot specify both shutdownGracePeriodByPodPriority and shutdownGracePeriod at the same time");
        }
        return spans.isEmpty() ? ShutdownSettings.of(all, configuration.duration("shutdownGracePeriodCriticalPods")) : new ShutdownSettings(spans, ShutdownSettings.NONE.tools());
    }

    private HousekeepingSettings housekeeping() {
        return new HousekeepingSettings((int) configuration.number("imageGCHighThresholdPercent"), (int) configuration.number("imageGCLowThresholdPercent"),
                configuration.duration("imageMinimumGCAge"), configuration.duration("imageMaximumGCAge"), Quantity.parse(configuration.text("containerLogMaxSize")).value(),
                (int) configuration.number("containerLogMaxFiles"), configuration.duration("containerLogMonitorInterval"));
    }

    private ApiSettings api(Supplier<TlsIdentity> serving, Supplier<List<X509Certificate>> clientAuthorities) {
        String mode = configuration.text("authorization.mode");
        if (!mode.equals("Webhook") && !mode.equals("AlwaysAllow")) {
            throw new IllegalArgumentException("authorization.mode (--authorization-mode) \"" + mode + "\": AlwaysAllow and Webhook are the modes");
        }
        ApiSettings.Access access = new ApiSettings.Access(clientAuthorities, configuration.flag("authentication.webhook.enabled"), configuration.flag("authentication.anonymous.enabled"),
                mode.equals("AlwaysAllow"), configuration.duration("authentication.webhook.cacheTTL"), configuration.duration("authorization.webhook.cacheAuthorizedTTL"),
                configuration.duration("authorization.webhook.cacheUnauthorizedTTL"));
        boolean serves = configuration.flag("enableServer");
        int health = configuration.number("healthzPort", 0, 65535);
        return new ApiSettings(
                serves ? new ApiSettings.Serving(configuration.text("address"), configuration.number("port", 1, 65535), protocols(), configuration.texts("tlsCipherSuites"), serving) : null, access,
                serves ? configuration.number("readOnlyPort", 0, 65535) : 0, health == 0 ? null : new ApiSettings.Address(configuration.text("healthzBindAddress"), health),
                configuration.flag("enableDebuggingHandlers"), configuration.flag("enableSystemLogHandler"));
    }

    private List<String> protocols() {
        return switch (configuration.text("tlsMinVersion")) {
            case "", "VersionTLS10", "VersionTLS11", "VersionTLS12" -> List.of("TLSv1.3", "TLSv1.2");
            case "VersionTLS13" -> List.of("TLSv1.3");
            default -> throw new IllegalArgumentException("tlsMinVersion (--tls-min-version) \"" + configuration.text("tlsMinVersion") + "\": VersionTLS12 and VersionTLS13 are the versions");
        };
    }
}
