package io.j8s.controllers.deployment;

import io.j8s.model.IntOrString;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.RollingUpdateDeployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How many replicas a deployment and its sets may have.
///
/// @param replicas asked for
/// @param surge how many more there may be while rolling
/// @param unavailable how many fewer may be available while rolling
record Sizes(int replicas, int surge, int unavailable) {
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";

    static Sizes of(Deployment deployment) {
        int replicas = replicas(deployment);
        if (!rolling(deployment)) {
            return new Sizes(replicas, 0, 0);
        }
        RollingUpdateDeployment strategy = deployment.spec().strategy().rollingUpdate();
        int surge = scaled(strategy.maxSurge(), replicas, true);
        int unavailable = scaled(strategy.maxUnavailable(), replicas, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1; // both round to nothing: without this it could never move
        }
        return new Sizes(replicas, surge, replicas == 0 ? 0 : Math.min(unavailable, replicas));
    }

    private static int scaled(@org.jspecify.annotations.Nullable IntOrString value, int replicas, boolean up) {
        return value == null ? 0 : value.scaled(replicas, up);
    }

    static boolean rolling(Deployment deployment) {
        return !deployment.spec().strategy().type().equals("Recreate");
    }

    static int replicas(Deployment deployment) {
        return deployment.spec().hasReplicas() ? deployment.spec().replicas() : 1;
    }

    static int replicas(ReplicaSet set) {
        return set.spec().hasReplicas() ? set.spec().replicas() : 1;
    }

    static int sum(List<ReplicaSet> sets) {
        return sets.stream().mapToInt(Sizes::replicas).sum();
    }

    static List<ReplicaSet> active(List<ReplicaSet> sets) {
        return sets.stream().filter(set -> replicas(set) > 0).toList();
    }

    int minimumAvailable() {
        return replicas - unavailable;
    }

    int maximum() {
        return replicas + surge;
    }

    /// How many replicas the newest set may have now, given all sets (it among them, unless it is yet to be made).
    int forNewest(int newest, List<ReplicaSet> all, boolean rolling) {
        if (!rolling) {
            return replicas;
        }
        int room = maximum() - sum(all);
        return room <= 0 ? newest : newest + Math.min(room, replicas - newest);
    }

    /// Shares a change of the deployment's size between its active sets, in proportion to their sizes; what rounding leaves goes to the biggest.
    Map<ReplicaSet, Integer> proportional(List<ReplicaSet> activeSets, int reportedReplicas) {
        int change = (replicas > 0 ? maximum() : 0) - sum(activeSets);
        List<ReplicaSet> sets = new ArrayList<>(activeSets);
        Comparator<ReplicaSet> byAge = Comparator.comparing((ReplicaSet s) -> java.util.Objects.requireNonNullElse(s.metadata().creationTimestamp(), java.time.Instant.MIN));
        Comparator<ReplicaSet> bySize = Comparator.comparing(Sizes::replicas, Comparator.reverseOrder());
        sets.sort(bySize.thenComparing(change > 0 ? byAge.reversed() : byAge).thenComparing(s -> s.metadata().name()));
        Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
        int given = 0;
        for (ReplicaSet set : sets) {
            int share = change == 0 || given == change ? 0 : share(set, change, given, reportedReplicas);
            sizes.put(set, replicas(set) + share);
            given += share;
        }
        int left = change - given;
        if (!sets.isEmpty() && left != 0) {
            sizes.compute(sets.getFirst(), (set, size) -> Math.max(0, (size == null ? 0 : size) + left));
        }
        return sizes;
    }

    private int share(ReplicaSet set, int change, int given, int reportedReplicas) {
        int own = replicas(set);
        int fraction;
        if (replicas == 0) {
            fraction = -own;
        } else {
            Integer annotated = number(set, MAXIMUM);
            int before = annotated == null || annotated == 0 ? reportedReplicas : annotated;
            fraction = before == 0 ? 0 : (int) Math.round((double) own * maximum() / before) - own;
        }
        int allowed = change - given;
        return change > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
    }

    /// The number in an annotation of a set; null when there is none.
    static @org.jspecify.annotations.Nullable Integer number(ReplicaSet set, String annotation) {
        String text = set.metadata().annotations().get(annotation);
        try {
            return text == null ? null : Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /// The set with the annotations that tell later scalings what it was sized for.
    ReplicaSet annotated(ReplicaSet set) {
        Map<String, String> annotations = new LinkedHashMap<>(set.metadata().annotations());
        annotations.put(DESIRED, Integer.toString(replicas));
        annotations.put(MAXIMUM, Integer.toString(maximum()));
        return annotations.equals(set.metadata().annotations()) ? set : set.withMetadata(m -> m.withAnnotations(annotations));
    }
}
