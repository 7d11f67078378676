package io.j8s.controllers.daemonset;

import io.j8s.controllers.pods.Pods;
import io.j8s.model.IntOrString;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides where pods of a daemon are missing and which have to go; makes no calls.
final class DaemonPlan {
    private static final Comparator<Pod> BOUND_THEN_OLDEST = Comparator.comparing((Pod pod) -> pod.spec().nodeName().isEmpty())
            .thenComparing(pod -> Objects.requireNonNullElse(pod.metadata().creationTimestamp(), Instant.MIN))
            .thenComparing(pod -> pod.metadata().name());

    private final DaemonSet set;
    private final String hash;
    private final Instant now;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, List<Pod>> byNode = new LinkedHashMap<>();
    private final List<String> create = new ArrayList<>();
    private final List<Pod> delete = new ArrayList<>();
    private final List<Pod> ended = new ArrayList<>();

    /// @param pods those of the daemon; finished ones that are being deleted do not count
    DaemonPlan(DaemonSet set, String hash, Instant now, List<Node> nodes, List<Pod> pods) {
        this.set = set;
        this.hash = hash;
        this.now = now;
        nodes.forEach(node -> this.nodes.put(node.metadata().name(), node));
        for (Pod pod : pods) {
            String target = DaemonPods.target(pod);
            if (!target.isEmpty() && !(Pods.finished(pod) && pod.metadata().deletionTimestamp() != null)) {
                byNode.computeIfAbsent(target, t -> new ArrayList<>()).add(pod);
            }
        }
        byNode.values().forEach(list -> list.sort(BOUND_THEN_OLDEST));
    }

    /// The nodes that lack a pod.
    List<String> create() {
        return create;
    }

    /// The pods that have to go, for other reasons than having ended.
    List<Pod> delete() {
        return delete;
    }

    /// The pods that have ended, and make way for new ones.
    List<Pod> ended() {
        return ended;
    }

    private List<Pod> on(String node) {
        return byNode.getOrDefault(node, List.of());
    }

    /// Where pods are missing or too many, whatever their version.
    void manage() {
        boolean surge = surge(1) > 0;
        nodes.forEach((name, node) -> {
            DaemonPods.Fit fit = DaemonPods.fit(set, node);
            List<Pod> present = on(name);
            if (!fit.stay()) {
                present.stream().filter(pod -> pod.metadata().deletionTimestamp() == null).forEach(delete::add);
                return;
            }
            if (present.isEmpty()) {
                if (fit.run()) {
                    create.add(name);
                }
                return;
            }
            List<Pod> running = new ArrayList<>();
            for (Pod pod : present) {
                if (pod.metadata().deletionTimestamp() == null) {
                    (Pods.finished(pod) ? ended : running).add(pod);
                }
            }
            if (surge) {
                surplusWhileSurging(name, fit, running);
            } else if (running.size() > 1) {
                delete.addAll(running.subList(1, running.size()));
            }
        });
        byNode.forEach((name, present) -> {
            if (!nodes.containsKey(name)) {
                present.stream().filter(pod -> pod.spec().nodeName().isEmpty() && pod.metadata().deletionTimestamp() == null).forEach(delete::add);
            }
        });
    }

    /// An old and a new pod may be there at once, until the new one is available.
    private void surplusWhileSurging(String node, DaemonPods.Fit fit, List<Pod> running) {
        if (running.isEmpty() && fit.run()) {
            create.add(node);
        }
        if (running.size() <= 1) {
            return;
        }
        Pod newest = null;
        Pod old = null;
        for (Pod pod : running) {
            if (DaemonPods.updated(set, pod, hash) && newest == null) {
                newest = pod;
            } else if (!DaemonPods.updated(set, pod, hash) && old == null) {
                old = pod;
            } else {
                delete.add(pod);
            }
        }
        if (newest != null && old != null && (!Pods.ready(old) || available(newest))) {
            delete.add(old);
        }
    }

    private boolean available(Pod pod) {
        return Pods.available(pod, set.spec().minReadySeconds(), now);
    }

    private int surge(int nodeCount) {
        IntOrString value = rolling() ? set.spec().updateStrategy().rollingUpdate().maxSurge() : null;
        return value == null ? 0 : value.scaled(nodeCount, true);
    }

    private boolean rolling() {
        return !set.spec().updateStrategy().type().equals("OnDelete");
    }

    private int desired() {
        return (int) nodes.values().stream().filter(node -> DaemonPods.fit(set, node).run()).count();
    }

    /// Replaces old pods as far as enough stay available.
    void roll() {
        if (!rolling()) {
            return;
        }
        int desired = desired();
        int surge = surge(desired);
        IntOrString limit = set.spec().updateStrategy().rollingUpdate().maxUnavailable();
        int unavailable = limit == null ? (surge == 0 ? 1 : 0) : limit.scaled(desired, true);
        unavailable = desired > 0 && unavailable == 0 && surge == 0 ? 1 : unavailable;
        if (surge == 0) {
            replace(unavailable);
        } else {
            replaceSurging(surge, desired);
        }
    }

    /// The updated and the old pod of a node; null where there is none.
    private record Pair(@Nullable Pod updated, @Nullable Pod old, boolean clear) {}

    private Pair pair(List<Pod> present) {
        Pod updated = null;
        Pod old = null;
        for (Pod pod : present) {
            if (pod.metadata().deletionTimestamp() != null) {
                continue;
            }
            if (DaemonPods.updated(set, pod, hash)) {
                if (updated != null) {
                    return new Pair(null, null, false);
                }
                updated = pod;
            } else {
                if (old != null) {
                    return new Pair(null, null, false);
                }
                old = pod;
            }
        }
        return new Pair(updated, old, true);
    }

    private void replace(int mostUnavailable) {
        int unavailable = 0;
        List<Pod> candidates = new ArrayList<>();
        for (String node : considered()) {
            Pair pair = pair(on(node));
            Pod old = pair.old;
            if (!pair.clear || (old == null) == (pair.updated == null)) {
                unavailable++;
            } else if (pair.updated != null) {
                unavailable += available(pair.updated) ? 0 : 1;
            } else if (old != null && !available(old)) {
                unavailable++;
                delete.add(old);
            } else if (old != null) {
                candidates.add(old);
            }
        }
        delete.addAll(candidates.subList(0, Math.max(0, Math.min(candidates.size(), mostUnavailable - unavailable))));
    }

    private List<String> considered() {
        List<String> names = new ArrayList<>(byNode.keySet());
        nodes.forEach((name, node) -> {
            if (!byNode.containsKey(name) && DaemonPods.fit(set, node).run()) {
                names.add(name);
            }
        });
        return names;
    }

    private void replaceSurging(int mostSurge, int desired) {
        int surging = 0;
        int availableCount = 0;
        List<String> candidates = new ArrayList<>();
        List<Pod> unwanted = new ArrayList<>();
        for (String name : considered()) {
            Pair pair = pair(on(name));
            Pod old = pair.old;
            Pod updated = pair.updated;
            if (!pair.clear) {
                surging++;
                continue;
            }
            availableCount += (old != null && available(old)) || (old == null && updated != null && available(updated)) ? 1 : 0;
            if (old == null) {
                continue;
            }
            Node node = nodes.get(name);
            boolean run = node != null && DaemonPods.fit(set, node).run();
            if (updated != null) {
                if (available(updated)) {
                    delete.add(old);
                } else {
                    surging++;
                }
            } else if (!run) {
                (available(old) ? unwanted : delete).add(old);
            } else if (!available(old)) {
                create.add(name);
            } else {
                candidates.add(name);
            }
        }
        delete.addAll(unwanted.subList(0, Math.max(0, Math.min(unwanted.size(), availableCount - desired))));
        create.addAll(candidates.subList(0, Math.max(0, Math.min(candidates.size(), mostSurge - surging))));
    }

    /// The daemon with the counts in its status.
    DaemonSet counted() {
        int desired = 0;
        int current = 0;
        int misscheduled = 0;
        int ready = 0;
        int updated = 0;
        int availableCount = 0;
        for (Node node : nodes.values()) {
            List<Pod> present = on(node.metadata().name());
            boolean run = DaemonPods.fit(set, node).run();
            desired += run ? 1 : 0;
            misscheduled += !run && !present.isEmpty() ? 1 : 0;
            if (run && !present.isEmpty()) {
                Pod first = present.getFirst();
                current++;
                ready += Pods.ready(first) ? 1 : 0;
                availableCount += available(first) ? 1 : 0;
                updated += DaemonPods.updated(set, first, hash) ? 1 : 0;
            }
        }
        int wanted = desired;
        int counted = current;
        int wrong = misscheduled;
        int readyPods = ready;
        int updatedPods = updated;
        int availablePods = availableCount;
        return set.withStatus(s -> s.withObservedGeneration(set.metadata().generation())
                .withDesiredNumberScheduled(wanted)
                .withCurrentNumberScheduled(counted)
                .withNumberMisscheduled(wrong)
                .withNumberReady(readyPods)
                .withUpdatedNumberScheduled(updatedPods)
                .withNumberAvailable(availablePods)
                .withNumberUnavailable(wanted - availablePods));
    }
}
