package io.j8s.cluster.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Upstream's flags that cannot matter here: they are taken, so that unit files and manifests work as they are, and it is logged why they do nothing.
final class AcceptedFlags {
    private static final String THROTTLE = "requests are not held back here: the API server's priority and fairness shares its time out";
    private static final String GO = "there is no Go runtime to profile; use the JVM's own tools (jcmd, JFR)";
    private static final String CLOUD = "no cloud provider is built in";
    private static final String EVENTS = "work begins with events and is repeated by the queue; nothing is looked at again only because time has passed";
    private static final String TLS = "TLS is as this JVM has it: 1.3 and 1.2 with their safe ciphers and curves";
    private static final String VERSIONS = "it is v1.36, and emulates no other version";
    private static final String LOGS = "each line is written at once";
    private static final String PROXY = "who is named by a proxy's headers is not believed here: show a certificate or a token";
    private static final String RECYCLER = "volumes are recycled by none: the policy Recycle is deprecated";

    /// Of each component that serves.
    static final List<AcceptedFlags> SERVING = List.of(
            of("protobuf is used wherever the server has it", "--kube-api-content-type"),
            ofSwitches(GO, "--profiling", "--contention-profiling"),
            ofSwitches("HTTP/2 is always offered, and never forced", "--disable-http2-serving"),
            of("streams are limited by memory", "--http2-max-streams-per-connection"),
            ofSwitches("the port is this process's alone", "--permit-address-sharing", "--permit-port-sharing"),
            of(TLS, "--tls-cipher-suites", "--tls-curve-preferences", "--tls-min-version", "--tls-sni-cert-key"),
            of("answers are kept for 10 s", "--authentication-token-webhook-cache-ttl", "--authorization-webhook-cache-authorized-ttl", "--authorization-webhook-cache-unauthorized-ttl"),
            of(PROXY, "--requestheader-allowed-names", "--requestheader-client-ca-file", "--requestheader-extra-headers-prefix", "--requestheader-group-headers",
                    "--requestheader-uid-headers", "--requestheader-username-headers"),
            of(VERSIONS, "--emulated-version", "--min-compatibility-version"),
            of("all that is beta or stable is on, and nothing that is alpha is there", "--feature-gates"),
            of("all metrics are shown with all their labels", "--allow-metric-labels", "--allow-metric-labels-manifest", "--disabled-metrics", "--show-hidden-metrics-for-version"),
            of(LOGS, "--log-flush-frequency", "--log-json-info-buffer-size", "--log-text-info-buffer-size", "--vmodule"),
            ofSwitches("all lines go to standard error", "--log-json-split-stream", "--log-text-split-stream"));

    /// Of kube-scheduler beside those.
    static final List<AcceptedFlags> SCHEDULER = List.of(of(THROTTLE, "--kube-api-qps", "--kube-api-burst"));

    /// Of kube-controller-manager beside those.
    static final List<AcceptedFlags> CONTROLLER_MANAGER = List.of(
            of(CLOUD, "--cloud-config", "--cloud-provider", "--external-cloud-volume-plugin", "--route-reconciliation-period", "--concurrent-service-syncs"),
            ofSwitches(CLOUD, "--configure-cloud-routes"),
            of("nothing is named after the cluster", "--cluster-name"),
            of(EVENTS, "--min-resync-period", "--namespace-sync-period", "--attach-detach-reconcile-sync-period"),
            ofSwitches(EVENTS, "--disable-attach-detach-reconcile-sync"),
            of("they are stopped at once", "--controller-shutdown-timeout"),
            ofSwitches("leadership is not migrated: there is one lease for all", "--enable-leader-migration"),
            of("leadership is not migrated: there is one lease for all", "--leader-migration-config"),
            of("volumes are mounted by kubelets and CSI drivers", "--flex-volume-plugin-dir"),
            ofSwitches("volumes are provisioned by CSI drivers", "--enable-hostpath-provisioner"),
            of(RECYCLER, "--pv-recycler-increment-timeout-nfs", "--pv-recycler-minimum-timeout-hostpath", "--pv-recycler-minimum-timeout-nfs", "--pv-recycler-pod-template-filepath-hostpath",
                    "--pv-recycler-pod-template-filepath-nfs", "--pv-recycler-timeout-increment-hostpath"));

    private final String reason;
    private final List<String> names;
    private final boolean isSwitch;

    private AcceptedFlags(String reason, List<String> names, boolean isSwitch) {
        this.reason = reason;
        this.names = names;
        this.isSwitch = isSwitch;
    }

    private static AcceptedFlags of(String reason, String... names) {
        return new AcceptedFlags(reason, List.of(names), false);
    }

    private static AcceptedFlags ofSwitches(String reason, String... names) {
        return new AcceptedFlags(reason, List.of(names), true);
    }

    /// Has a command take these flags.
    static void add(CommandSpec spec, List<AcceptedFlags> all) {
        for (AcceptedFlags flags : all) {
            for (String name : flags.names) {
                if (!spec.optionsMap().containsKey(name)) {
                    spec.addOption(OptionSpec.builder(name).type(String.class).arity(flags.isSwitch ? "0..1" : "1").hidden(true).description("No effect: " + flags.reason + ".").build());
                }
            }
        }
    }

    /// Says of those that were given why they do nothing.
    static void explain(ParseResult parsed, List<AcceptedFlags> all, Logger log) {
        Map<String, String> reasons = new LinkedHashMap<>();
        all.forEach(flags -> flags.names.forEach(name -> reasons.put(name, flags.reason)));
        for (OptionSpec option : parsed.matchedOptions()) {
            String reason = reasons.get(option.longestName());
            if (reason != null) {
                log.info("{} has no effect: {}", option.longestName(), reason);
            }
        }
    }
}
