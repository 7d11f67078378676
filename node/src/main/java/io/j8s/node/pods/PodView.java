package io.j8s.node.pods;

import io.j8s.model.Json;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerRestartRule;
import io.j8s.model.core.v1.ResourceRequirements;
import io.j8s.model.core.v1.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that the next step of a pod is decided from. Immutable.
///
/// @param pod what is asked for
/// @param sandbox the newest sandbox; null: there is none
/// @param containers the attempts at each container, newest first
/// @param progress what the worker knows beside it
/// @param volumesReady whether all volumes are in place
/// @param sandboxBusy whether the sandbox is being made or stopped now
/// @param sandboxRetryAt before which a sandbox that failed is not tried again
/// @param end why and how the pod has to end; null: it goes on
/// @param applied what running containers were given of resources, by their ids
/// @param resize what stands in the way of giving the pod other resources; null: nothing
/// @param over containers that ended, or were ended, when the pod started over (KEP-5532): they count as earlier attempts only
/// @param initialized whether all init containers were done once in this sandbox
record PodView(
        Pod pod, @Nullable SandboxView sandbox, Map<String, List<ContainerView>> containers, Map<String, ContainerProgress> progress,
        boolean volumesReady, boolean sandboxBusy, @Nullable Instant sandboxRetryAt, @Nullable End end,
        Map<String, ResourceRequirements> applied, @Nullable Rejection resize, Set<String> over, boolean initialized) {

    private static final String RESTART_ALL = "RestartAllContainers";

    PodView {
        containers = Map.copyOf(containers);
        progress = Map.copyOf(progress);
        applied = Map.copyOf(applied);
        over = Set.copyOf(over);
    }

    /// The end of a pod.
    ///
    /// @param graceSeconds how long its containers have
    /// @param reason as in `status.reason`, such as `Evicted`; empty for a deletion
    /// @param pressure whether the node was short of something, so that the pod tells of a disruption
    record End(long graceSeconds, String reason, String message, boolean deleted, boolean pressure) {}

    @Nullable ContainerView current(String name) {
        List<ContainerView> attempts = containers.getOrDefault(name, List.of());
        return attempts.isEmpty() || over.contains(attempts.getFirst().id()) ? null : attempts.getFirst();
    }

    @Nullable ContainerView previous(String name) {
        List<ContainerView> attempts = containers.getOrDefault(name, List.of());
        int at = current(name) == null ? 0 : 1;
        return attempts.size() <= at ? null : attempts.get(at);
    }

    /// Whether a container ended in a way that has all begin anew.
    boolean mustStartOver() {
        return Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream()).anyMatch(container -> {
            ContainerView last = current(container.name());
            return last != null && last.ended() && container.restartPolicyRules().stream().filter(rule -> applies(rule, last.exitCode())).findFirst()
                    .filter(rule -> rule.action().equals(RESTART_ALL)).isPresent();
        });
    }

    /// Whether all containers are being ended, or have been ended and not all were started again.
    boolean startsOver() {
        return end == null && (mustStartOver() || pod.spec().containers().stream().anyMatch(c -> current(c.name()) == null && previous(c.name()) != null));
    }

    /// Whether the pod has a rule by which all of its containers could begin anew.
    boolean couldStartOver() {
        return Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream()).flatMap(c -> c.restartPolicyRules().stream()).anyMatch(r -> r.action().equals(RESTART_ALL));
    }

    ContainerProgress progressOf(String name) {
        return progress.getOrDefault(name, ContainerProgress.NEW);
    }

    boolean sandboxReady() {
        return sandbox != null && sandbox.ready();
    }

    List<Container> allContainers() {
        return allContainers(pod);
    }

    static List<Container> allContainers(Pod pod) {
        return Stream.of(pod.spec().initContainers(), pod.spec().containers(), ephemeral(pod)).flatMap(List::stream).toList();
    }

    /// The containers that were added to the running pod (KEP-277), as ordinary ones.
    static List<Container> ephemeral(Pod pod) {
        return pod.spec().ephemeralContainers().stream().map(each -> (Container) Json.read(Container.TYPE, Json.write(each.withoutTargetContainerName()))).toList();
    }

    boolean isEphemeral(Container container) {
        return pod.spec().ephemeralContainers().stream().anyMatch(each -> each.name().equals(container.name()));
    }

    static boolean isSidecar(Container container) {
        return container.restartPolicy().equals("Always");
    }

    /// Whether it counts as started: it runs, and its startup probe and postStart hook, if any, succeeded.
    boolean started(Container container) {
        ContainerView view = current(container.name());
        return view != null && view.running() && (progressOf(container.name()).started());
    }

    boolean succeeded(Container container) {
        ContainerView view = current(container.name());
        return view != null && view.ended() && view.exitCode() == 0;
    }

    /// Whether a container that ended like this is to be started again.
    boolean restarts(Container container, ContainerView ended) {
        if (isEphemeral(container)) {
            return false;
        }
        if (container.restartPolicyRules().stream().anyMatch(rule -> applies(rule, ended.exitCode())) || isSidecar(container)) {
            return true;
        }
        String policy = container.restartPolicy().isEmpty() ? pod.spec().restartPolicy() : container.restartPolicy();
        return switch (policy) {
            case "Never" -> false;
            case "OnFailure" -> ended.exitCode() != 0;
            default -> !isInit(container) || ended.exitCode() != 0;
        };
    }

    /// Whether a rule has a container started again that ended with this code (KEP-5307).
    static boolean applies(ContainerRestartRule rule, int exitCode) {
        boolean named = rule.exitCodes().values().contains(exitCode);
        return rule.action().startsWith("Restart") && rule.hasExitCodes() && (rule.exitCodes().operator().equals("NotIn") ? !named : named);
    }

    private boolean isInit(Container container) {
        return pod.spec().initContainers().stream().anyMatch(init -> init.name().equals(container.name()));
    }
}
