package io.j8s.scheduler.why;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerState;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.EnvFromSource;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.why.Explanation.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What keeps a pod from running on its node: the node, images, configuration, volumes, crashes, probes, and what keeps it from ending.
final class OnItsNode {

    private static final Set<String> MOUNTS = Set.of("FailedMount", "FailedAttachVolume", "FailedMapVolume");
    private static final Set<String> SANDBOX = Set.of("FailedCreatePodSandBox", "NetworkNotReady", "FailedPostStartHook", "FailedPreStopHook");
    private static final int OUT_OF_MEMORY = 137;

    private final Reading reading;
    private final Instant now;

    OnItsNode(Reading reading, Instant now) {
        this.reading = reading;
        this.now = now;
    }

    List<Finding> findings(Pod pod) {
        List<Finding> findings = new ArrayList<>();
        node(pod, findings);
        references(pod, findings);
        pod.status().initContainerStatuses().forEach(status -> before(pod, status, findings));
        pod.status().containerStatuses().forEach(status -> container(pod, status, "container " + status.name(), findings));
        events(pod, findings);
        gates(pod, findings);
        return findings;
    }

    // ---- the node

    private void node(Pod pod, List<Finding> findings) {
        String name = pod.spec().nodeName();
        Node node = reading.one(Node.RESOURCE, "", name);
        if (node == null) {
            if (reading.isMissing(Node.RESOURCE, "", name)) {
                findings.add(new Finding("Node", "its node " + name + " does not exist any more", "delete the pod: kubectl delete pod " + pod.metadata().name()));
            }
            return;
        }
        for (NodeCondition condition : node.status().conditions()) {
            boolean ready = condition.type().equals("Ready");
            if (ready != condition.status().equals("True") && (ready || !condition.status().equals("False"))) {
                findings.add(new Finding("Node", "its node " + name + (ready ? " is not ready" : " has " + condition.type()) + (condition.message().isEmpty() ? "" : ": " + condition.message()),
                        ready ? "look at the kubelet there: kubectl describe node " + name : ""));
            }
        }
    }

    // ---- what it refers to

    private void references(Pod pod, List<Finding> findings) {
        if (pod.status().phase().equals("Running") && pod.status().containerStatuses().stream().allMatch(status -> status.state().hasRunning())) {
            return;
        }
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasConfigMap() && !volume.configMap().optional()) {
                configMap(pod, volume.configMap().name(), "", "volume " + volume.name(), findings);
            } else if (volume.hasSecret() && !volume.secret().optional()) {
                secret(pod, volume.secret().secretName(), "", "volume " + volume.name(), findings);
            }
        }
        Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream()).forEach(container -> references(pod, container, findings));
    }

    private void references(Pod pod, Container container, List<Finding> findings) {
        for (EnvFromSource source : container.envFrom()) {
            if (source.hasConfigMapRef() && !source.configMapRef().optional()) {
                configMap(pod, source.configMapRef().name(), "", "container " + container.name(), findings);
            } else if (source.hasSecretRef() && !source.secretRef().optional()) {
                secret(pod, source.secretRef().name(), "", "container " + container.name(), findings);
            }
        }
        for (EnvVar variable : container.env()) {
            String where = "container " + container.name() + ", variable " + variable.name();
            if (variable.valueFrom().hasConfigMapKeyRef() && !variable.valueFrom().configMapKeyRef().optional()) {
                configMap(pod, variable.valueFrom().configMapKeyRef().name(), variable.valueFrom().configMapKeyRef().key(), where, findings);
            } else if (variable.valueFrom().hasSecretKeyRef() && !variable.valueFrom().secretKeyRef().optional()) {
                secret(pod, variable.valueFrom().secretKeyRef().name(), variable.valueFrom().secretKeyRef().key(), where, findings);
            }
        }
    }

    private void configMap(Pod pod, String name, String key, String where, List<Finding> findings) {
        ConfigMap map = reading.one(ConfigMap.RESOURCE, pod.metadata().namespace(), name);
        if (map == null ? reading.isMissing(ConfigMap.RESOURCE, pod.metadata().namespace(), name) : !key.isEmpty() && !map.data().containsKey(key) && !map.binaryData().containsKey(key)) {
            findings.add(missing("ConfigMap", name, map == null ? "" : key, where));
        }
    }

    private void secret(Pod pod, String name, String key, String where, List<Finding> findings) {
        Secret secret = reading.one(Secret.RESOURCE, pod.metadata().namespace(), name);
        if (secret == null ? reading.isMissing(Secret.RESOURCE, pod.metadata().namespace(), name) : !key.isEmpty() && !secret.data().containsKey(key)) {
            findings.add(missing("Secret", name, secret == null ? "" : key, where));
        }
    }

    private static Finding missing(String kind, String name, String key, String where) {
        return key.isEmpty()
                ? new Finding("Configuration", where + ": the " + kind + " " + name + " does not exist", "create it, or mark the reference optional")
                : new Finding("Configuration", where + ": the " + kind + " " + name + " has no key " + key, "add the key, or mark the reference optional");
    }

    // ---- containers

    /// The containers that run before the others, one after the other.
    private void before(Pod pod, ContainerStatus status, List<Finding> findings) {
        List<Container> all = pod.spec().initContainers();
        int place = all.stream().map(Container::name).toList().indexOf(status.name());
        boolean stays = place >= 0 && all.get(place).restartPolicy().equals("Always");
        String name = "init container " + status.name() + " (" + (place + 1) + " of " + all.size() + ")";
        if (status.state().hasRunning() && !stays) {
            Instant since = status.state().running().startedAt();
            findings.add(new Finding("InitContainer", name + " still runs" + (since == null ? "" : ", for " + Duration.between(since, now).toSeconds() + " s") + ": the others wait for it",
                    "see what it does: kubectl logs " + pod.metadata().name() + " -c " + status.name()));
        } else {
            container(pod, status, name, findings);
        }
    }

    private void container(Pod pod, ContainerStatus status, String name, List<Finding> findings) {
        ContainerState state = status.state();
        if (state.hasWaiting()) {
            waiting(pod, name, status, findings);
        } else if (state.hasTerminated() && state.terminated().exitCode() != 0) {
            findings.add(new Finding("Crash", name + " has ended" + ended(pod, status, state), ending(pod, status)));
        } else if (state.hasRunning() && !status.ready() && pod.status().containerStatuses().contains(status)) {
            probes(pod, status, findings);
        }
    }

    private static void waiting(Pod pod, String name, ContainerStatus status, List<Finding> findings) {
        String reason = status.state().waiting().reason();
        String message = status.state().waiting().message();
        String said = message.isEmpty() ? "" : ": " + message;
        switch (reason) {
            case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "RegistryUnavailable", "ImageInspectError" ->
                    findings.add(new Finding("Image", name + ": the image " + status.image() + " cannot be had (" + reason + ")" + said,
                            imageAdvice(reason, message.toLowerCase(Locale.ROOT))));
            case "CrashLoopBackOff" -> findings.add(new Finding("Crash", name + " ends again and again (" + status.restartCount() + " restarts)"
                    + (status.lastState().hasTerminated() ? ", the last time" + ended(pod, status, status.lastState()) : ""), outOfMemory(status.lastState())
                            ? "raise resources.limits.memory, or mend what takes so much" : "see what it wrote: kubectl logs --previous -c " + status.name()));
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreStartHookError", "PostStartHookError" ->
                    findings.add(new Finding("Configuration", name + " cannot be started (" + reason + ")" + said, ""));
            case "PodInitializing", "ContainerCreating", "" -> {
                // others say why
            }
            default -> findings.add(new Finding("Container", name + " waits (" + reason + ")" + said, ""));
        }
    }

    /// What helps, by what registries and runtimes say.
    private static String imageAdvice(String reason, String message) {
        return reason.equals("InvalidImageName") ? "mend the image's name"
                : reason.equals("ErrImageNeverPull") ? "load the image into the node, or set imagePullPolicy to IfNotPresent"
                : message.contains("unauthorized") || message.contains("denied") || message.contains("authentication required") ? "check imagePullSecrets, here or of the service account, and the image's name"
                : message.contains("toomanyrequests") || message.contains("rate limit") ? "wait, pull with credentials, or take a mirror: the registry limits how often is pulled"
                : message.contains("no such host") || message.contains("connection refused") || message.contains("i/o timeout") || message.contains("deadline exceeded") ? "see that the node reaches the registry"
                : message.contains("x509") || message.contains("certificate") ? "have the node trust the registry's certificate"
                : message.contains("no match for platform") || message.contains("no matching manifest") ? "take an image that is built for the node's architecture"
                : message.contains("not found") || message.contains("manifest unknown") ? "check the image's name and tag"
                : "check the image's name and tag, that its registry can be reached, and imagePullSecrets";
    }

    private static boolean outOfMemory(ContainerState state) {
        return state.terminated().reason().equals("OOMKilled");
    }

    private static String ended(Pod pod, ContainerStatus status, ContainerState state) {
        var ended = state.terminated();
        String text = " with exit code " + ended.exitCode();
        if (outOfMemory(state)) {
            Quantity limit = Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream()).filter(one -> one.name().equals(status.name()))
                    .map(one -> one.resources().limits().get("memory")).filter(java.util.Objects::nonNull).findFirst().orElse(null);
            return text + " (OOMKilled: it took more memory than " + (limit == null ? "its node could give; it has no limit of its own)" : "its limit of " + limit + ")");
        }
        String signal = ended.exitCode() == OUT_OF_MEMORY ? " (killed)" : ended.reason().isEmpty() || ended.reason().equals("Error") ? "" : " (" + ended.reason() + ")";
        return text + signal + (ended.message().isEmpty() ? "" : ": " + ended.message());
    }

    private static String ending(Pod pod, ContainerStatus status) {
        return outOfMemory(status.state()) ? "raise resources.limits.memory, or mend what takes so much" : "see what it wrote: kubectl logs " + pod.metadata().name() + " -c " + status.name();
    }

    private void probes(Pod pod, ContainerStatus status, List<Finding> findings) {
        Container container = pod.spec().containers().stream().filter(one -> one.name().equals(status.name())).findFirst().orElse(Container.EMPTY);
        Event failed = reading.event(pod.metadata().namespace(), "Pod", pod.metadata().name(), Set.of("Unhealthy"));
        String said = failed == null ? "" : ": " + failed.message();
        if (container.hasStartupProbe() && !status.started()) {
            findings.add(new Finding("Probe", "container " + status.name() + " has not passed its startup probe" + said, "look at the probe's address and its periods, and at the container's log"));
        } else if (container.hasReadinessProbe()) {
            findings.add(new Finding("Probe", "container " + status.name() + " runs, but does not pass its readiness probe" + said, "look at the probe's address, and at the container's log"));
        }
    }

    // ---- the rest

    private void events(Pod pod, List<Finding> findings) {
        boolean starting = pod.status().containerStatuses().stream().anyMatch(status -> status.state().hasWaiting()) || pod.status().containerStatuses().isEmpty();
        if (!starting) {
            return;
        }
        Event mount = reading.event(pod.metadata().namespace(), "Pod", pod.metadata().name(), MOUNTS);
        if (mount != null && findings.stream().noneMatch(finding -> finding.topic().equals("Configuration"))) {
            findings.add(new Finding("Volume", mount.message(), ""));
        }
        Event sandbox = reading.event(pod.metadata().namespace(), "Pod", pod.metadata().name(), SANDBOX);
        if (sandbox != null && findings.isEmpty()) {
            findings.add(new Finding("Sandbox", sandbox.message(), ""));
        }
    }

    private static void gates(Pod pod, List<Finding> findings) {
        for (var gate : pod.spec().readinessGates()) {
            boolean met = pod.status().conditions().stream().anyMatch(one -> one.type().equals(gate.conditionType()) && one.status().equals("True"));
            if (!met) {
                findings.add(new Finding("ReadinessGate", "its readiness gate " + gate.conditionType() + " is not met", "whoever sets this condition has not done so"));
            }
        }
    }

    /// What keeps a pod that is being deleted from being gone.
    List<Finding> ending(Pod pod) {
        List<Finding> findings = new ArrayList<>();
        if (!pod.metadata().finalizers().isEmpty()) {
            findings.add(new Finding("Finalizer", "it is kept by its finalizers: " + String.join(", ", pod.metadata().finalizers()), "whoever set a finalizer has to remove it"));
        }
        Instant until = pod.metadata().deletionTimestamp();
        if (until != null && !pod.spec().nodeName().isEmpty()) {
            boolean late = now.isAfter(until.plusSeconds(30));
            findings.add(new Finding("Termination", late
                    ? "its node " + pod.spec().nodeName() + " has not ended it, " + Duration.between(until, now).toSeconds() + " s after its time"
                    : "its containers have until " + until + " to end (terminationGracePeriodSeconds)", late ? "see that the node's kubelet runs" : ""));
            node(pod, findings);
        }
        return findings;
    }

    /// Budgets that keep it from being evicted.
    List<Finding> budgets(Pod pod) {
        List<Finding> findings = new ArrayList<>();
        Map<String, String> labels = pod.metadata().labels();
        for (PodDisruptionBudget budget : reading.all(PodDisruptionBudget.RESOURCE, pod.metadata().namespace())) {
            boolean covers = budget.spec().hasSelector() && Selector.of(budget.spec().selector()).matches(labels);
            if (covers && budget.status().disruptionsAllowed() <= 0) {
                findings.add(new Finding("Budget", "it cannot be evicted now: the PodDisruptionBudget " + budget.metadata().name() + " allows no disruption ("
                        + budget.status().currentHealthy() + " of " + budget.status().desiredHealthy() + " wanted pods are healthy)", ""));
            }
        }
        return findings;
    }
}
