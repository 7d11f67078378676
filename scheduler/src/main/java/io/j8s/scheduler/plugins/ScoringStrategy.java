package io.j8s.scheduler.plugins;

import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.Resources;
import java.util.List;

/// How NodeResourcesFit turns fullness into a score (KubeSchedulerConfiguration, "ScoringStrategy").
public sealed interface ScoringStrategy {

    /// A resource with its weight.
    record Weighted(String resource, long weight) {}

    List<Weighted> CPU_AND_MEMORY = List.of(new Weighted("cpu", 1), new Weighted("memory", 1));

    /// The emptier the better: spreads pods.
    record LeastAllocated(List<Weighted> resources) implements ScoringStrategy {}

    /// The fuller the better: packs pods.
    record MostAllocated(List<Weighted> resources) implements ScoringStrategy {}

    /// A curve of one's own: points of utilization (percent) and score (0 to 10), in order.
    record RequestedToCapacityRatio(List<Weighted> resources, List<Point> shape) implements ScoringStrategy {}

    record Point(long utilization, long score) {}

    List<Weighted> resources();

    /// From 0 to 100, if the pod came to this node.
    default long score(NodeInfo node, Resources asked) {
        long sum = 0;
        long weights = 0;
        for (Weighted weighted : resources()) {
            long all = node.allocatable().get(weighted.resource);
            boolean common = weighted.resource.equals("cpu") || weighted.resource.equals("memory");
            if (all == 0 || (!common && asked.get(weighted.resource) == 0)) {
                continue;
            }
            long taken = (common ? node.scored() : node.requested()).get(weighted.resource) + asked.get(weighted.resource);
            sum += weighted.weight * one(taken, all);
            weights += weighted.weight;
        }
        return weights == 0 ? 0 : this instanceof RequestedToCapacityRatio ? Math.round((double) sum / weights) : sum / weights;
    }

    private long one(long taken, long all) {
        return switch (this) {
            case LeastAllocated least -> taken > all ? 0 : (all - taken) * NodeScore.HIGHEST / all;
            case MostAllocated most -> Math.min(taken, all) * NodeScore.HIGHEST / all;
            case RequestedToCapacityRatio ratio -> interpolate(ratio.shape, taken > all ? 100 : 100 - (all - taken) * 100 / all);
        };
    }

    private static long interpolate(List<Point> shape, long utilization) {
        for (int i = 0; i < shape.size(); i++) {
            Point point = shape.get(i);
            if (utilization <= point.utilization) {
                if (i == 0) {
                    return point.score * 10;
                }
                Point before = shape.get(i - 1);
                return before.score * 10 + (point.score - before.score) * 10 * (utilization - before.utilization) / (point.utilization - before.utilization);
            }
        }
        return shape.getLast().score * 10;
    }
}
