package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerState;
import io.j8s.model.core.v1.ContainerStateTerminated;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.TableRowCondition;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The columns of a table of pods: what `kubectl get pods` shows.
final class PodTable {

    private static final String NONE = "<none>";

    private PodTable() {}

    private static List<TableRowCondition> completed(Pod pod) {
        String phase = pod.status().phase();
        TableRowCondition completed = TableRowCondition.EMPTY.withType("Completed").withStatus("True").withReason(phase);
        return switch (phase) {
            case "Succeeded" -> List.of(completed.withMessage("The pod has completed successfully."));
            case "Failed" -> List.of(completed.withMessage("The pod failed."));
            default -> List.of();
        };
    }

    static ResourceBuilder<Pod> columns(ResourceBuilder<Pod> pods) {
        return pods.rowConditions(PodTable::completed)
                .table(table -> table
                        .nameColumn()
                        .column("Ready", "string", "How many of the containers are ready, and how many there are.", (pod, now) -> Summary.of(pod).readyOfAll())
                        .column("Status", "string", "The state of the pod in a word.", (pod, now) -> Summary.of(pod).reason)
                        .column("Restarts", "string", "How often containers were restarted, and when last.", (pod, now) -> Summary.of(pod).restarts(now))
                        .ageColumn()
                        .wideColumn("IP", "string", "The pod's address.", (pod, now) -> pod.status().podIPs().isEmpty() ? NONE : orNone(pod.status().podIPs().getFirst().ip()))
                        .wideColumn("Node", "string", "The node that the pod is bound to.", (pod, now) -> orNone(pod.spec().nodeName()))
                        .wideColumn("Nominated Node", "string", "The node where room is being made for the pod.", (pod, now) -> orNone(pod.status().nominatedNodeName()))
                        .wideColumn("Readiness Gates", "string", "How many of the pod's readiness gates are true.", (pod, now) -> gates(pod)));
    }

    static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    private static String gates(Pod pod) {
        if (pod.spec().readinessGates().isEmpty()) {
            return NONE;
        }
        long open = pod.spec().readinessGates().stream().filter(gate -> PodConditions.isTrue(pod, gate.conditionType())).count();
        return open + "/" + pod.spec().readinessGates().size();
    }

    /// A pod's containers, counted.
    private static final class Summary {
        private final Pod pod;
        private final Set<String> sidecars;
        private String reason;
        private int ready;
        private int restarts;
        private @Nullable Instant lastRestart;

        private Summary(Pod pod) {
            this.pod = pod;
            this.reason = pod.status().reason().isEmpty() ? pod.status().phase() : pod.status().reason();
            this.sidecars = pod.spec().initContainers().stream()
                    .filter(container -> container.restartPolicy().equals("Always"))
                    .map(Container::name)
                    .collect(Collectors.toSet());
        }

        static Summary of(Pod pod) {
            Summary summary = new Summary(pod);
            summary.count();
            return summary;
        }

        String readyOfAll() {
            return ready + "/" + (pod.spec().containers().size() + sidecars.size());
        }

        String restarts(Instant now) {
            return restarts == 0 || lastRestart == null ? Integer.toString(restarts) : restarts + " (" + Cells.age(lastRestart, now) + " ago)";
        }

        private void count() {
            if (pod.status().conditions().stream().anyMatch(c -> c.type().equals("PodScheduled") && c.reason().equals("SchedulingGated"))) {
                reason = "SchedulingGated";
            }
            boolean initializing = initContainers();
            if (!initializing || PodConditions.isTrue(pod, "Initialized")) {
                restarts = 0;
                lastRestart = null;
                pod.status().initContainerStatuses().stream().filter(status -> sidecars.contains(status.name())).forEach(this::countRestarts);
                containers();
            }
            boolean ended = pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
            if (pod.metadata().hasDeletionTimestamp()) {
                reason = pod.status().reason().equals("NodeLost") ? "Unknown" : ended ? reason : "Terminating";
            }
        }

        private void countRestarts(ContainerStatus status) {
            restarts += status.restartCount();
            Instant ended = status.lastState().terminated().finishedAt();
            if (ended != null && (lastRestart == null || lastRestart.isBefore(ended))) {
                lastRestart = ended;
            }
        }

        /// Whether the pod's init containers are still at work.
        private boolean initContainers() {
            List<ContainerStatus> statuses = pod.status().initContainerStatuses();
            for (int i = 0; i < statuses.size(); i++) {
                ContainerStatus status = statuses.get(i);
                countRestarts(status);
                ContainerState state = status.state();
                if (state.hasTerminated() && state.terminated().exitCode() == 0) {
                    continue;
                }
                if (sidecars.contains(status.name()) && status.started()) {
                    ready += status.ready() ? 1 : 0;
                    continue;
                }
                String waiting = state.waiting().reason();
                if (state.hasTerminated()) {
                    reason = "Init:" + ended(state.terminated());
                } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                    reason = "Init:" + waiting;
                } else {
                    reason = "Init:" + i + "/" + pod.spec().initContainers().size();
                }
                return true;
            }
            return false;
        }

        private void containers() {
            boolean running = false;
            String failure = "";
            for (ContainerStatus status : pod.status().containerStatuses().reversed()) {
                countRestarts(status);
                ContainerState state = status.state();
                if (!state.waiting().reason().isEmpty()) {
                    reason = state.waiting().reason();
                } else if (state.hasTerminated()) {
                    reason = ended(state.terminated());
                    failure = state.terminated().exitCode() != 0 ? reason : failure;
                } else if (status.ready() && state.hasRunning()) {
                    running = true;
                    ready++;
                }
            }
            if (reason.equals("Completed")) {
                if (running && PodConditions.isTrue(pod, "Ready")) {
                    reason = "Running";
                } else if (!failure.isEmpty()) {
                    reason = failure;
                } else if (running) {
                    reason = "NotReady";
                }
            }
        }

        private static String ended(ContainerStateTerminated terminated) {
            if (!terminated.reason().isEmpty()) {
                return terminated.reason();
            }
            return terminated.signal() != 0 ? "Signal:" + terminated.signal() : "ExitCode:" + terminated.exitCode();
        }
    }
}
