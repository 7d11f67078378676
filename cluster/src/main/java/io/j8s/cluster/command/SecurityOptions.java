package io.j8s.cluster.command;

import io.j8s.apiserver.admission.configuration.AdmissionConfiguration;
import io.j8s.apiserver.authorization.webhook.WebhookAuthorizer;
import io.j8s.apiserver.authorization.webhook.AuthorizationConfiguration;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.WatchedFile;
import io.j8s.apiserver.security.AdmissionSettings;
import io.j8s.apiserver.security.AuthorizationSettings;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.cluster.server.ApiServerSettings;
import io.j8s.runtime.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Upstream's flags of who may do what: authorization and admission.
final class SecurityOptions implements ApiServerSettings.Guarding {

    @Mixin
    private AuthenticationOptions authentication = new AuthenticationOptions();

    @Option(names = "--authorization-mode", paramLabel = "MODES", split = ",", description = "Who decides, in order: Node, RBAC, ABAC, Webhook, AlwaysAllow, AlwaysDeny (default: AlwaysAllow).")
    private List<String> modes = new ArrayList<>();
    @Option(names = "--authorization-policy-file", paramLabel = "FILE", description = "The policies of the mode ABAC: a JSON object in each line.")
    private @Nullable Path policies;
    @Option(names = "--authorization-webhook-config-file", paramLabel = "FILE", description = "A kubeconfig of the server that the mode Webhook asks.")
    private @Nullable Path webhook;
    @Option(names = "--authorization-webhook-version", paramLabel = "VERSION", description = "The version of the SubjectAccessReviews that it is sent: v1 or v1beta1 (default: v1beta1).")
    private @Nullable String webhookVersion;
    @Option(names = "--authorization-webhook-cache-authorized-ttl", paramLabel = "DURATION", description = "How long what it allows holds (default: 5m0s).", converter = GoDuration.class)
    private @Nullable Duration allowedLife;
    @Option(names = "--authorization-webhook-cache-unauthorized-ttl", paramLabel = "DURATION", description = "How long what it refuses holds (default: 30s).", converter = GoDuration.class)
    private @Nullable Duration refusedLife;
    @Option(names = "--authorization-config", paramLabel = "FILE", description = "An AuthorizationConfiguration, in place of the flags above.")
    private @Nullable Path authorizationConfig;

    @Option(names = "--enable-admission-plugins", paramLabel = "NAMES", split = ",", description = "Admission plugins to run beside the default ones.")
    private Set<String> enabled = new LinkedHashSet<>();
    @Option(names = "--disable-admission-plugins", paramLabel = "NAMES", split = ",", description = "Admission plugins not to run.")
    private Set<String> disabled = new LinkedHashSet<>();
    @Option(names = "--admission-control", paramLabel = "NAMES", split = ",", description = "Refused: use --enable-admission-plugins and --disable-admission-plugins.", hidden = true)
    private List<String> control = new ArrayList<>();
    @Option(names = "--admission-control-config-file", paramLabel = "FILE", description = "An AdmissionConfiguration: how admission plugins are set up.")
    private @Nullable Path admissionConfig;
    @Option(names = "--default-not-ready-toleration-seconds", paramLabel = "SECONDS", description = "How long pods stay on a node that is not ready, unless they say otherwise (default: ${DEFAULT-VALUE}).", defaultValue = "300")
    private long notReadySeconds = 300;
    @Option(names = "--default-unreachable-toleration-seconds", paramLabel = "SECONDS", description = "How long pods stay on an unreachable node, unless they say otherwise (default: ${DEFAULT-VALUE}).", defaultValue = "300")
    private long unreachableSeconds = 300;

    AuthenticationOptions authentication() {
        return authentication;
    }

    @Override
    public SecuritySettings complete(SecuritySettings base, Timeline timeline) {
        return base.with(authentication.complete(base.authentication(), timeline)).with(authorization(timeline)).with(admission());
    }

    private AuthorizationSettings authorization(Timeline timeline) {
        Path config = authorizationConfig;
        if (config != null) {
            if (!modes.isEmpty() || webhook != null || webhookVersion != null || allowedLife != null || refusedLife != null) {
                throw new ConfigurationException("--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined");
            }
            return new AuthorizationSettings(List.of(), policies, null, new WatchedFile<>(config, "--authorization-config", AuthorizationConfiguration::parse, timeline));
        }
        List<String> chosen = modes.isEmpty() ? List.of("AlwaysAllow") : modes;
        check(chosen);
        return new AuthorizationSettings(chosen, policies, asked(), null);
    }

    private void check(List<String> chosen) {
        for (String mode : chosen) {
            if (!AuthorizationSettings.MODES.contains(mode)) {
                throw new ConfigurationException("authorization-mode \"" + mode + "\" is not a valid mode; choose from "
                        + String.join(", ", AuthorizationSettings.MODES.stream().sorted().toList()));
            }
        }
        if (new HashSet<>(chosen).size() < chosen.size()) {
            throw new ConfigurationException("authorization-mode " + chosen + " has mode specified more than once");
        }
        if (policies != null && !chosen.contains("ABAC")) {
            throw new ConfigurationException("cannot specify --authorization-policy-file without mode ABAC");
        }
        if (policies == null && chosen.contains("ABAC")) {
            throw new ConfigurationException("authorization-mode ABAC's authorization policy file not passed; give --authorization-policy-file");
        }
        if (webhook != null && !chosen.contains("Webhook")) {
            throw new ConfigurationException("cannot specify --authorization-webhook-config-file without mode Webhook");
        }
        if (webhook == null && chosen.contains("Webhook")) {
            throw new ConfigurationException("authorization-mode Webhook's authorization config file not passed; give --authorization-webhook-config-file");
        }
    }

    private AuthorizationSettings.@Nullable Webhook asked() {
        Path kubeconfig = webhook;
        if (kubeconfig == null) {
            return null;
        }
        String version = webhookVersion == null ? "v1beta1" : webhookVersion;
        AuthenticationOptions.checkVersion("--authorization-webhook-version", version, WebhookAuthorizer.VERSIONS);
        return new AuthorizationSettings.Webhook(
                kubeconfig, version, allowedLife == null ? Duration.ofMinutes(5) : allowedLife, refusedLife == null ? Duration.ofSeconds(30) : refusedLife);
    }

    private AdmissionSettings admission() {
        if (!control.isEmpty()) {
            throw new ConfigurationException("--admission-control has been deprecated since v1.10: name plugins in --enable-admission-plugins and --disable-admission-plugins instead");
        }
        if (notReadySeconds < 0 || unreachableSeconds < 0) {
            throw new ConfigurationException("--default-not-ready-toleration-seconds and --default-unreachable-toleration-seconds must not be negative");
        }
        Path config = admissionConfig;
        return new AdmissionSettings(enabled, disabled, config == null ? AdmissionConfiguration.NONE : AdmissionConfiguration.read(config), notReadySeconds, unreachableSeconds);
    }

}
