package io.j8s.apiserver.security;

import io.j8s.apiserver.Foundation;
import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.plugins.AlwaysDeny;
import io.j8s.apiserver.admission.plugins.AlwaysPullImages;
import io.j8s.apiserver.admission.plugins.CertificateSubjectRestriction;
import io.j8s.apiserver.admission.plugins.Certificates;
import io.j8s.apiserver.admission.plugins.DefaultTolerationSeconds;
import io.j8s.apiserver.admission.plugins.DenyServiceExternalIPs;
import io.j8s.apiserver.admission.plugins.ExtendedResourceToleration;
import io.j8s.apiserver.admission.plugins.IngressClasses;
import io.j8s.apiserver.admission.plugins.NamespaceLifecycle;
import io.j8s.apiserver.admission.plugins.NodeRestriction;
import io.j8s.apiserver.admission.plugins.PersistentVolumeClaimResize;
import io.j8s.apiserver.admission.plugins.PodTopologyLabels;
import io.j8s.apiserver.admission.plugins.Priority;
import io.j8s.apiserver.admission.plugins.RuntimeClasses;
import io.j8s.apiserver.admission.plugins.ServiceAccounts;
import io.j8s.apiserver.admission.plugins.StorageClasses;
import io.j8s.apiserver.admission.plugins.StorageObjectInUseProtection;
import io.j8s.apiserver.admission.plugins.TaintNodesByCondition;
import io.j8s.apiserver.admission.podsecurity.PodSecurity;
import io.j8s.apiserver.admission.policy.MutatingPolicies;
import io.j8s.apiserver.admission.policy.ValidatingPolicies;
import io.j8s.apiserver.admission.quota.LimitRanger;
import io.j8s.apiserver.admission.quota.ResourceQuotas;
import io.j8s.apiserver.admission.webhook.HookCaller;
import io.j8s.apiserver.admission.webhook.HookReview;
import io.j8s.apiserver.admission.webhook.MutatingWebhooks;
import io.j8s.apiserver.admission.webhook.ValidatingWebhooks;
import io.j8s.apiserver.authorization.Authorizer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// All built-in admission plugins, in the order in which they run.
final class AdmissionPlugins {

    private AdmissionPlugins() {}

    /// @param byDefault whether it runs without being asked for
    private record Entry(AdmissionPlugin plugin, boolean byDefault) {}

    private static List<Entry> all(Foundation foundation, Authorizer authorizer, HookCaller webhooks) {
        HookReview review = new HookReview(webhooks, authorizer, foundation.timeline());
        return List.of(
                new Entry(new NamespaceLifecycle(), true),
                new Entry(new LimitRanger(), true),
                new Entry(new ServiceAccounts(foundation.timeline()), true),
                new Entry(new NodeRestriction(authorizer), false),
                new Entry(new TaintNodesByCondition(), true),
                new Entry(new AlwaysPullImages(), false),
                new Entry(new PodSecurity(), true),
                new Entry(new Priority(), true),
                new Entry(new DefaultTolerationSeconds(DefaultTolerationSeconds.DEFAULT_SECONDS, DefaultTolerationSeconds.DEFAULT_SECONDS), true),
                new Entry(new ExtendedResourceToleration(), false),
                new Entry(new StorageClasses(), true),
                new Entry(new StorageObjectInUseProtection(), true),
                new Entry(new PersistentVolumeClaimResize(), true),
                new Entry(new RuntimeClasses(), true),
                new Entry(Certificates.approval(authorizer), true),
                new Entry(Certificates.signing(authorizer), true),
                new Entry(new CertificateSubjectRestriction(), true),
                new Entry(new IngressClasses(), true),
                new Entry(new DenyServiceExternalIPs(), false),
                new Entry(new PodTopologyLabels(), true),
                new Entry(new MutatingPolicies(authorizer), true),
                new Entry(new MutatingWebhooks(review), true),
                new Entry(new ValidatingPolicies(authorizer), true),
                new Entry(new ValidatingWebhooks(review), true),
                new Entry(new ResourceQuotas(foundation.writer()), true),
                new Entry(new AlwaysDeny(), false));
    }

    /// Those that run, in order.
    ///
    /// @throws IllegalArgumentException naming plugins that do not exist, or that are both enabled and disabled
    static List<AdmissionPlugin> chosen(Foundation foundation, Authorizer authorizer, HookCaller webhooks, Set<String> enabled, Set<String> disabled) {
        List<Entry> all = all(foundation, authorizer, webhooks);
        TreeSet<String> unknown = new TreeSet<>(enabled);
        unknown.addAll(disabled);
        all.forEach(entry -> unknown.remove(entry.plugin.name()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there are no admission plugins " + unknown + "; known ones are " + all.stream().map(entry -> entry.plugin.name()).toList());
        }
        TreeSet<String> both = new TreeSet<>(enabled);
        both.retainAll(disabled);
        if (!both.isEmpty()) {
            throw new IllegalArgumentException("the admission plugins " + both + " are both enabled and disabled; choose one");
        }
        return all.stream()
                .filter(entry -> (entry.byDefault || enabled.contains(entry.plugin.name())) && !disabled.contains(entry.plugin.name()))
                .map(Entry::plugin)
                .toList();
    }
}
