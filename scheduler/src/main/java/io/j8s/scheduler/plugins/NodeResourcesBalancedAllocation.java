package io.j8s.scheduler.plugins;

import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Likes nodes on which the pod makes the shares of cpu and memory that are taken more alike, or keeps them so.
final class NodeResourcesBalancedAllocation implements ScorePlugin {

    private final List<ScoringStrategy.Weighted> resources;

    NodeResourcesBalancedAllocation(List<ScoringStrategy.Weighted> resources) {
        this.resources = resources;
    }

    @Override
    public String name() {
        return "NodeResourcesBalancedAllocation";
    }

    /// Pods that ask for nothing have no say.
    @Override
    public @Nullable NodeScore score(Cycle cycle, List<NodeInfo> feasible) {
        Resources asked = cycle.pod().requests();
        boolean any = resources.stream().anyMatch(weighted -> asked.get(weighted.resource()) > 0);
        return any ? node -> balance(node, asked) : null;
    }

    @Override
    public Reach scoreReach() {
        return Reach.NODE;
    }

    private long balance(NodeInfo node, Resources asked) {
        double without = evenness(node, null);
        double with = evenness(node, asked);
        return (long) ((1 + with - without) / 2 * NodeScore.HIGHEST);
    }

    /// One less the standard deviation of the shares that are taken.
    private double evenness(NodeInfo node, @Nullable Resources more) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (ScoringStrategy.Weighted weighted : resources) {
            long all = node.allocatable().get(weighted.resource());
            if (all > 0) {
                long taken = node.requested().get(weighted.resource()) + (more == null ? 0 : more.get(weighted.resource()));
                double share = Math.min(1.0, (double) taken / all);
                sum += share;
                squares += share * share;
                count++;
            }
        }
        if (count < 2) {
            return 1;
        }
        double mean = sum / count;
        return 1 - Math.sqrt(Math.max(0, squares / count - mean * mean));
    }
}
