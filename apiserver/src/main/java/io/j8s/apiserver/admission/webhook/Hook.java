package io.j8s.apiserver.admission.webhook;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.policy.Matching;
import io.j8s.model.ApiResource;
import io.j8s.model.admissionregistration.v1.MatchCondition;
import io.j8s.model.admissionregistration.v1.MutatingWebhook;
import io.j8s.model.admissionregistration.v1.RuleWithOperations;
import io.j8s.model.admissionregistration.v1.ValidatingWebhook;
import io.j8s.model.admissionregistration.v1.WebhookClientConfig;
import io.j8s.model.meta.v1.LabelSelector;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A webhook of either kind.
///
/// @param tolerant whether a call that fails lets the request pass
/// @param harmless whether it may be called for dry runs
/// @param mutates whether it may answer with a patch
/// @param again whether it is asked again when another webhook changed the object after it
record Hook(
        String name,
        WebhookClientConfig target,
        List<Matching.Rule> rules,
        boolean equivalent,
        LabelSelector namespaces,
        LabelSelector objects,
        List<MatchCondition> conditions,
        boolean tolerant,
        boolean harmless,
        boolean again,
        boolean mutates,
        List<String> versions,
        Duration timeout) {

    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    static Hook of(ValidatingWebhook hook) {
        return new Hook(
                hook.name(), hook.clientConfig(), rules(hook.rules()), !hook.matchPolicy().equals("Exact"), hook.namespaceSelector(), hook.objectSelector(),
                hook.matchConditions(), hook.failurePolicy().equals("Ignore"), hook.sideEffects().startsWith("None"), false, false, hook.admissionReviewVersions(),
                timeout(hook.timeoutSeconds()));
    }

    static Hook of(MutatingWebhook hook) {
        return new Hook(
                hook.name(), hook.clientConfig(), rules(hook.rules()), !hook.matchPolicy().equals("Exact"), hook.namespaceSelector(), hook.objectSelector(),
                hook.matchConditions(), hook.failurePolicy().equals("Ignore"), hook.sideEffects().startsWith("None"), hook.reinvocationPolicy().equals("IfNeeded"), true,
                hook.admissionReviewVersions(), timeout(hook.timeoutSeconds()));
    }

    private static Duration timeout(int seconds) {
        return Duration.ofSeconds(seconds == 0 ? DEFAULT_TIMEOUT_SECONDS : seconds);
    }

    private static List<Matching.Rule> rules(List<RuleWithOperations> rules) {
        return rules.stream().map(rule -> new Matching.Rule(rule.operations(), rule.apiGroups(), rule.apiVersions(), rule.resources(), rule.scope(), List.of())).toList();
    }

    /// The version in which it wants to see the request; null when it is not concerned.
    @Nullable ApiResource<?> concerns(AdmissionRequest request) {
        ApiResource<?> version = Matching.version(request, rules, equivalent);
        boolean selected = version != null && Matching.namespace(request, namespaces) && Matching.object(request, objects);
        return selected ? version : null;
    }
}
