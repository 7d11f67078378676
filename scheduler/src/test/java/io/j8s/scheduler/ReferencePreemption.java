package io.j8s.scheduler;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Which pods would have to go so that another fits, from the definition: take all lesser ones away in thought, then let as many as possible stay, those guarded by budgets first,
/// then the greater, then the older.
final class ReferencePreemption {

    private static final Comparator<Pod> IMPORTANCE = Comparator.<Pod>comparingInt(pod -> -pod.spec().priority()).thenComparing(ReferencePreemption::start).thenComparing(pod -> pod.metadata().uid());

    private final World world;
    private final Collection<Pod> promised;
    private final Collection<PodDisruptionBudget> budgets;

    /// @param broken how many of the victims are guarded by a budget that allows no more
    record Choice(String node, Set<String> victims, int broken, int greatest, long sum, Instant earliest) {
        /// The lesser, the better.
        List<Comparable<?>> cost() {
            return List.of(broken, greatest, sum, victims.size(), -earliest.getEpochSecond());
        }
    }

    /// @param promised pods that room was promised to, on the nodes that they name
    ReferencePreemption(World world, Collection<Pod> promised, Collection<PodDisruptionBudget> budgets) {
        this.world = world;
        this.promised = promised;
        this.budgets = budgets;
    }

    static Instant start(Pod pod) {
        return Objects.requireNonNull(pod.status().startTime());
    }

    List<Choice> choices(Pod pod) {
        List<Choice> choices = new ArrayList<>();
        for (Node node : world.nodes()) {
            List<Pod> lesser = world.on(node.metadata().name()).stream().filter(other -> other.spec().priority() < pod.spec().priority()).sorted(IMPORTANCE).toList();
            Set<String> gone = new HashSet<>(lesser.stream().map(one -> one.metadata().uid()).toList());
            if (lesser.isEmpty() || !allows(pod, node, gone)) {
                continue;
            }
            Set<String> guarded = guarded(lesser);
            List<Pod> order = Stream.concat(lesser.stream().filter(one -> guarded.contains(one.metadata().uid())), lesser.stream().filter(one -> !guarded.contains(one.metadata().uid()))).toList();
            for (Pod one : order) {
                gone.remove(one.metadata().uid());
                if (!allows(pod, node, gone)) {
                    gone.add(one.metadata().uid());
                }
            }
            if (!gone.isEmpty()) {
                choices.add(choice(node, lesser.stream().filter(one -> gone.contains(one.metadata().uid())).toList(), guarded));
            }
        }
        return choices;
    }

    private static Choice choice(Node node, List<Pod> victims, Set<String> guarded) {
        int greatest = victims.getFirst().spec().priority();
        return new Choice(node.metadata().name(), Set.copyOf(victims.stream().map(one -> one.metadata().uid()).toList()), (int) victims.stream().filter(one -> guarded.contains(one.metadata().uid())).count(),
                greatest, victims.stream().mapToLong(one -> one.spec().priority() + (1L << 31)).sum(),
                victims.stream().filter(one -> one.spec().priority() == greatest).map(ReferencePreemption::start).min(Comparator.naturalOrder()).orElseThrow());
    }

    /// As things would be without these, and also when those had come to whom room is promised.
    private boolean allows(Pod pod, Node node, Set<String> gone) {
        World then = world.without(gone);
        List<Pod> before = promised.stream().filter(other -> other.spec().nodeName().equals(node.metadata().name()) && other.spec().priority() >= pod.spec().priority()).toList();
        return new ReferenceScheduler(then).allows(pod, node) && (before.isEmpty() || new ReferenceScheduler(then.withAll(before)).allows(pod, node));
    }

    /// Those whose going, one after the other, some budget does not allow.
    private Set<String> guarded(List<Pod> pods) {
        Map<String, Integer> left = new HashMap<>();
        budgets.forEach(budget -> left.put(budget.metadata().name(), budget.status().disruptionsAllowed()));
        Set<String> guarded = new HashSet<>();
        for (Pod pod : pods) {
            for (PodDisruptionBudget budget : budgets) {
                boolean about = budget.metadata().namespace().equals(pod.metadata().namespace()) && Matching.labels(budget.spec().selector(), pod.metadata().labels())
                        && !(budget.spec().selector().matchLabels().isEmpty() && budget.spec().selector().matchExpressions().isEmpty());
                if (about && left.merge(budget.metadata().name(), -1, Integer::sum) < 0) {
                    guarded.add(pod.metadata().uid());
                }
            }
        }
        return guarded;
    }
}
