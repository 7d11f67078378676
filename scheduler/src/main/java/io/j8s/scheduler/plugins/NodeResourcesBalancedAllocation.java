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
    public @Nullable NodeScore score(Cycle cycle) {
        Resources asked = cycle.pod().requests();
        boolean any = resources.stream().anyMatch(weighted -> asked.get(weighted.resource()) > 0);
        return any ? node -> balance(node, asked) : null;
    }

    @Override
    public Reach scoreReach() {
        return Reach.NODE;
    }

    private long balance(NodeInfo node, Resources asked) {
        long half = NodeScore.HIGHEST / 2;
        return half + (half + evenness(node, asked, true) - evenness(node, asked, false)) / 2;
    }

    /// One less the standard deviation of the shares that are taken, in hundredths.
    private long evenness(NodeInfo node, Resources asked, boolean withIt) {
        double[] shares = new double[resources.size()];
        double sum = 0;
        int count = 0;
        for (ScoringStrategy.Weighted weighted : resources) {
            String resource = weighted.resource();
            long all = node.allocatable().get(resource);
            if (all > 0 && (!Resources.isScalar(resource) || asked.get(resource) > 0)) {
                long taken = node.requested().get(resource) + (withIt ? asked.get(resource) : 0);
                shares[count] = Math.min(1.0, (double) taken / all);
                sum += shares[count++];
            }
        }
        return (long) ((1 - deviation(shares, count, sum)) * NodeScore.HIGHEST);
    }

    private static double deviation(double[] shares, int count, double sum) {
        if (count < 2) {
            return 0;
        }
        if (count == 2) {
            return Math.abs((shares[0] - shares[1]) / 2);
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += (shares[i] - mean) * (shares[i] - mean);
        }
        return Math.sqrt(squares / count);
    }
}
