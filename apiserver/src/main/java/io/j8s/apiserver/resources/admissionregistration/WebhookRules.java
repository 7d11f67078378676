package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.ServiceReference;
import io.j8s.model.admissionregistration.v1.WebhookClientConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The rules for webhooks. What the older state of all webhooks already breaks, an update may break as well.
final class WebhookRules {

    private static final Set<String> FAILURE_POLICIES = Set.of("Fail", "Ignore");
    private static final Set<String> MATCH_POLICIES = Set.of("Exact", "Equivalent");
    private static final Set<String> HARMLESS = Set.of("None", "NoneOnDryRun");
    private static final Set<String> SIDE_EFFECTS = Set.of("None", "NoneOnDryRun", "Some", "Unknown");
    private static final Set<String> REINVOCATIONS = Set.of("Never", "IfNeeded");
    private static final Set<String> REVIEW_VERSIONS = Set.of("v1", "v1beta1");
    private static final int MOST_SECONDS = 30;
    private static final int HIGHEST_PORT = 65535;

    private WebhookRules() {}

    /// What an update may leave wrong.
    private record Tolerance(boolean sideEffects, boolean reviewVersions, boolean sameNames) {
        static Tolerance of(List<Webhook> old) {
            return new Tolerance(
                    !old.stream().allMatch(hook -> HARMLESS.contains(hook.sideEffects())),
                    old.stream().anyMatch(hook -> !hook.reviewVersions().isEmpty() && hook.reviewVersions().stream().noneMatch(REVIEW_VERSIONS::contains)),
                    old.stream().map(Webhook::name).collect(Collectors.toSet()).size() < old.size());
        }
    }

    /// `old` is empty on create.
    static void check(List<Webhook> hooks, List<Webhook> old, FieldErrors errors) {
        Tolerance tolerance = Tolerance.of(old);
        boolean sameConditions = !old.isEmpty() && old.stream().map(Webhook::matchConditions).toList().equals(hooks.stream().map(Webhook::matchConditions).toList());
        Set<String> names = new HashSet<>();
        for (int i = 0; i < hooks.size(); i++) {
            Webhook hook = hooks.get(i);
            FieldPath path = FieldPath.of("webhooks").index(i);
            hook(hook, tolerance, path, errors);
            if (!sameConditions) {
                MatchConditionRules.check(hook.matchConditions(), Expressions.ofWebhook(), path.child("matchConditions"), errors);
            }
            reviewVersions(hook.reviewVersions(), !tolerance.reviewVersions(), path.child("admissionReviewVersions"), errors);
            if (!hook.name().isEmpty() && !names.add(hook.name()) && !tolerance.sameNames()) {
                errors.duplicate(path.child("name"), hook.name());
            }
        }
    }

    private static void hook(Webhook hook, Tolerance tolerance, FieldPath path, FieldErrors errors) {
        name(hook.name(), path.child("name"), errors);
        OperationRules.check(hook.rules(), path.child("rules"), errors);
        oneOf(hook.failurePolicy(), FAILURE_POLICIES, path.child("failurePolicy"), errors);
        oneOf(hook.matchPolicy(), MATCH_POLICIES, path.child("matchPolicy"), errors);
        Set<String> allowed = tolerance.sideEffects() ? SIDE_EFFECTS : HARMLESS;
        if (hook.sideEffects().isEmpty()) {
            errors.required(path.child("sideEffects"), "must specify one of None, NoneOnDryRun");
        } else {
            oneOf(hook.sideEffects(), allowed, path.child("sideEffects"), errors);
        }
        if (hook.timeoutSeconds() < 1 || hook.timeoutSeconds() > MOST_SECONDS) {
            errors.invalid(path.child("timeoutSeconds"), hook.timeoutSeconds(), "the timeout value must be between 1 and 30 seconds");
        }
        SelectorRules.selector(hook.namespaceSelector(), path.child("namespaceSelector"), errors);
        SelectorRules.selector(hook.objectSelector(), path.child("objectSelector"), errors);
        if (hook.reinvocationPolicy() != null) {
            oneOf(hook.reinvocationPolicy(), REINVOCATIONS, path.child("reinvocationPolicy"), errors);
        }
        client(hook.clientConfig(), path.child("clientConfig"), errors);
    }

    static void oneOf(String value, Set<String> supported, FieldPath path, FieldErrors errors) {
        if (!supported.contains(value)) {
            errors.notSupported(path, value, supported);
        }
    }

    private static void name(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
        } else if (!Names.dnsSubdomain(name).isEmpty()) {
            errors.invalid(path, name, String.join(",", Names.dnsSubdomain(name)));
        } else if (name.split("\\.").length < 3) {
            errors.invalid(path, name, "should be a domain with at least three segments separated by dots");
        }
    }

    private static void reviewVersions(List<String> versions, boolean oneKnown, FieldPath path, FieldErrors errors) {
        if (versions.isEmpty()) {
            errors.required(path, "must specify one of v1, v1beta1");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < versions.size(); i++) {
            String version = versions.get(i);
            FieldPath here = path.index(i);
            if (seen.add(version)) {
                Names.dnsLabel1035(version).forEach(problem -> errors.invalid(here, version, problem));
            } else {
                errors.invalid(here, version, "duplicate version");
            }
        }
        if (oneKnown && versions.stream().noneMatch(REVIEW_VERSIONS::contains)) {
            errors.invalid(path, versions, "must include at least one of v1, v1beta1");
        }
    }

    private static void client(WebhookClientConfig config, FieldPath path, FieldErrors errors) {
        if (config.hasUrl() == config.hasService()) {
            errors.required(path, "exactly one of url or service is required");
        } else if (config.hasUrl()) {
            url(config.url(), path.child("url"), errors);
        } else {
            service(config.service(), path.child("service"), errors);
        }
    }

    private static void url(String text, FieldPath path, FieldErrors errors) {
        URI url;
        try {
            url = lenient(text);
        } catch (URISyntaxException e) {
            errors.required(path, "url must be a valid URL: " + e.getMessage() + "; desired format: https://host[/path]");
            return;
        }
        if (!"https".equals(url.getScheme())) {
            errors.invalid(path, url.getScheme() == null ? "" : url.getScheme(), "'https' is the only allowed URL scheme; desired format: https://host[/path]");
        }
        if (url.getRawAuthority() == null) {
            errors.invalid(path, "", "host must be specified; desired format: https://host[/path]");
        }
        if (url.getRawUserInfo() != null) {
            errors.invalid(path, url.getRawUserInfo(), "user information is not permitted in the URL");
        }
        if (url.getRawFragment() != null && !url.getRawFragment().isEmpty()) {
            errors.invalid(path, url.getRawFragment(), "fragments are not permitted in the URL");
        }
        if (url.getRawQuery() != null && !url.getRawQuery().isEmpty()) {
            errors.invalid(path, url.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    /// As upstream reads URLs: without a host, and with spaces in the path.
    private static URI lenient(String text) throws URISyntaxException {
        URI url = new URI((text.endsWith("://") ? text + "/" : text).replace(" ", "%20"));
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("%20")) {
            throw new URISyntaxException(text, "invalid character \" \" in host name");
        }
        return url;
    }

    private static void service(ServiceReference service, FieldPath path, FieldErrors errors) {
        if (service.namespace().isEmpty()) {
            errors.required(path.child("name"), "the service's namespace is missing"); // upstream takes the one for the other
        }
        if (service.name().isEmpty()) {
            errors.required(path.child("namespace"), "the service's name is missing");
        }
        if (service.port() < 1 || service.port() > HIGHEST_PORT) {
            errors.invalid(path.child("port"), service.port(), "port is not valid: must be between 1 and 65535, inclusive");
        }
        String text = service.path();
        if (!text.isEmpty() && !text.equals("/")) {
            path(text, path.child("path"), errors);
        }
    }

    private static void path(String text, FieldPath path, FieldErrors errors) {
        if (text.equals("//")) {
            errors.invalid(path, text, "segment[0] may not be empty");
            return;
        }
        if (!text.startsWith("/")) {
            errors.invalid(path, text, "must start with a '/'");
        }
        String inner = text.substring(1);
        String[] steps = (inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner).split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            String segment = "segment[" + i + "]";
            if (steps[i].isEmpty()) {
                errors.invalid(path, text, segment + " may not be empty");
            } else {
                Names.dnsSubdomain(steps[i]).forEach(problem -> errors.invalid(path, text, segment + ": " + problem));
            }
        }
    }
}
