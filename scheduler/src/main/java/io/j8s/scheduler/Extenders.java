package io.j8s.scheduler;

import io.j8s.scheduler.framework.BindPlugin;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Extending;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All configured extenders, asked one after the other. An ignorable one that fails is passed over; another one's failure is the attempt's.
final class Extenders implements Extending {

    private static final Logger LOG = LoggerFactory.getLogger(Extenders.class);
    private static final int HIGHEST_OF_EXTENDERS = 10;
    private static final int SCALE = 10;

    private final List<Extender> extenders;
    private final ClusterState cluster;

    Extenders(List<Extender> extenders, ClusterState cluster) {
        this.extenders = List.copyOf(extenders);
        this.cluster = cluster;
    }

    /// The resources that extenders look after and the scheduler does not count.
    Set<String> ignoredResources() {
        Set<String> names = new HashSet<>();
        extenders.forEach(extender -> names.addAll(extender.configuration().ignoredResources()));
        return names;
    }

    @Override
    public boolean concerns(PodInfo pod) {
        for (Extender extender : extenders) {
            if ((extender.filters() || extender.scores()) && extender.concerns(pod)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<NodeInfo> filter(PodInfo pod, List<NodeInfo> nodes, Diagnosis diagnosis) {
        List<NodeInfo> left = nodes;
        for (Extender extender : extenders) {
            if (left.isEmpty()) {
                break;
            }
            if (extender.filters() && extender.concerns(pod)) {
                left = filter(extender, pod, left, diagnosis);
            }
        }
        return left;
    }

    private static List<NodeInfo> filter(Extender extender, PodInfo pod, List<NodeInfo> nodes, Diagnosis diagnosis) {
        Extender.Filtered answer;
        try {
            answer = extender.filter(pod, nodes);
        } catch (ExtenderException e) {
            if (extender.configuration().ignorable()) {
                LOG.atInfo().addKeyValue("extender", extender.name()).addKeyValue("err", e.getMessage()).log("Skipping extender as it returned error and has ignorable flag set");
                return nodes;
            }
            throw new IllegalStateException(e.getMessage(), e);
        }
        List<NodeInfo> left = new ArrayList<>();
        for (NodeInfo node : nodes) {
            String failed = answer.failed().get(node.name());
            String unresolvable = answer.unresolvable().get(node.name());
            if (unresolvable != null) {
                diagnosis.add(node, new Diagnosis.Verdict("", Rejection.unresolvable(unresolvable)));
            } else if (failed != null) {
                diagnosis.add(node, new Diagnosis.Verdict("", Rejection.resolvable(failed)));
            } else if (answer.nodes().contains(node.name())) {
                left.add(node);
            }
        }
        return left;
    }

    @Override
    public void addScores(PodInfo pod, List<NodeInfo> nodes, long[] totals) {
        for (Extender extender : extenders) {
            if (!extender.scores() || !extender.concerns(pod)) {
                continue;
            }
            try {
                Map<String, Long> scores = extender.scores(pod, nodes);
                for (int i = 0; i < totals.length; i++) {
                    // an extender's scores go to 10, those of plugins to 100
                    totals[i] += Math.min(scores.getOrDefault(nodes.get(i).name(), 0L), HIGHEST_OF_EXTENDERS) * extender.configuration().weight() * SCALE;
                }
            } catch (ExtenderException e) {
                // scores only prefer: as upstream does, one that cannot be asked has no say
                LOG.atInfo().addKeyValue("extender", extender.name()).addKeyValue("err", e.getMessage()).log("Failed to run extender's priority function. No score given by this extender.");
            }
        }
    }

    /// The choices that are left, perhaps with other victims.
    List<Preemption.Choice> preempting(PodInfo pod, List<Preemption.Choice> choices) {
        List<Preemption.Choice> left = choices;
        for (Extender extender : extenders) {
            if (left.isEmpty() || !extender.preempts() || !extender.concerns(pod)) {
                continue;
            }
            try {
                left = choices(extender, extender.preempt(pod, left));
            } catch (ExtenderException e) {
                if (!extender.configuration().ignorable()) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
                LOG.atInfo().addKeyValue("extender", extender.name()).addKeyValue("err", e.getMessage()).log("Skipped extender as it returned error and has ignorable flag set");
            }
        }
        return left;
    }

    private List<Preemption.Choice> choices(Extender extender, Map<String, Extender.Victims> answer) {
        List<Preemption.Choice> choices = new ArrayList<>();
        answer.forEach((name, victims) -> {
            NodeInfo node = cluster.node(name);
            if (node == null) {
                throw new ExtenderException("extender: " + extender.name() + " claims to preempt on node \"" + name + "\", but the node is not found in nodeName -> victims map");
            }
            Map<String, PodInfo> there = new HashMap<>(node.pods());
            List<PodInfo> pods = victims.uids().stream().map(uid -> known(extender, there, uid, name)).toList();
            if (!pods.isEmpty()) {
                choices.add(new Preemption.Choice(node, pods, victims.budgetsBroken()));
            } else if (!extender.configuration().ignorable()) {
                throw new ExtenderException("expected at least one victim pod on node \"" + name + "\"");
            }
        });
        return choices;
    }

    private static PodInfo known(Extender extender, Map<String, PodInfo> there, String uid, String node) {
        PodInfo pod = there.get(uid);
        if (pod == null) {
            throw new ExtenderException("extender: " + extender.name() + " claims to preempt pod (UID: " + uid + ") on node: " + node + ", but the pod is not found on that node");
        }
        return pod;
    }

    /// The one that binds this pod, or null.
    @Nullable BindPlugin binder(PodInfo pod) {
        for (Extender extender : extenders) {
            if (extender.binds() && extender.concerns(pod)) {
                return extender;
            }
        }
        return null;
    }
}
