package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.authorization.node.PodReferences;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.LocalObjectReference;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/// Gives each pod a service account that exists, its pull secrets, and a volume with its token (plugin `ServiceAccount`).
///
/// The account `default` of a namespace is made by a controller a moment after the namespace: a pod that comes earlier waits for it a little.
public final class ServiceAccounts implements AdmissionPlugin {

    private static final String DEFAULT = "default";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String ONLY_LISTED_SECRETS = "kubernetes.io/enforce-mountable-secrets";
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final int ATTEMPTS_FOR_DEFAULT = 20;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(75);

    private final Timeline timeline;

    public ServiceAccounts(Timeline timeline) {
        this.timeline = timeline;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        boolean ephemeral = request.operation() == Operation.UPDATE && request.about("", "pods") && request.subresource().equals("ephemeralcontainers");
        return ephemeral || request.is(Operation.CREATE, "", "pods");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Pod pod = (Pod) object;
        if (request.operation() != Operation.CREATE) {
            return pod; // what was sent is not yet what will be: only ephemeral containers are taken from it
        }
        if (mirrors(pod)) {
            check(request, pod);
            return pod;
        }
        PodSpec spec = pod.spec();
        String name = spec.serviceAccountName().isEmpty() ? DEFAULT : spec.serviceAccountName();
        spec = spec.withServiceAccountName(name).withServiceAccount(name);
        ServiceAccount account = account(request, name);
        if (mounts(account, spec)) {
            spec = ServiceAccountMount.in(spec, timeline.random());
        }
        if (spec.imagePullSecrets().isEmpty() && !account.imagePullSecrets().isEmpty()) {
            spec = spec.withImagePullSecrets(account.imagePullSecrets().stream().map(one -> LocalObjectReference.EMPTY.withName(one.name())).toList());
        }
        Pod changed = pod.withSpec(spec);
        check(request, changed);
        return changed;
    }

    private static boolean mounts(ServiceAccount account, PodSpec spec) {
        if (spec.hasAutomountServiceAccountToken()) {
            return spec.automountServiceAccountToken();
        }
        return !account.hasAutomountServiceAccountToken() || account.automountServiceAccountToken();
    }

    private static boolean mirrors(Pod pod) {
        return pod.metadata().annotations().containsKey(MIRROR);
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.object() instanceof Pod pod) {
            check(request, pod);
        }
    }

    private void check(AdmissionRequest request, Pod pod) {
        if (mirrors(pod) && request.operation() == Operation.CREATE) {
            checkMirror(request, pod);
            return;
        }
        String name = pod.spec().serviceAccountName();
        if (name.isEmpty()) {
            throw request.forbidden("no service account specified for pod " + request.namespace() + "/" + pod.metadata().name());
        }
        ServiceAccount account = account(request, name);
        if (TRUE.contains(account.metadata().annotations().getOrDefault(ONLY_LISTED_SECRETS, ""))) {
            checkSecrets(request, pod, account);
        }
    }

    private static void checkMirror(AdmissionRequest request, Pod pod) {
        if (!pod.spec().serviceAccountName().isEmpty()) {
            throw request.forbidden("a mirror pod may not reference service accounts");
        }
        if (PodReferences.anySecret(pod, name -> true)) {
            throw request.forbidden("a mirror pod may not reference secrets");
        }
        if (PodReferences.projectsToken(pod)) {
            throw request.forbidden("a mirror pod may not use ServiceAccountToken volume projections");
        }
    }

    private static void checkSecrets(AdmissionRequest request, Pod pod, ServiceAccount account) {
        Set<String> mountable = account.secrets().stream().map(ObjectReference::name).collect(Collectors.toSet());
        Set<String> pull = account.imagePullSecrets().stream().map(LocalObjectReference::name).collect(Collectors.toSet());
        for (LocalObjectReference secret : pod.spec().imagePullSecrets()) {
            if (!pull.contains(secret.name())) {
                throw request.forbidden("imagePullSecret \"" + secret.name() + "\" is not allowed because service account " + account.metadata().name()
                        + " does not reference that imagePullSecret");
            }
        }
        Pod withoutPull = pod.withSpec(spec -> spec.withoutImagePullSecrets());
        if (PodReferences.anySecret(withoutPull, name -> !mountable.contains(name))) {
            throw request.forbidden("a secret that the pod references is not allowed because service account " + account.metadata().name()
                    + " does not reference it; it lists " + mountable);
        }
    }

    private ServiceAccount account(AdmissionRequest request, String name) {
        int attempts = name.equals(DEFAULT) && !request.dryRun() ? ATTEMPTS_FOR_DEFAULT : 1;
        for (int attempt = 1; attempt <= attempts; attempt++) {
            ServiceAccount account = request.state().get(ServiceAccount.RESOURCE, request.namespace(), name);
            if (account != null) {
                return account;
            }
            if (attempt < attempts && !rest()) {
                break;
            }
        }
        throw request.forbidden("error looking up service account " + request.namespace() + "/" + name + ": serviceaccount \"" + name + "\" not found");
    }

    private boolean rest() {
        try {
            timeline.sleep(BETWEEN_ATTEMPTS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
