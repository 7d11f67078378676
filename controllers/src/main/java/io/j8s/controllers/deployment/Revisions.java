package io.j8s.controllers.deployment;

import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.core.v1.PodTemplateSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which set belongs to which template, and the numbers under which a deployment remembers them.
final class Revisions {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HASH_LABEL = "pod-template-hash";
    private static final String HISTORY = "deployment.kubernetes.io/revision-history";
    private static final int LONGEST_HISTORY = 2000;
    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, Sizes.DESIRED, Sizes.MAXIMUM, "deprecated.deployment.rollback.to");

    static final Comparator<ReplicaSet> OLDEST_FIRST =
            Comparator.comparing((ReplicaSet s) -> Objects.requireNonNullElse(s.metadata().creationTimestamp(), Instant.MIN)).thenComparing(s -> s.metadata().name());

    private Revisions() {}

    /// The oldest set with the deployment's template, or null.
    static @Nullable ReplicaSet newest(Deployment deployment, List<ReplicaSet> sets) {
        PodTemplateSpec wanted = withoutHash(deployment.spec().template());
        return sets.stream().filter(set -> withoutHash(set.spec().template()).equals(wanted)).min(OLDEST_FIRST).orElse(null);
    }

    static PodTemplateSpec withoutHash(PodTemplateSpec template) {
        if (!template.metadata().labels().containsKey(HASH_LABEL)) {
            return template;
        }
        Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
        labels.remove(HASH_LABEL);
        return template.withMetadata(m -> labels.isEmpty() ? m.withoutLabels() : m.withLabels(labels));
    }

    static long revision(ReplicaSet set) {
        return number(set.metadata().annotations().get(REVISION));
    }

    static long highest(List<ReplicaSet> sets) {
        return sets.stream().mapToLong(Revisions::revision).max().orElse(0);
    }

    private static long number(@Nullable String text) {
        try {
            return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /// The newest set with the deployment's annotations and, where it is higher than its own, a revision; earlier ones are kept in its history.
    static ReplicaSet annotated(ReplicaSet set, Deployment deployment, long revision) {
        Map<String, String> annotations = new LinkedHashMap<>(set.metadata().annotations());
        deployment.metadata().annotations().forEach((key, value) -> {
            if (!NOT_COPIED.contains(key)) {
                annotations.put(key, value);
            }
        });
        String before = annotations.get(REVISION);
        long number = number(before);
        if (number >= 0 && number < revision) {
            annotations.put(REVISION, Long.toString(revision));
            if (before != null) {
                annotations.put(HISTORY, history(annotations.get(HISTORY), before));
            }
        }
        return annotations.equals(set.metadata().annotations()) ? set : set.withMetadata(m -> m.withAnnotations(annotations));
    }

    private static String history(@Nullable String known, String revision) {
        List<String> revisions = new ArrayList<>(known == null || known.isEmpty() ? List.of() : Arrays.asList(known.split(",")));
        revisions.add(revision);
        while (String.join(",", revisions).length() > LONGEST_HISTORY) {
            revisions.removeFirst();
        }
        return String.join(",", revisions);
    }

    /// The old sets that the history limit no longer covers and that have no pods, in the order in which to delete them.
    static List<ReplicaSet> beyondHistory(Deployment deployment, List<ReplicaSet> old) {
        if (!deployment.spec().hasRevisionHistoryLimit() || deployment.spec().revisionHistoryLimit() == Integer.MAX_VALUE) {
            return List.of();
        }
        List<ReplicaSet> alive = old.stream().filter(set -> set.metadata().deletionTimestamp() == null).sorted(Comparator.comparingLong(Revisions::revision).thenComparing(OLDEST_FIRST)).toList();
        int surplus = alive.size() - deployment.spec().revisionHistoryLimit();
        return surplus <= 0 ? List.of() : alive.subList(0, surplus).stream().filter(Revisions::idle).toList();
    }

    private static boolean idle(ReplicaSet set) {
        return set.status().replicas() == 0 && Sizes.replicas(set) == 0 && set.metadata().generation() <= set.status().observedGeneration();
    }
}
