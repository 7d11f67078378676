package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;

/// How well nodes suit one pod, by one plugin.
@FunctionalInterface
public interface NodeScore extends Grouped {

    long HIGHEST = 100;

    /// The more the better; from 0 to [#HIGHEST], unless [#normalize] brings it there.
    long of(NodeInfo node);

    /// Told once, before the first node is scored, which nodes are left.
    default void prepare(Feasible feasible) {}

    /// Brings the scores of all feasible nodes, in place, to 0 to [#HIGHEST].
    default void normalize(long[] scores, int count) {}

    /// The usual way: in proportion to the highest one; reversed when less is better.
    static void inProportion(long[] scores, int count, boolean lessIsBetter) {
        long highest = 0;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, scores[i]);
        }
        for (int i = 0; i < count; i++) {
            long scaled = highest == 0 ? 0 : scores[i] * HIGHEST / highest;
            scores[i] = lessIsBetter ? HIGHEST - scaled : scaled;
        }
    }
}
