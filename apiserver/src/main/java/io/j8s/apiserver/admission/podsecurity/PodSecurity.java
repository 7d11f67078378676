package io.j8s.apiserver.admission.podsecurity;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.configuration.Document;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.batch.v1.CronJob;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplate;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.ReplicationController;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Enforces the Pod Security Standards on pods, and tells of templates that would violate them.
public final class PodSecurity implements AdmissionPlugin {

    private static final Set<String> HARMLESS = Set.of("exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status");
    private static final Set<String> TEMPLATED = Set.of(
            "/podtemplates", "/replicationcontrollers", "apps/replicasets", "apps/deployments", "apps/statefulsets", "apps/daemonsets", "batch/jobs", "batch/cronjobs");
    private static final String AUDIT = "pod-security.kubernetes.io/";
    private static final int MOST_PODS = 3000;

    private final NamespacePolicy defaults;
    private final Exemptions exemptions;
    private final StandardMetrics metrics;

    /// To whom the standards do not apply.
    public record Exemptions(Set<String> users, Set<String> namespaces, Set<String> runtimeClasses) {
        public static final Exemptions NONE = new Exemptions(Set.of(), Set.of(), Set.of());

        public Exemptions {
            users = Set.copyOf(users);
            namespaces = Set.copyOf(namespaces);
            runtimeClasses = Set.copyOf(runtimeClasses);
        }
    }

    /// With the defaults of a fresh server: namespaces without labels take every pod.
    public PodSecurity(StandardMetrics metrics) {
        this(Map.of(), Exemptions.NONE, metrics);
    }

    /// @param defaults what counts for namespaces that do not say otherwise, written as their labels would be
    public PodSecurity(Map<String, String> defaults, Exemptions exemptions, StandardMetrics metrics) {
        this.metrics = metrics;
        FieldErrors errors = new FieldErrors();
        NamespacePolicy privileged = new NamespacePolicy(Standard.PRIVILEGED, Standard.PRIVILEGED, Standard.PRIVILEGED);
        this.defaults = NamespacePolicy.of(defaults, privileged, errors);
        this.exemptions = exemptions;
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("the defaults of PodSecurity: " + errors.list());
        }
    }

    /// As a PodSecurityConfiguration says.
    public static PodSecurity configured(Document configuration, StandardMetrics metrics) {
        configuration.text("apiVersion");
        configuration.text("kind");
        Document given = configuration.object("defaults");
        Map<String, String> defaults = new LinkedHashMap<>();
        for (String mode : List.of("enforce", "audit", "warn")) {
            for (String name : List.of(mode, mode + "-version")) {
                if (given.has(name)) {
                    defaults.put(AUDIT + name, given.text(name));
                }
            }
        }
        given.end();
        Document exempt = configuration.object("exemptions");
        Exemptions exemptions = new Exemptions(
                Set.copyOf(exempt.texts("usernames")), Set.copyOf(exempt.texts("namespaces")), Set.copyOf(exempt.texts("runtimeClasses")));
        exempt.end();
        configuration.end();
        return new PodSecurity(defaults, exemptions, metrics);
    }

    @Override
    public String name() {
        return "PodSecurity";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        boolean write = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!write || (request.group().isEmpty() && request.requested().plural().equals("pods") && HARMLESS.contains(request.subresource()))) {
            return false;
        }
        String what = request.group() + "/" + request.requested().plural();
        return what.equals("/pods") || (request.subresource().isEmpty() && (what.equals("/namespaces") || TEMPLATED.contains(what)));
    }

    @Override
    public void validate(AdmissionRequest request) {
        switch (request.object()) {
            case null -> { }
            case Namespace namespace -> namespace(request, namespace);
            case Pod pod -> pod(request, pod);
            case Struct other -> template(request, other);
        }
    }

    private void namespace(AdmissionRequest request, Namespace namespace) {
        FieldErrors errors = new FieldErrors();
        NamespacePolicy policy = NamespacePolicy.of(namespace.metadata().labels(), defaults, errors);
        if (!(request.old() instanceof Namespace old)) {
            refuse(request, errors);
            return;
        }
        FieldErrors oldErrors = new FieldErrors();
        NamespacePolicy before = NamespacePolicy.of(old.metadata().labels(), defaults, oldErrors);
        if (!errors.list().equals(oldErrors.list())) {
            refuse(request, errors);
        }
        boolean looser = policy.enforce().minor() == before.enforce().minor() && policy.enforce().level().compareTo(before.enforce().level()) <= 0;
        boolean exempt = exemptions.namespaces.contains(namespace.metadata().name());
        if (!policy.enforce().equals(before.enforce()) && policy.enforce().level() != Standard.Level.PRIVILEGED && !looser && !exempt) {
            warnOfPods(request, namespace.metadata().name(), policy.enforce());
        }
    }

    private static void refuse(AdmissionRequest request, FieldErrors errors) {
        if (!errors.isEmpty()) {
            throw Refusal.invalid("", "Namespace", request.name(), errors.list());
        }
    }

    private void warnOfPods(AdmissionRequest request, String namespace, Standard enforce) {
        Map<String, List<String>> pods = new LinkedHashMap<>();
        List<Pod> all = request.state().list(Pod.RESOURCE, namespace);
        for (Pod pod : all.subList(0, Math.min(all.size(), MOST_PODS))) {
            String violations = exemptions.runtimeClasses.contains(pod.spec().runtimeClassName())
                    ? "" : Standards.violations(enforce, PodView.of(pod.metadata(), pod.spec())).replaceAll(" \\((?:[^()]|\\([^()]*\\))*\\)", "");
            if (!violations.isEmpty()) {
                pods.computeIfAbsent(violations, key -> new ArrayList<>()).add(pod.metadata().name());
            }
        }
        if (!pods.isEmpty()) {
            request.warn().accept("existing pods in namespace \"" + namespace + "\" violate the new PodSecurity enforce level \"" + enforce + "\"");
            pods.forEach((violations, names) -> request.warn().accept(
                    names.getFirst() + (names.size() == 1 ? "" : " (and " + (names.size() - 1) + " other pod" + (names.size() == 2 ? "" : "s") + ")") + ": " + violations));
        }
    }

    private boolean exempt(AdmissionRequest request, String runtimeClass) {
        return exemptions.users.contains(request.user().name()) || exemptions.namespaces.contains(request.namespace()) || exemptions.runtimeClasses.contains(runtimeClass);
    }

    private @Nullable NamespacePolicy policy(AdmissionRequest request) {
        Namespace namespace = request.state().get(Namespace.RESOURCE, "", request.namespace());
        if (namespace == null) {
            return null;
        }
        FieldErrors unreadable = new FieldErrors();
        NamespacePolicy policy = NamespacePolicy.of(namespace.metadata().labels(), defaults, unreadable);
        if (!unreadable.isEmpty()) {
            metrics.failed(request, false);
        }
        return policy.allPrivileged() ? null : policy;
    }

    private void pod(AdmissionRequest request, Pod pod) {
        String reason = exemptions.namespaces.contains(request.namespace()) ? "namespace" : exemptions.users.contains(request.user().name()) ? "user" : "";
        if (!reason.isEmpty()) {
            metrics.exempt(request);
            request.annotate().accept(AUDIT + "exempt", reason);
            return;
        }
        NamespacePolicy policy = policy(request);
        if (policy == null) {
            metrics.judged(request, Standard.PRIVILEGED, "enforce", true);
            request.annotate().accept(AUDIT + "enforce-policy", "privileged:latest");
            return;
        }
        if (request.old() instanceof Pod old && !significant(pod, old)) {
            return;
        }
        if (exemptions.runtimeClasses.contains(pod.spec().runtimeClassName())) {
            metrics.exempt(request);
            request.annotate().accept(AUDIT + "exempt", "runtimeClass");
            return;
        }
        PodView view = PodView.of(pod.metadata(), pod.spec());
        request.annotate().accept(AUDIT + "enforce-policy", policy.enforce().toString());
        String violations = Standards.violations(policy.enforce(), view);
        metrics.judged(request, policy.enforce(), "enforce", violations.isEmpty());
        tell(request, policy, view, violations.isEmpty());
        if (!violations.isEmpty()) {
            throw request.forbidden("violates PodSecurity \"" + policy.enforce() + "\": " + violations);
        }
    }

    /// Whether an update is looked at: containers that come or go, and other images.
    private static boolean significant(Pod pod, Pod old) {
        return !images(pod.spec().containers()).equals(images(old.spec().containers()))
                || !images(pod.spec().initContainers()).equals(images(old.spec().initContainers()))
                || pod.spec().ephemeralContainers().stream().anyMatch(one ->
                        old.spec().ephemeralContainers().stream().noneMatch(before -> before.name().equals(one.name()) && before.image().equals(one.image())));
    }

    private static List<String> images(List<Container> containers) {
        return containers.stream().map(Container::image).toList();
    }

    private void template(AdmissionRequest request, Struct object) {
        PodTemplateSpec template = template(object);
        boolean exempt = template != null && exempt(request, template.spec().runtimeClassName());
        if (exempt) {
            metrics.exempt(request);
        }
        NamespacePolicy policy = template == null || exempt ? null : policy(request);
        if (policy != null && template != null) {
            tell(request, policy, PodView.of(template.metadata(), template.spec()), true);
        }
    }

    private static @Nullable PodTemplateSpec template(Struct object) {
        return switch (object) {
            case PodTemplate one -> one.template();
            case ReplicationController one -> one.spec().hasTemplate() ? one.spec().template() : null;
            case ReplicaSet one -> one.spec().template();
            case Deployment one -> one.spec().template();
            case StatefulSet one -> one.spec().template();
            case DaemonSet one -> one.spec().template();
            case Job one -> one.spec().template();
            case CronJob one -> one.spec().jobTemplate().spec().template();
            default -> null;
        };
    }

    private void tell(AdmissionRequest request, NamespacePolicy policy, PodView view, boolean warns) {
        String audited = Standards.violations(policy.audit(), view);
        if (!audited.isEmpty()) {
            metrics.judged(request, policy.audit(), "audit", false);
            request.annotate().accept(AUDIT + "audit-violations", "would violate PodSecurity \"" + policy.audit() + "\": " + audited);
        }
        String warned = warns ? Standards.violations(policy.warn(), view) : "";
        if (!warned.isEmpty()) {
            metrics.judged(request, policy.warn(), "warn", false);
            request.warn().accept("would violate PodSecurity \"" + policy.warn() + "\": " + warned);
        }
    }
}
