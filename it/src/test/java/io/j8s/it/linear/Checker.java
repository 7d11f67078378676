package io.j8s.it.linear;

import io.j8s.it.linear.Step.Outcome;
import io.j8s.it.linear.Step.State;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Looks for an order of steps that explains all answers and in which no step comes before one that had ended when it began (Wing and Gong's search, with Lowe's memory of what was tried).
///
/// Objects are independent of each other: each one's history is searched for itself.
final class Checker {

    private Checker() {}

    private record Tried(BitSet done, State state) {}

    /// Whether there is such an order for the history of one object, which was absent in the beginning.
    static boolean explains(List<Step> history) {
        List<Step> steps = history.stream().sorted(Comparator.comparingLong(Step::begin)).toList();
        Set<Tried> tried = new HashSet<>();
        Deque<Tried> open = new ArrayDeque<>();
        open.push(new Tried(new BitSet(), State.ABSENT));
        while (!open.isEmpty()) {
            Tried at = open.pop();
            if (!tried.add(at)) {
                continue;
            }
            long firstEnd = firstEnd(steps, at.done);
            if (firstEnd == Long.MAX_VALUE) {
                return true; // all that was answered is explained; what was not may never have happened
            }
            for (int i = 0; i < steps.size() && steps.get(i).begin() <= firstEnd; i++) {
                State after = at.done.get(i) ? null : steps.get(i).applied(at.state);
                boolean idle = steps.get(i).outcome() == Outcome.UNKNOWN && at.state.equals(after); // as if it had never happened: that is searched anyway
                if (after != null && !idle) {
                    BitSet done = (BitSet) at.done.clone();
                    done.set(i);
                    open.push(new Tried(done, after));
                }
            }
        }
        return false;
    }

    private static long firstEnd(List<Step> steps, BitSet done) {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < steps.size(); i++) {
            if (!done.get(i) && steps.get(i).outcome() != Outcome.UNKNOWN) {
                first = Math.min(first, steps.get(i).end());
            }
        }
        return first;
    }
}
