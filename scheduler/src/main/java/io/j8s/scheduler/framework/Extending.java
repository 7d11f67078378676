package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.List;

/// What is asked outside of this process about nodes that have passed all plugins (scheduler extenders). Blocks while it asks.
public interface Extending {

    /// Nobody is asked.
    Extending NONE = new Extending() {
        @Override
        public boolean concerns(PodInfo pod) {
            return false;
        }

        @Override
        public List<NodeInfo> filter(PodInfo pod, List<NodeInfo> nodes, Diagnosis diagnosis) {
            return nodes;
        }

        @Override
        public void addScores(PodInfo pod, List<NodeInfo> nodes, long[] totals) {}
    };

    /// Whether anybody wants to be asked about this pod.
    boolean concerns(PodInfo pod);

    /// Those of the nodes that are left.
    ///
    /// @param diagnosis is told why the others are not
    /// @throws IllegalStateException when the answer cannot be had and does not do without
    List<NodeInfo> filter(PodInfo pod, List<NodeInfo> nodes, Diagnosis diagnosis);

    /// Adds to the scores, in the order of the nodes.
    void addScores(PodInfo pod, List<NodeInfo> nodes, long[] totals);
}
