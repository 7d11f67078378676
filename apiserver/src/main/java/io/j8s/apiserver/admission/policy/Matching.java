package io.j8s.apiserver.admission.policy;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.selector.Selector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which requests a policy or webhook is about.
public final class Matching {

    private static final String OWN_GROUP = "admissionregistration.k8s.io";

    private Matching() {}

    /// A rule of a policy or webhook.
    ///
    /// @param names empty for all
    public record Rule(List<String> operations, List<String> groups, List<String> versions, List<String> resources, String scope, List<String> names) {}

    /// Whether such a request may be chosen at all: what configures admission is never subject to it.
    public static boolean possible(AdmissionRequest request) {
        return !(request.group().equals(OWN_GROUP) && (request.requested().plural().endsWith("webhookconfigurations") || request.requested().plural().contains("admissionpolic")));
    }

    /// The version of the resource in which a rule chooses the request: the requested one if a rule names it; if not, and equivalent versions count too, another one.
    /// Null when no rule chooses it.
    public static @Nullable ApiResource<?> version(AdmissionRequest request, List<Rule> rules, boolean equivalent) {
        if (rules.stream().anyMatch(rule -> matches(request, rule, request.requested()))) {
            return request.requested();
        }
        if (equivalent) {
            for (Version<?, ?> version : request.resource().versions()) {
                if (rules.stream().anyMatch(rule -> matches(request, rule, version.resource()))) {
                    return version.resource();
                }
            }
        }
        return null;
    }

    private static boolean matches(AdmissionRequest request, Rule rule, ApiResource<?> version) {
        return has(rule.operations, request.operation().name())
                && has(rule.groups, version.group())
                && has(rule.versions, version.version())
                && rule.resources.stream().anyMatch(resource -> resource(resource, version.plural(), request.subresource()))
                && scope(rule.scope, request)
                && (rule.names.isEmpty() || rule.names.contains(request.name()));
    }

    private static boolean has(List<String> allowed, String one) {
        return allowed.contains("*") || allowed.contains(one);
    }

    private static boolean resource(String pattern, String plural, String subresource) {
        int slash = pattern.indexOf('/');
        String wantedPlural = slash < 0 ? pattern : pattern.substring(0, slash);
        String wantedSub = slash < 0 ? "" : pattern.substring(slash + 1);
        return (wantedPlural.equals("*") || wantedPlural.equals(plural)) && (wantedSub.equals("*") || wantedSub.equals(subresource));
    }

    private static boolean scope(String scope, AdmissionRequest request) {
        boolean namespaced = !request.namespace().isEmpty() && !request.about("", "namespaces");
        return switch (scope) {
            case "Namespaced" -> namespaced;
            case "Cluster" -> !namespaced;
            default -> true;
        };
    }

    /// Whether the labels of the request's namespace, or of the Namespace that it is about, are selected; other objects of the cluster always are.
    public static boolean namespace(AdmissionRequest request, LabelSelector selector) {
        Selector wanted = Selector.of(selector);
        if (wanted.selectsEverything()) {
            return true;
        }
        if (request.about("", "namespaces")) {
            Struct itself = request.object() instanceof Namespace ? request.object() : request.old();
            return itself != null && wanted.matches(Objects.metadata(itself).labels());
        }
        if (request.namespace().isEmpty()) {
            return true;
        }
        Namespace namespace = request.state().get(Namespace.RESOURCE, "", request.namespace());
        return namespace != null && wanted.matches(namespace.metadata().labels());
    }

    /// Whether the labels of the new or the old object are selected.
    public static boolean object(AdmissionRequest request, LabelSelector selector) {
        Selector wanted = Selector.of(selector);
        return wanted.selectsEverything() || selected(wanted, request.object()) || selected(wanted, request.old());
    }

    private static boolean selected(Selector selector, @Nullable Struct object) {
        if (object == null) {
            return false;
        }
        Map<String, String> labels = Objects.metadata(object).labels();
        return selector.matches(labels);
    }

    /// An object of the request in a version of its resource; the body of an action, which is of another kind, as it is.
    public static @Nullable Struct in(AdmissionRequest request, ApiResource<?> version, @Nullable Struct object) {
        return object == null || !request.resource().holds(object.structType()) ? object : converted(request.resource(), version, object);
    }

    private static <T extends Struct> Struct converted(Resource<T> resource, ApiResource<?> to, Struct object) {
        Version<T, ?> version = resource.version(to.group(), to.version());
        return version == null ? object : Objects.typed(version.fromHub().apply(resource.cast(object)));
    }

    /// An object in a version of the resource, brought back to the version that the server works in.
    public static Struct back(AdmissionRequest request, ApiResource<?> version, Struct object) {
        Version<?, ?> from = request.resource().version(version.group(), version.version());
        return from == null || object.structType() != version.type() ? object : from.toHub(object);
    }
}
