package io.j8s.controllers.job;

import io.j8s.controllers.pods.Pods;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobSpec;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Facts about jobs and their pods.
final class JobPods {
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
    static final String IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";
    static final int NO_INDEX = -1;

    private JobPods() {}

    static boolean indexed(Job job) {
        return job.spec().completionMode().equals("Indexed");
    }

    /// Whether each index has failures of its own.
    static boolean limitsPerIndex(Job job) {
        return indexed(job) && job.spec().hasBackoffLimitPerIndex();
    }

    /// Whether a pod is replaced only when it has really ended, and not when it is on its way out.
    static boolean replacesOnlyFailed(Job job) {
        JobSpec spec = job.spec();
        return spec.podReplacementPolicy().equals("Failed") || spec.hasPodFailurePolicy();
    }

    static boolean finished(Job job) {
        return job.status().conditions().stream().anyMatch(c -> (c.type().equals("Complete") || c.type().equals("Failed")) && c.status().equals("True"));
    }

    /// Whether another controller runs this job.
    static boolean managedElsewhere(Job job) {
        return !job.spec().managedBy().isEmpty() && !job.spec().managedBy().equals("kubernetes.io/job-controller");
    }

    static boolean tracked(Pod pod) {
        return pod.metadata().finalizers().contains(FINALIZER);
    }

    static boolean succeeded(Pod pod) {
        return pod.status().phase().equals("Succeeded");
    }

    static boolean failed(Pod pod, Job job) {
        return pod.status().phase().equals("Failed") || (!replacesOnlyFailed(job) && pod.metadata().deletionTimestamp() != null && !succeeded(pod));
    }

    /// The pod's index; [#NO_INDEX] when it has none.
    static int index(Pod pod) {
        return number(pod, INDEX, NO_INDEX);
    }

    static boolean validIndex(Pod pod, Job job) {
        int index = index(pod);
        return index >= 0 && index < job.spec().completions();
    }

    static int failures(Pod pod) {
        return number(pod, FAILURES, 0);
    }

    static int allFailures(Pod pod) {
        return failures(pod) + number(pod, IGNORED_FAILURES, 0);
    }

    private static int number(Pod pod, String annotation, int otherwise) {
        String text = pod.metadata().annotations().get(annotation);
        try {
            int value = text == null ? otherwise : Integer.parseInt(text);
            return value < 0 ? otherwise : value;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    static Set<Integer> indexes(List<Pod> pods) {
        Set<Integer> indexes = new HashSet<>();
        for (Pod pod : pods) {
            if (index(pod) >= 0) {
                indexes.add(index(pod));
            }
        }
        return indexes;
    }

    /// When the pod ended, as well as can be told.
    static Instant finishedAt(Pod pod) {
        Instant containers = containersFinishedAt(pod);
        if (containers != null) {
            return containers;
        }
        PodCondition ready = Pods.condition(pod, "Ready");
        Instant unready = ready != null && ready.status().equals("False") ? ready.lastTransitionTime() : null;
        if (unready != null) {
            return unready;
        }
        Instant deletion = pod.metadata().deletionTimestamp();
        if (deletion != null) {
            return deletion.minusSeconds(pod.metadata().deletionGracePeriodSeconds());
        }
        return Objects.requireNonNullElse(pod.metadata().creationTimestamp(), Instant.EPOCH);
    }

    private static @Nullable Instant containersFinishedAt(Pod pod) {
        Set<String> sidecars = new HashSet<>();
        pod.spec().initContainers().stream().filter(c -> c.restartPolicy().equals("Always")).map(Container::name).forEach(sidecars::add);
        List<ContainerStatus> statuses = new ArrayList<>(pod.status().containerStatuses());
        pod.status().initContainerStatuses().stream().filter(s -> sidecars.contains(s.name())).forEach(statuses::add);
        Instant latest = null;
        for (ContainerStatus status : statuses) {
            Instant end = status.state().terminated().finishedAt();
            if (end == null) {
                return null;
            }
            latest = latest == null || latest.isBefore(end) ? end : latest;
        }
        return latest;
    }
}
