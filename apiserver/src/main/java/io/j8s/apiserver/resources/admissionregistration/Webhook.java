package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resources.core.Elements;
import io.j8s.model.admissionregistration.v1.MatchCondition;
import io.j8s.model.admissionregistration.v1.MutatingWebhook;
import io.j8s.model.admissionregistration.v1.RuleWithOperations;
import io.j8s.model.admissionregistration.v1.ValidatingWebhook;
import io.j8s.model.admissionregistration.v1.WebhookClientConfig;
import io.j8s.model.meta.v1.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What both kinds of webhooks have; what is not set is empty.
///
/// @param reinvocationPolicy null for webhooks that only validate
record Webhook(
        String name, List<RuleWithOperations> rules, String failurePolicy, String matchPolicy, String sideEffects, int timeoutSeconds, LabelSelector namespaceSelector,
        LabelSelector objectSelector, @Nullable String reinvocationPolicy, WebhookClientConfig clientConfig, List<MatchCondition> matchConditions, List<String> reviewVersions) {

    private static final int DEFAULT_TIMEOUT_SECONDS = 10;
    private static final int DEFAULT_PORT = 443;

    static Webhook of(ValidatingWebhook hook) {
        return new Webhook(
                hook.name(), hook.rules(), hook.failurePolicy(), hook.matchPolicy(), hook.sideEffects(), hook.timeoutSeconds(), hook.namespaceSelector(),
                hook.objectSelector(), null, hook.clientConfig(), hook.matchConditions(), hook.admissionReviewVersions());
    }

    static Webhook of(MutatingWebhook hook) {
        return new Webhook(
                hook.name(), hook.rules(), hook.failurePolicy(), hook.matchPolicy(), hook.sideEffects(), hook.timeoutSeconds(), hook.namespaceSelector(),
                hook.objectSelector(), hook.hasReinvocationPolicy() ? hook.reinvocationPolicy() : null, hook.clientConfig(), hook.matchConditions(), hook.admissionReviewVersions());
    }

    static ValidatingWebhook withDefaults(ValidatingWebhook sent) {
        ValidatingWebhook hook = sent.hasFailurePolicy() ? sent : sent.withFailurePolicy("Fail");
        hook = hook.hasMatchPolicy() ? hook : hook.withMatchPolicy("Equivalent");
        hook = hook.hasNamespaceSelector() ? hook : hook.withNamespaceSelector(LabelSelector.EMPTY);
        hook = hook.hasObjectSelector() ? hook : hook.withObjectSelector(LabelSelector.EMPTY);
        hook = hook.hasTimeoutSeconds() ? hook : hook.withTimeoutSeconds(DEFAULT_TIMEOUT_SECONDS);
        hook = hook.hasRules() ? hook.withRules(withDefaults(hook.rules())) : hook;
        return hook.withClientConfig(withDefaults(hook.clientConfig()));
    }

    static MutatingWebhook withDefaults(MutatingWebhook sent) {
        MutatingWebhook hook = sent.hasFailurePolicy() ? sent : sent.withFailurePolicy("Fail");
        hook = hook.hasMatchPolicy() ? hook : hook.withMatchPolicy("Equivalent");
        hook = hook.hasNamespaceSelector() ? hook : hook.withNamespaceSelector(LabelSelector.EMPTY);
        hook = hook.hasObjectSelector() ? hook : hook.withObjectSelector(LabelSelector.EMPTY);
        hook = hook.hasTimeoutSeconds() ? hook : hook.withTimeoutSeconds(DEFAULT_TIMEOUT_SECONDS);
        hook = hook.hasReinvocationPolicy() ? hook : hook.withReinvocationPolicy("Never");
        hook = hook.hasRules() ? hook.withRules(withDefaults(hook.rules())) : hook;
        return hook.withClientConfig(withDefaults(hook.clientConfig()));
    }

    private static List<RuleWithOperations> withDefaults(List<RuleWithOperations> rules) {
        return Elements.map(rules, rule -> rule.hasScope() ? rule : rule.withScope("*"));
    }

    private static WebhookClientConfig withDefaults(WebhookClientConfig config) {
        return config.hasService() && !config.service().hasPort() ? config.withService(service -> service.withPort(DEFAULT_PORT)) : config;
    }
}
