package io.j8s.apiserver.security;

import io.j8s.apiserver.Foundation;
import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.plugins.AlwaysDeny;
import io.j8s.apiserver.admission.plugins.AlwaysPullImages;
import io.j8s.apiserver.admission.plugins.CertificateSubjectRestriction;
import io.j8s.apiserver.admission.plugins.Certificates;
import io.j8s.apiserver.admission.plugins.DefaultTolerationSeconds;
import io.j8s.apiserver.admission.plugins.DenyServiceExternalIPs;
import io.j8s.apiserver.admission.plugins.EventRateLimit;
import io.j8s.apiserver.admission.plugins.ExtendedResourceToleration;
import io.j8s.apiserver.admission.plugins.ImagePolicyWebhook;
import io.j8s.apiserver.admission.plugins.IngressClasses;
import io.j8s.apiserver.admission.plugins.LimitPodHardAntiAffinityTopology;
import io.j8s.apiserver.admission.plugins.NamespaceAutoProvision;
import io.j8s.apiserver.admission.plugins.NamespaceExists;
import io.j8s.apiserver.admission.plugins.NamespaceLifecycle;
import io.j8s.apiserver.admission.plugins.NodeDeclaredFeatures;
import io.j8s.apiserver.admission.plugins.NodeRestriction;
import io.j8s.apiserver.admission.plugins.OwnerReferences;
import io.j8s.apiserver.admission.plugins.PersistentVolumeClaimResize;
import io.j8s.apiserver.admission.plugins.PodNodeSelector;
import io.j8s.apiserver.admission.plugins.PodResizeValidator;
import io.j8s.apiserver.admission.plugins.PodTolerationRestriction;
import io.j8s.apiserver.admission.plugins.PodTopologyLabels;
import io.j8s.apiserver.admission.plugins.Priority;
import io.j8s.apiserver.admission.plugins.RuntimeClasses;
import io.j8s.apiserver.admission.plugins.ServiceAccounts;
import io.j8s.apiserver.admission.plugins.StorageClasses;
import io.j8s.apiserver.admission.plugins.StorageObjectInUseProtection;
import io.j8s.apiserver.admission.plugins.TaintNodesByCondition;
import io.j8s.apiserver.admission.plugins.WithoutEffect;
import io.j8s.apiserver.admission.podsecurity.PodSecurity;
import io.j8s.apiserver.admission.podsecurity.StandardMetrics;
import io.j8s.apiserver.admission.policy.MutatingPolicies;
import io.j8s.apiserver.admission.policy.PolicyMetrics;
import io.j8s.apiserver.admission.policy.ValidatingPolicies;
import io.j8s.apiserver.admission.quota.LimitRanger;
import io.j8s.apiserver.admission.quota.LimitedResource;
import io.j8s.apiserver.admission.quota.ResourceQuotas;
import io.j8s.apiserver.admission.webhook.HookCaller;
import io.j8s.apiserver.admission.webhook.HookReview;
import io.j8s.apiserver.admission.webhook.MutatingWebhooks;
import io.j8s.apiserver.admission.webhook.ValidatingWebhooks;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import io.j8s.apiserver.remote.ReviewClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/// All built-in admission plugins, in the order in which they run.
final class AdmissionPlugins {

    private static final String FILE = "--admission-control-config-file";

    private static final Duration ASK_WITHIN = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;

    private final Foundation foundation;
    private final Authorizer authorizer;
    private final AdmissionSettings settings;
    private final HookReview review;
    private final PolicyMetrics policyMetrics;

    AdmissionPlugins(Foundation foundation, Authorizer authorizer, HookCaller webhooks, AdmissionSettings settings) {
        this.foundation = foundation;
        this.authorizer = authorizer;
        this.settings = settings;
        this.review = new HookReview(webhooks, authorizer, foundation.timeline(), foundation.metrics());
        this.policyMetrics = new PolicyMetrics(foundation.metrics(), foundation.timeline());
    }

    /// @param byDefault whether it runs without being asked for
    private record Entry(String name, boolean byDefault, Supplier<AdmissionPlugin> make) {
        static Entry on(String name, Supplier<AdmissionPlugin> make) {
            return new Entry(name, true, make);
        }

        static Entry off(String name, Supplier<AdmissionPlugin> make) {
            return new Entry(name, false, make);
        }
    }

    private List<Entry> all() {
        return List.of(
                Entry.off("AlwaysAdmit", () -> new WithoutEffect("AlwaysAdmit")),
                Entry.off("NamespaceAutoProvision", () -> new NamespaceAutoProvision(foundation.writer())),
                Entry.on("NamespaceLifecycle", NamespaceLifecycle::new),
                Entry.off("NamespaceExists", NamespaceExists::new),
                Entry.off("LimitPodHardAntiAffinityTopology", LimitPodHardAntiAffinityTopology::new),
                Entry.on("LimitRanger", LimitRanger::new),
                Entry.on("ServiceAccount", () -> new ServiceAccounts(foundation.timeline())),
                Entry.off("NodeRestriction", () -> new NodeRestriction(authorizer)),
                Entry.on("TaintNodesByCondition", TaintNodesByCondition::new),
                Entry.off("AlwaysPullImages", AlwaysPullImages::new),
                Entry.off("ImagePolicyWebhook", this::imagePolicy),
                Entry.on("PodSecurity", this::podSecurity),
                Entry.off("PodNodeSelector", this::podNodeSelector),
                Entry.on("Priority", Priority::new),
                Entry.on("DefaultTolerationSeconds", () -> new DefaultTolerationSeconds(settings.notReadySeconds(), settings.unreachableSeconds())),
                Entry.off("PodTolerationRestriction", this::podTolerations),
                Entry.off("EventRateLimit", this::eventRate),
                Entry.off("ExtendedResourceToleration", ExtendedResourceToleration::new),
                Entry.on("DefaultStorageClass", StorageClasses::new),
                Entry.on("StorageObjectInUseProtection", StorageObjectInUseProtection::new),
                Entry.on("PodGroupProtection", () -> new WithoutEffect("PodGroupProtection")),
                Entry.off("OwnerReferencesPermissionEnforcement", () -> new OwnerReferences(authorizer, foundation.resources())),
                Entry.on("PersistentVolumeClaimResize", PersistentVolumeClaimResize::new),
                Entry.on("RuntimeClass", RuntimeClasses::new),
                Entry.on("CertificateApproval", () -> Certificates.approval(authorizer)),
                Entry.on("CertificateSigning", () -> Certificates.signing(authorizer)),
                Entry.on("ClusterTrustBundleAttest", () -> new WithoutEffect("ClusterTrustBundleAttest")),
                Entry.on("CertificateSubjectRestriction", CertificateSubjectRestriction::new),
                Entry.on("DefaultIngressClass", IngressClasses::new),
                Entry.off("DenyServiceExternalIPs", DenyServiceExternalIPs::new),
                Entry.on("PodTopologyLabels", PodTopologyLabels::new),
                Entry.on("PodGroupWorkloadExists", () -> new WithoutEffect("PodGroupWorkloadExists")),
                Entry.on("NodeDeclaredFeatureValidator", NodeDeclaredFeatures::new),
                Entry.on("JobValidation", () -> new WithoutEffect("JobValidation")),
                Entry.on("PodResizeValidator", PodResizeValidator::new),
                Entry.on("MutatingAdmissionPolicy", () -> new MutatingPolicies(authorizer, policyMetrics)),
                Entry.on("MutatingAdmissionWebhook", () -> new MutatingWebhooks(review)),
                Entry.on("ValidatingAdmissionPolicy", () -> new ValidatingPolicies(authorizer, policyMetrics)),
                Entry.on("ValidatingAdmissionWebhook", () -> new ValidatingWebhooks(review)),
                Entry.on("ResourceQuota", this::quotas),
                Entry.off("AlwaysDeny", AlwaysDeny::new));
    }

    /// Those that run, in order.
    ///
    /// @throws ConfigurationException naming plugins that do not exist, or that are both enabled and disabled, or whose configuration is wrong
    List<AdmissionPlugin> chosen() {
        List<Entry> all = all();
        List<String> names = all.stream().map(Entry::name).sorted().toList();
        check("enable-admission-plugins", settings.enabled(), names);
        check("disable-admission-plugins", settings.disabled(), names);
        TreeSet<String> both = new TreeSet<>(settings.enabled());
        both.retainAll(settings.disabled());
        if (!both.isEmpty()) {
            throw new ConfigurationException(both + " in enable-admission-plugins and disable-admission-plugins overlapped");
        }
        return all.stream()
                .filter(entry -> (entry.byDefault || settings.enabled().contains(entry.name)) && !settings.disabled().contains(entry.name))
                .map(entry -> entry.make.get())
                .toList();
    }

    private static void check(String flag, Set<String> chosen, List<String> known) {
        for (String name : new TreeSet<>(chosen)) {
            if (!known.contains(name)) {
                throw new ConfigurationException(flag + " plugin \"" + name + "\" is unknown; known are " + String.join(", ", known));
            }
        }
    }

    private AdmissionPlugin imagePolicy() {
        Document configuration = settings.configuration().of("ImagePolicyWebhook");
        if (configuration == null) {
            throw new ConfigurationException("the admission plugin ImagePolicyWebhook needs a configuration; give it in " + FILE);
        }
        ImagePolicyWebhook.Settings read = configured("ImagePolicyWebhook", configuration, ImagePolicyWebhook.Settings::of);
        ReviewClient client = ReviewClient.of(
                settings.configuration().directory().resolve(read.kubeconfig()), FILE + ": plugin ImagePolicyWebhook", ASK_WITHIN, ATTEMPTS, foundation.loops(), foundation.timeline());
        return new ImagePolicyWebhook(client, read, foundation.timeline());
    }

    private static <T> T configured(String plugin, Document configuration, Function<Document, T> read) {
        try {
            return read.apply(configuration);
        } catch (ConfigurationException | IllegalArgumentException e) {
            throw new ConfigurationException(FILE + ": plugin " + plugin + ": " + e.getMessage(), e);
        }
    }

    private AdmissionPlugin podSecurity() {
        Document configuration = settings.configuration().of("PodSecurity", "PodSecurityConfiguration",
                "pod-security.admission.config.k8s.io/v1", "pod-security.admission.config.k8s.io/v1beta1", "pod-security.admission.config.k8s.io/v1alpha1");
        StandardMetrics metrics = new StandardMetrics(foundation.metrics());
        return configuration == null ? new PodSecurity(metrics) : configured("PodSecurity", configuration, document -> PodSecurity.configured(document, metrics));
    }

    private AdmissionPlugin podNodeSelector() {
        Document configuration = settings.configuration().of("PodNodeSelector");
        return new PodNodeSelector(configuration == null ? Map.of() : configuration.textMap("podNodeSelectorPluginConfig"));
    }

    private AdmissionPlugin podTolerations() {
        Document configuration = settings.configuration().of("PodTolerationRestriction", "Configuration", "podtolerationrestriction.admission.k8s.io/v1alpha1");
        return configuration == null
                ? new PodTolerationRestriction(List.of(), List.of())
                : configured("PodTolerationRestriction", configuration, document -> new PodTolerationRestriction(
                        PodTolerationRestriction.tolerations(document.members().get("default")), PodTolerationRestriction.tolerations(document.members().get("whitelist"))));
    }

    private AdmissionPlugin eventRate() {
        Document configuration = settings.configuration().of("EventRateLimit", "Configuration", "eventratelimit.admission.k8s.io/v1alpha1");
        if (configuration == null) {
            throw new ConfigurationException("the admission plugin EventRateLimit needs limits; give them in " + FILE);
        }
        return new EventRateLimit(configured("EventRateLimit", configuration, EventRateLimit::limits), foundation.timeline());
    }

    private AdmissionPlugin quotas() {
        Document configuration = settings.configuration().of("ResourceQuota", "ResourceQuotaConfiguration", "apiserver.config.k8s.io/v1", "resourcequota.admission.k8s.io/v1beta1",
                "resourcequota.admission.k8s.io/v1alpha1");
        List<LimitedResource> limited = configuration == null ? List.of() : configured("ResourceQuota", configuration, LimitedResource::all);
        return new ResourceQuotas(foundation.writer(), limited);
    }
}
