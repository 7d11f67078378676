package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSchedulingGate;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ResourceRequirements;
import io.j8s.model.core.v1.Toleration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What may change of a pod once it is there: little.
final class PodUpdateRules {

    static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath STATUS = FieldPath.of("status");
    private static final String UPDATABLE =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                    + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final Set<String> RESIZABLE = Set.of("cpu", "memory");

    private PodUpdateRules() {}

    static void update(Pod pod, Pod old, FieldErrors errors) {
        PodAnnotationRules.update(pod, old, errors);
        if (!sameNumber(pod.spec().containers(), old.spec().containers(), SPEC.child("containers"), errors)
                || !sameNumber(pod.spec().initContainers(), old.spec().initContainers(), SPEC.child("initContainers"), errors)
                || !deadline(pod.spec(), old.spec(), errors)) {
            return;
        }
        tolerations(pod.spec().tolerations(), old.spec().tolerations(), errors);
        gates(pod.spec().schedulingGates(), old.spec().schedulingGates(), errors);
        if (pod.spec().equals(old.spec())) {
            return;
        }
        PodSpec rest = withoutUpdatable(pod.spec(), old.spec());
        if (!old.spec().schedulingGates().isEmpty()) {
            rest = GatedPodRules.withoutUpdatable(rest, old.spec(), errors);
        }
        if (!rest.equals(old.spec())) {
            errors.forbidden(SPEC, UPDATABLE);
        }
    }

    private static boolean sameNumber(List<Container> containers, List<Container> old, FieldPath path, FieldErrors errors) {
        if (containers.size() != old.size()) {
            errors.forbidden(path, "pod updates may not add or remove containers");
            return false;
        }
        for (int i = 0; i < containers.size(); i++) {
            String image = containers.get(i).image();
            if (image.isBlank()) {
                errors.required(path.index(i).child("image"));
            }
        }
        return true;
    }

    private static boolean deadline(PodSpec spec, PodSpec old, FieldErrors errors) {
        FieldPath path = SPEC.child("activeDeadlineSeconds");
        if (!spec.hasActiveDeadlineSeconds()) {
            if (old.hasActiveDeadlineSeconds()) {
                errors.invalid(path, null, "must not update from a positive integer to nil value");
            }
            return true;
        }
        long seconds = spec.activeDeadlineSeconds();
        if (seconds < 0 || seconds > Integer.MAX_VALUE) {
            errors.invalid(path, seconds, "must be between 0 and 2147483647, inclusive");
            return false;
        }
        if (old.hasActiveDeadlineSeconds() && old.activeDeadlineSeconds() < seconds) {
            errors.invalid(path, seconds, "must be less than or equal to previous value");
            return false;
        }
        return true;
    }

    private static void tolerations(List<Toleration> tolerations, List<Toleration> old, FieldErrors errors) {
        Set<Toleration> now = tolerations.stream().map(Toleration::withoutTolerationSeconds).collect(Collectors.toCollection(HashSet::new));
        for (Toleration before : old) {
            if (!now.contains(before.withoutTolerationSeconds())) {
                errors.forbidden(SPEC.child("tolerations"), "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static void gates(List<PodSchedulingGate> gates, List<PodSchedulingGate> old, FieldErrors errors) {
        Set<PodSchedulingGate> known = new HashSet<>(old);
        for (int i = 0; i < gates.size(); i++) {
            if (!known.contains(gates.get(i))) {
                errors.forbidden(SPEC.child("schedulingGates").index(i).child("name"), "only deletion is allowed, but found new scheduling gate '" + gates.get(i).name() + "'");
            }
        }
    }

    private static PodSpec withoutUpdatable(PodSpec spec, PodSpec old) {
        PodSpec rest = spec.withContainers(withImages(spec.containers(), old.containers()))
                .withInitContainers(withImages(spec.initContainers(), old.initContainers()))
                .withSchedulingGates(old.schedulingGates())
                .withTolerations(old.tolerations());
        rest = old.hasActiveDeadlineSeconds() ? rest.withActiveDeadlineSeconds(old.activeDeadlineSeconds()) : rest.withoutActiveDeadlineSeconds();
        if (old.terminationGracePeriodSeconds() < 0 && spec.terminationGracePeriodSeconds() == 1) {
            rest = rest.withTerminationGracePeriodSeconds(old.terminationGracePeriodSeconds());
        }
        return rest;
    }

    private static List<Container> withImages(List<Container> containers, List<Container> old) {
        List<Container> changed = new ArrayList<>(containers.size());
        for (int i = 0; i < containers.size(); i++) {
            changed.add(containers.get(i).withImage(old.get(i).image()));
        }
        return changed;
    }

    // ---- status

    static void status(Pod pod, Pod old, FieldErrors errors) {
        PodAnnotationRules.update(pod, old, errors);
        for (int i = 0; i < pod.status().conditions().size(); i++) {
            String type = pod.status().conditions().get(i).type();
            if (!Set.of("PodScheduled", "Ready", "Initialized", "ContainersReady", "DisruptionTarget", "PodReadyToStartContainers").contains(type)) {
                FieldPath path = STATUS.child("conditions").index(i).child("Type");
                io.j8s.apiserver.resource.Names.qualifiedName(type).forEach(problem -> errors.invalid(path, type, problem));
            }
        }
        String nominated = pod.status().nominatedNodeName();
        if (!nominated.equals(old.status().nominatedNodeName()) && !nominated.isEmpty()) {
            FieldPath path = STATUS.child("nominatedNodeName");
            io.j8s.apiserver.resource.Names.dnsSubdomain(nominated).forEach(problem -> errors.invalid(path, nominated, problem));
            if (!old.spec().nodeName().isEmpty()) {
                errors.forbidden(path, "may not be set on pods that are already bound to a node");
            }
        }
        if (pod.status().observedGeneration() < 0) {
            errors.invalid(STATUS.child("observedGeneration"), pod.status().observedGeneration(), "must be a non-negative integer");
        }
        errors.immutable(STATUS.child("qosClass"), pod.status().qosClass(), old.status().qosClass());
        transitions(pod, old, errors);
        PodStatusRules.claims(pod, errors);
        PodStatusRules.addresses(pod, errors);
        ContainerStatusRules.of(pod, errors);
    }

    private static void transitions(Pod pod, Pod old, FieldErrors errors) {
        String policy = old.spec().restartPolicy();
        boolean allMayBeginAnew = Stream.concat(old.spec().initContainers().stream(), old.spec().containers().stream())
                .flatMap(c -> c.restartPolicyRules().stream()).anyMatch(rule -> rule.action().equals("RestartAllContainers"));
        if (allMayBeginAnew) {
            return;
        }
        Map<String, Container> containers = old.spec().containers().stream().collect(Collectors.toMap(Container::name, c -> c, (a, b) -> a, LinkedHashMap::new));
        checkEnded(pod.status().containerStatuses(), old.status().containerStatuses(), STATUS.child("containerStatuses"), errors, status -> {
            Container container = containers.get(status.name());
            int code = status.state().terminated().exitCode();
            return container != null && (byRule(container, code) || restarts(container.restartPolicy().isEmpty() ? policy : container.restartPolicy(), code));
        });
        Map<String, Container> init = old.spec().initContainers().stream().collect(Collectors.toMap(Container::name, c -> c, (a, b) -> a, LinkedHashMap::new));
        checkEnded(pod.status().initContainerStatuses(), old.status().initContainerStatuses(), STATUS.child("initContainerStatuses"), errors, status -> {
            Container container = init.get(status.name());
            boolean sidecar = container != null && container.restartPolicy().equals("Always");
            return sidecar || policy.equals("Always") || (status.state().terminated().exitCode() != 0 && policy.equals("OnFailure"));
        });
        checkEnded(pod.status().ephemeralContainerStatuses(), old.status().ephemeralContainerStatuses(), STATUS.child("ephemeralContainerStatuses"), errors, status -> false);
    }

    /// Whether one of the container's own rules has it started again (KEP-5307).
    private static boolean byRule(Container container, int exitCode) {
        return container.restartPolicyRules().stream().anyMatch(rule -> rule.action().equals("Restart") && rule.hasExitCodes()
                && rule.exitCodes().values().contains(exitCode) != rule.exitCodes().operator().equals("NotIn"));
    }

    private static boolean restarts(String policy, int exitCode) {
        return policy.equals("Always") || (policy.equals("OnFailure") && exitCode != 0);
    }

    private static void checkEnded(
            List<ContainerStatus> now, List<ContainerStatus> before, FieldPath path, FieldErrors errors, java.util.function.Predicate<ContainerStatus> mayRestart) {
        for (int i = 0; i < before.size(); i++) {
            ContainerStatus old = before.get(i);
            if (!old.state().hasTerminated() || mayRestart.test(old)) {
                continue;
            }
            if (now.stream().anyMatch(status -> status.name().equals(old.name()) && !status.state().hasTerminated())) {
                errors.forbidden(path.index(i).child("state"), "may not be transitioned to non-terminated state");
            }
        }
    }

    // ---- ephemeral containers

    static void ephemeralContainers(Pod pod, Pod old, FieldErrors errors) {
        PodRules.rules(pod, errors);
        if (old.metadata().annotations().containsKey(MIRROR)) {
            errors.forbidden(FieldPath.of(""), "static pods do not support ephemeral containers");
            return;
        }
        Map<String, EphemeralContainer> now = new LinkedHashMap<>();
        pod.spec().ephemeralContainers().forEach(container -> now.put(container.name(), container));
        FieldPath path = SPEC.child("ephemeralContainers");
        for (EphemeralContainer before : old.spec().ephemeralContainers()) {
            EphemeralContainer container = now.get(before.name());
            if (container == null) {
                errors.forbidden(path, "existing ephemeral containers \"" + before.name() + "\" may not be removed");
            } else if (!container.equals(before)) {
                errors.forbidden(path, "existing ephemeral containers \"" + before.name() + "\" may not be changed");
            }
        }
    }

    // ---- resize

    static void resize(Pod pod, Pod old, FieldErrors errors) {
        if (old.metadata().annotations().containsKey(MIRROR)) {
            errors.forbidden(FieldPath.of(""), "static pods cannot be resized");
            return;
        }
        if (old.spec().os().name().equals("windows")) {
            errors.forbidden(FieldPath.of(""), "windows pods cannot be resized");
            return;
        }
        int before = errors.size();
        PodRules.rules(pod, errors);
        if (!PodResources.qosClass(pod).equals(PodResources.qosClass(old))) {
            errors.invalid(SPEC, pod.status().qosClass(), "Pod QOS Class may not change as a result of resizing");
        }
        if (old.status().containerStatuses().stream().filter(status -> status.state().hasRunning()).findFirst().map(status -> !status.hasResources()).orElse(false)) {
            errors.forbidden(SPEC, "Pod running on node without support for resize");
        }
        PodSpec rest = podLevel(pod.spec(), old.spec(), errors);
        if (!sameOrder(pod.spec().containers(), old.spec().containers(), "containers", errors)
                | !sameOrder(pod.spec().initContainers(), old.spec().initContainers(), "initContainers", errors)) {
            return;
        }
        kept(pod.spec().initContainers(), old.spec().initContainers(), SPEC.child("initContainers"), errors);
        kept(pod.spec().containers(), old.spec().containers(), SPEC.child("containers"), errors);
        List<Container> containers = unified(pod.spec().containers(), old.spec().containers());
        for (int i = 0; i < containers.size(); i++) {
            if (!containers.get(i).equals(old.spec().containers().get(i))) {
                errors.forbidden(SPEC, "only cpu and memory resources are mutable");
            }
        }
        List<Container> init = unified(pod.spec().initContainers(), old.spec().initContainers());
        initContainers(pod, old, init, errors);
        if (errors.size() == before && !rest.withContainers(containers).withInitContainers(init).equals(old.spec())) {
            errors.forbidden(SPEC, "only cpu and memory resources are mutable");
        }
    }

    /// The spec with the old amounts for the pod as a whole; complains of amounts that were taken away, and of others than cpu and memory.
    private static PodSpec podLevel(PodSpec sent, PodSpec old, FieldErrors errors) {
        boolean any = hasAmounts(sent.resources()) || hasAmounts(old.resources());
        if (!any) {
            return sent;
        }
        FieldPath path = SPEC.child("resources");
        if (old.hasResources() && !sent.hasResources()) {
            errors.forbidden(path, "pod-level resources cannot be removed");
            return sent;
        }
        if (isRemoved(sent.resources().requests(), old.resources().requests())) {
            errors.forbidden(path.child("requests"), "pod-level resource requests cannot be removed");
        }
        if (isRemoved(sent.resources().limits(), old.resources().limits())) {
            errors.forbidden(path.child("limits"), "pod-level resource limits cannot be removed");
        }
        ResourceRequirements unified = withAmountsOf(sent.resources(), old.resources());
        boolean same = old.hasResources() ? sameAmounts(unified, old.resources()) && unified.claims().equals(old.resources().claims())
                : !hasAmounts(unified) && unified.claims().isEmpty();
        if (!same) {
            errors.forbidden(SPEC, "only cpu and memory resources are mutable at pod-level");
        }
        return old.hasResources() ? sent.withResources(old.resources()) : sent.withoutResources();
    }

    private static boolean hasAmounts(ResourceRequirements resources) {
        return !resources.requests().isEmpty() || !resources.limits().isEmpty();
    }

    private static boolean sameAmounts(ResourceRequirements one, ResourceRequirements other) {
        return one.requests().equals(other.requests()) && one.limits().equals(other.limits());
    }

    private static boolean isRemoved(Map<String, Quantity> now, Map<String, Quantity> before) {
        return !now.keySet().containsAll(before.keySet());
    }

    private static void initContainers(Pod pod, Pod old, List<Container> unified, FieldErrors errors) {
        for (int i = 0; i < unified.size(); i++) {
            Container sent = pod.spec().initContainers().get(i);
            Container before = old.spec().initContainers().get(i);
            FieldPath path = SPEC.child("initContainers").index(i);
            if (!unified.get(i).equals(before)) {
                errors.forbidden(path, "only cpu and memory resources for init or sidecar containers are mutable");
            }
            if (!sent.restartPolicy().equals("Always") && !sent.equals(before)) {
                sent.resizePolicy().stream().filter(policy -> policy.restartPolicy().equals("RestartContainer"))
                        .forEach(policy -> errors.forbidden(path, "non-sidecar init containers with a resize policy of RestartContainer cannot be resized"));
            }
        }
    }

    private static boolean sameOrder(List<Container> containers, List<Container> old, String field, FieldErrors errors) {
        FieldPath path = SPEC.child(field);
        if (containers.size() != old.size()) {
            errors.forbidden(path, field + " may not be added or removed on resize");
            return false;
        }
        boolean same = true;
        for (int i = 0; i < containers.size(); i++) {
            if (!containers.get(i).name().equals(old.get(i).name())) {
                errors.forbidden(path.index(i).child("name"), field + " may not be renamed or reordered on resize");
                same = false;
            }
        }
        return same;
    }

    /// Complains of amounts that were taken away.
    private static void kept(List<Container> containers, List<Container> old, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < containers.size(); i++) {
            ResourceRequirements sent = containers.get(i).resources();
            ResourceRequirements before = old.get(i).resources();
            FieldPath here = path.index(i).child("resources");
            if (isRemoved(sent.requests(), before.requests())) {
                errors.forbidden(here.child("requests"), "resource requests cannot be removed");
            }
            if (isRemoved(sent.limits(), before.limits())) {
                errors.forbidden(here.child("limits"), "resource limits cannot be removed");
            }
        }
    }

    /// The containers with the old amounts of what may change. Claims are left out, as upstream has it.
    private static List<Container> unified(List<Container> containers, List<Container> old) {
        List<Container> unified = new ArrayList<>(containers.size());
        for (int i = 0; i < containers.size(); i++) {
            Container sent = containers.get(i);
            Container before = old.get(i);
            ResourceRequirements amounts = withAmountsOf(sent.resources(), before.resources()).withoutClaims();
            boolean same = sameAmounts(amounts, before.resources()) && before.resources().claims().isEmpty();
            unified.add(!same ? sent.withResources(amounts) : before.hasResources() ? sent.withResources(before.resources()) : sent.withoutResources());
        }
        return unified;
    }

    private static ResourceRequirements withAmountsOf(ResourceRequirements sent, ResourceRequirements old) {
        Map<String, Quantity> requests = withAmountsOf(sent.requests(), old.requests());
        Map<String, Quantity> limits = withAmountsOf(sent.limits(), old.limits());
        ResourceRequirements kept = old.hasRequests() || !requests.isEmpty() ? sent.withRequests(requests) : sent.withoutRequests();
        return old.hasLimits() || !limits.isEmpty() ? kept.withLimits(limits) : kept.withoutLimits();
    }

    private static Map<String, Quantity> withAmountsOf(Map<String, Quantity> sent, Map<String, Quantity> old) {
        Map<String, Quantity> amounts = new LinkedHashMap<>(sent);
        for (String name : RESIZABLE) {
            Quantity before = old.get(name);
            if (before == null) {
                amounts.remove(name);
            } else {
                amounts.put(name, before);
            }
        }
        return Objects.equals(amounts, old) ? old : amounts;
    }
}
