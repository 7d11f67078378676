package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.TouchedNodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Finds the best node for a pod: filters all nodes, scores those that are left, and takes the best (any of them, when several are). Pure but for its random choice; one thread.
///
/// Upstream looks at a sample of the nodes of a large cluster (percentageOfNodesToScore); here a node costs so little that all are looked at, and the choice is the best there is.
///
/// What is kept between pods: for each kind of pod (all that plugins of [Reach#NODE] look at, and the [Grouped#shape] of the others) the nodes in [NodeClasses]. Placing the next
/// of many equal pods works out anew only the nodes that have changed since, and asks the plugins of [Reach#CLUSTER] once for each class. Plugins that cannot group nodes are
/// asked node by node, from the best on; when scores have to be normalized as well, all nodes are asked.
public final class Placement {

    private static final int KEPT_KINDS = 64;
    /// Fewer nodes than this share of all are looked at one by one.
    private static final int FEW = 8;

    private final Profile profile;
    private final ClusterState cluster;
    private final Nominations nominations;
    private final RandomGenerator random;
    private final List<FilterPlugin> nodeFilters;
    private final List<FilterPlugin> clusterFilters;
    private final List<Profile.Scorer> nodeScorers;
    private final List<Profile.Scorer> clusterScorers;
    private final Extending extending;
    private final Measures measures;
    private final Map<String, Tally> tallies = new HashMap<>();
    private @Nullable Asking asking;
    private final Traits traits = new Traits();
    private final Map<Kept, NodeClasses> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kept, NodeClasses> eldest) {
            return size() > KEPT_KINDS;
        }
    };

    private record Kept(PodKind kind, List<Object> shapes) {}

    /// What came of it.
    public sealed interface Result {
        /// @param feasible how many nodes would have done, as far as was looked
        record Chosen(NodeInfo node, int feasible) implements Result {}

        record None(Diagnosis diagnosis) implements Result {}
    }

    /// What was last asked for, as long as no node has changed and the attempt goes on.
    private record Asking(PodInfo pod, long seen, @Nullable Function<NodeInfo, Diagnosis.@Nullable Verdict> apart) {}

    private record Named(String plugin, NodeFilter filter, Tally tally) {}

    private record Weighed(NodeScore score, long weight) {}

    public Placement(Profile profile, ClusterState cluster, Nominations nominations, RandomGenerator random) {
        this(profile, cluster, nominations, random, Extending.NONE, Measures.NONE);
    }

    /// @param extending what is asked outside of this process
    /// @param measures is told how long decisions take
    public Placement(Profile profile, ClusterState cluster, Nominations nominations, RandomGenerator random, Extending extending, Measures measures) {
        this.measures = measures;
        for (Point point : List.of(Point.PRE_FILTER, Point.FILTER, Point.PRE_SCORE, Point.SCORE)) {
            profile.names(point).forEach(name -> tallies.computeIfAbsent(name, measures::tally));
        }
        this.profile = profile;
        this.cluster = cluster;
        this.nominations = nominations;
        this.random = random;
        this.extending = extending;
        this.nodeFilters = profile.filters().stream().filter(plugin -> plugin.filterReach() == Reach.NODE).toList();
        this.clusterFilters = profile.filters().stream().filter(plugin -> plugin.filterReach() == Reach.CLUSTER).toList();
        this.nodeScorers = profile.scorers().stream().filter(scorer -> scorer.plugin().scoreReach() == Reach.NODE).toList();
        this.clusterScorers = profile.scorers().stream().filter(scorer -> scorer.plugin().scoreReach() == Reach.CLUSTER).toList();
    }

    public Profile profile() {
        return profile;
    }

    /// The best node for the pod as things are.
    public Result find(PodInfo pod) {
        Cycle cycle = new Cycle(pod, cluster);
        asking = null;
        long start = measures.now();
        try {
            List<Named> filters = measures.sampled() ? timedFilters(cycle) : filters(clusterFilters, cycle);
            Set<String> only = only(filters, cycle);
            measures.point("PreFilter", "Success", start);
            List<Weighed> scorers = scorers(clusterScorers, cycle);
            if (extending.concerns(pod) || (only != null && only.size() <= cluster.nodes().size() / FEW)) {
                return among(cycle, only);
            }
            NodeClasses classes = classes(cycle, filters, scorers);
            List<Named> alone = filters.stream().filter(named -> named.filter.shape() == null).toList();
            boolean scoredAlone = scorers.stream().anyMatch(weighed -> weighed.score.shape() == null);
            boolean oneByOne = !alone.isEmpty() || !nominations.isEmpty();
            if (scoredAlone || (oneByOne && !scorers.isEmpty())) {
                return among(cycle, only);
            }
            return byClass(cycle, filters, alone, scorers, classes);
        } catch (NamedUnschedulable e) {
            measures.point("PreFilter", "UnschedulableAndUnresolvable", start);
            NamedUnschedulable first = first(cycle, e);
            Diagnosis diagnosis = new Diagnosis();
            diagnosis.whole(first.plugin, first.reason, first.resolvable);
            return new Result.None(diagnosis);
        }
    }

    /// Of all objections to the pod as such, the one of the profile's first plugin.
    private NamedUnschedulable first(Cycle cycle, NamedUnschedulable found) {
        try {
            filters(profile.filters(), cycle);
            return found;
        } catch (NamedUnschedulable e) {
            return e;
        }
    }

    // ---- classes of nodes

    private Result byClass(Cycle cycle, List<Named> filters, List<Named> alone, List<Weighed> scorers, NodeClasses classes) {
        long start = measures.now();
        List<Named> grouped = alone.isEmpty() ? filters : filters.stream().filter(named -> named.filter.shape() != null).toList();
        Open open = new Open(classes.count());
        for (NodeClasses.NodeClass one : classes.classes()) {
            if (ask(grouped, Objects.requireNonNull(cluster.slot(one.any()))) == null) {
                open.add(one);
            }
        }
        measures.point("Filter", "Success", start);
        long scoring = measures.now();
        open.addScores(scorers);
        int feasible = open.size();
        if (feasible > 1) {
            measures.point("PreScore", "Success", scoring);
            measures.point("Score", "Success", scoring);
        }
        if (alone.isEmpty() && nominations.isEmpty()) {
            int chosen = open.best();
            return chosen < 0 ? new Result.None(diagnose(cycle)) : new Result.Chosen(Objects.requireNonNull(cluster.slot(chosen)), feasible);
        }
        return fromTheBestOn(cycle, alone, open, classes, feasible);
    }

    private Result fromTheBestOn(Cycle cycle, List<Named> alone, Open open, NodeClasses classes, int feasible) {
        List<Aside> aside = new ArrayList<>();
        try {
            for (int index = open.best(); index >= 0; index = open.best()) {
                NodeInfo node = Objects.requireNonNull(cluster.slot(index));
                Diagnosis.Verdict verdict = ask(alone, node);
                if (verdict == null && nominations.onNode(node.name())) {
                    verdict = withNominated(cycle, node);
                }
                if (verdict == null) {
                    return new Result.Chosen(node, feasible - aside.size());
                }
                NodeClasses.NodeClass of = Objects.requireNonNull(classes.classOf(index));
                aside.add(new Aside(index, of.traits(), classes.score(index)));
                classes.remove(index);
            }
            return new Result.None(diagnose(cycle));
        } finally {
            aside.forEach(one -> classes.put(one.node, one.traits, one.score));
        }
    }

    private record Aside(int node, Traits traits, long score) {}

    /// The classes that pass, each with what the cluster-wide scores add to its nodes.
    private final class Open implements Feasible {
        private final NodeClasses.NodeClass[] classes;
        private final long[] extra;
        private int count;

        Open(int most) {
            classes = new NodeClasses.NodeClass[most];
            extra = new long[most];
        }

        void add(NodeClasses.NodeClass one) {
            classes[count++] = one;
        }

        @Override
        public int size() {
            int nodes = 0;
            for (int i = 0; i < count; i++) {
                nodes += classes[i].size();
            }
            return nodes;
        }

        @Override
        public void each(Visitor visitor) {
            for (int i = 0; i < count; i++) {
                visitor.visit(Objects.requireNonNull(cluster.slot(classes[i].any())), classes[i].size());
            }
        }

        void addScores(List<Weighed> scorers) {
            if (scorers.isEmpty() || count == 0) {
                return;
            }
            long[] scores = new long[count];
            for (Weighed weighed : scorers) {
                weighed.score.prepare(this);
                for (int i = 0; i < count; i++) {
                    scores[i] = weighed.score.of(Objects.requireNonNull(cluster.slot(classes[i].any())));
                }
                weighed.score.normalize(scores, count);
                for (int i = 0; i < count; i++) {
                    extra[i] += scores[i] * weighed.weight;
                }
            }
        }

        /// The index of a node with the highest score, each of them with the same chance; below zero when there is none.
        int best() {
            NodeClasses.NodeClass best = null;
            long highest = Long.MIN_VALUE;
            int alike = 0;
            for (int i = 0; i < count; i++) {
                if (classes[i].size() == 0) {
                    continue;
                }
                long score = classes[i].top() + extra[i];
                int these = classes[i].atTop();
                if (score > highest) {
                    highest = score;
                    best = classes[i];
                    alike = these;
                } else if (score == highest) {
                    alike += these;
                    best = random.nextInt(alike) < these ? classes[i] : best;
                }
            }
            return best == null ? -1 : best.anyAtTop(random);
        }
    }

    private NodeClasses classes(Cycle cycle, List<Named> filters, List<Weighed> scorers) {
        List<Object> shapes = List.of();
        List<Grouped> describing = List.of();
        if (!filters.isEmpty() || !scorers.isEmpty()) {
            shapes = new ArrayList<>();
            describing = new ArrayList<>();
            for (Named named : filters) {
                addShape(named.filter, shapes, describing);
            }
            for (Weighed weighed : scorers) {
                addShape(weighed.score, shapes, describing);
            }
        }
        long start = measures.now();
        NodeClasses classes = kept.computeIfAbsent(new Kept(PodKind.of(cycle.pod(), nodeFilters), shapes), k -> new NodeClasses());
        boolean known = classes.seen >= 0;
        classes.grow(cluster.slots());
        follow(cycle, classes, describing);
        measures.hinted(known, start);
        return classes;
    }

    private static void addShape(Grouped grouped, List<Object> shapes, List<Grouped> describing) {
        Object shape = grouped.shape();
        if (shape != null) {
            shapes.add(shape);
            describing.add(grouped);
        }
    }

    private void follow(Cycle cycle, NodeClasses classes, List<Grouped> describing) {
        TouchedNodes touched = cluster.touched();
        if (classes.seen == touched.end()) {
            return;
        }
        List<Named> filters = filters(nodeFilters, cycle);
        List<Weighed> scores = scorers(nodeScorers, cycle);
        if (touched.reaches(classes.seen)) {
            for (long change = classes.seen; change < touched.end(); change++) {
                look(classes, touched.at(change), filters, scores, describing);
            }
        } else {
            for (int index = 0; index < cluster.slots(); index++) {
                look(classes, index, filters, scores, describing);
            }
        }
        classes.seen = touched.end();
    }

    private void look(NodeClasses classes, int index, List<Named> filters, List<Weighed> scores, List<Grouped> describing) {
        NodeInfo node = cluster.slot(index);
        if (node == null || ask(filters, node) != null) {
            classes.remove(index);
            return;
        }
        traits.clear();
        for (Grouped grouped : describing) {
            grouped.describe(node, traits);
        }
        classes.put(index, traits, total(scores, node));
    }

    private static long total(List<Weighed> scores, NodeInfo node) {
        long total = 0;
        for (Weighed weighed : scores) {
            total += weighed.score.of(node) * weighed.weight;
        }
        return total;
    }

    // ---- node by node

    /// Filters and scores each of these nodes; null: all.
    private Result among(Cycle cycle, @Nullable Set<String> only) {
        long start = measures.now();
        List<Named> filters = filters(profile.filters(), cycle);
        List<NodeInfo> feasible = new ArrayList<>();
        if (only == null) {
            for (NodeInfo node : cluster.nodes()) {
                addFeasible(cycle, filters, node, feasible);
            }
        } else {
            for (String name : only) {
                NodeInfo node = cluster.node(name);
                if (node != null) {
                    addFeasible(cycle, filters, node, feasible);
                }
            }
        }
        measures.point("Filter", "Success", start);
        Diagnosis extended = new Diagnosis();
        if (!feasible.isEmpty() && extending.concerns(cycle.pod())) {
            feasible = extending.filter(cycle.pod(), feasible, extended);
        }
        if (feasible.isEmpty()) {
            Diagnosis diagnosis = diagnose(cycle);
            extended.each((node, verdict) -> diagnosis.add(node, verdict));
            return new Result.None(diagnosis);
        }
        return new Result.Chosen(best(cycle, feasible), feasible.size());
    }

    private void addFeasible(Cycle cycle, List<Named> filters, NodeInfo node, List<NodeInfo> feasible) {
        if (ask(filters, node) == null && (!nominations.onNode(node.name()) || withNominated(cycle, node) == null)) {
            feasible.add(node);
        }
    }

    private NodeInfo best(Cycle cycle, List<NodeInfo> feasible) {
        int count = feasible.size();
        if (count == 1) {
            return feasible.getFirst();
        }
        long start = measures.now();
        long[] totals = new long[count];
        long[] scores = new long[count];
        Feasible all = new Each(feasible);
        for (Profile.Scorer scorer : profile.scorers()) {
            NodeScore score = scorer.plugin().concerns(cycle) ? scorer.plugin().score(cycle) : null;
            if (score != null) {
                score.prepare(all);
                for (int i = 0; i < count; i++) {
                    scores[i] = score.of(feasible.get(i));
                }
                score.normalize(scores, count);
                for (int i = 0; i < count; i++) {
                    totals[i] += scores[i] * scorer.weight();
                }
            }
        }
        measures.point("PreScore", "Success", start);
        measures.point("Score", "Success", start);
        if (extending.concerns(cycle.pod())) {
            extending.addScores(cycle.pod(), feasible, totals);
        }
        int best = 0;
        int alike = 1;
        for (int i = 1; i < count; i++) {
            if (totals[i] > totals[best]) {
                best = i;
                alike = 1;
            } else if (totals[i] == totals[best] && random.nextInt(++alike) == 0) {
                best = i;
            }
        }
        return feasible.get(best);
    }

    private record Each(List<NodeInfo> nodes) implements Feasible {
        @Override
        public int size() {
            return nodes.size();
        }

        @Override
        public void each(Visitor visitor) {
            nodes.forEach(node -> visitor.visit(node, 1));
        }
    }

    // ---- why not

    /// What stands against each node: the first of the profile's plugins that has something against it.
    private Diagnosis diagnose(Cycle cycle) {
        Diagnosis diagnosis = new Diagnosis();
        List<Named> filters = filters(profile.filters(), cycle);
        for (NodeInfo node : cluster.nodes()) {
            Diagnosis.Verdict verdict = notNamed(filters, node);
            verdict = verdict == null ? ask(filters, node) : verdict;
            if (verdict == null && nominations.onNode(node.name())) {
                verdict = withNominated(cycle, node);
            }
            if (verdict != null) {
                diagnosis.add(node, verdict);
            }
        }
        return diagnosis;
    }

    /// Nodes that a plugin knows beforehand not to do are not even looked at by the others.
    private static Diagnosis.@Nullable Verdict notNamed(List<Named> filters, NodeInfo node) {
        for (Named named : filters) {
            Set<String> only = named.filter.onlyNodes();
            if (only != null && !only.contains(node.name()) && !named.plugin.equals("NodeName")) {
                return ask(List.of(named), node);
            }
        }
        return null;
    }

    private static Diagnosis.@Nullable Verdict ask(List<Named> filters, NodeInfo node) {
        for (int i = 0; i < filters.size(); i++) {
            Named named = filters.get(i);
            named.tally.filters++;
            Rejection rejection = named.filter.reject(node);
            if (rejection != null) {
                return new Diagnosis.Verdict(named.plugin, rejection);
            }
        }
        return null;
    }

    /// The room that pods of the same or a higher priority were promised is not given away.
    private Diagnosis.@Nullable Verdict withNominated(Cycle cycle, NodeInfo node) {
        List<PodInfo> before = promised(cycle.pod(), node);
        if (before.isEmpty()) {
            return null;
        }
        Function<NodeInfo, Diagnosis.@Nullable Verdict> apart = before.stream().anyMatch(PodInfo::reachesBeyondItsNode) ? null : askingApart(cycle.pod());
        if (apart != null) {
            NodeInfo copy = node.apart();
            before.forEach(copy::addApart);
            return apart.apply(copy);
        }
        Supplier<Diagnosis.@Nullable Verdict> ask = () -> verdict(cycle.pod(), node);
        for (PodInfo other : before) {
            Supplier<Diagnosis.@Nullable Verdict> inner = ask;
            ask = () -> cluster.assuming(other, node, true, inner);
        }
        return ask.get();
    }

    /// The pods that were promised room on a node, and come before this one there.
    public List<PodInfo> promised(PodInfo pod, NodeInfo node) {
        if (!nominations.onNode(node.name())) {
            return List.of();
        }
        List<PodInfo> all = nominations.before(pod, node.name());
        for (int i = 0; i < all.size(); i++) {
            if (cluster.pod(all.get(i).uid()) != null) {
                return all.stream().filter(other -> cluster.pod(other.uid()) == null).toList();
            }
        }
        return all;
    }

    /// What tells apart pods that get other answers from filters that look at one node only: equal for those that get the same.
    public Object kind(PodInfo pod) {
        return PodKind.of(pod, nodeFilters);
    }

    /// What stands against a node as things are, and also when those had come to whom it was promised.
    public Diagnosis.@Nullable Verdict verdictWithPromised(PodInfo pod, NodeInfo node) {
        Diagnosis.Verdict verdict = verdict(pod, node);
        return verdict == null && nominations.onNode(node.name()) ? withNominated(new Cycle(pod, cluster), node) : verdict;
    }

    /// What stands against a node as things are, nominated pods left aside; null when it will do.
    public Diagnosis.@Nullable Verdict verdict(PodInfo pod, NodeInfo node) {
        try {
            return ask(filters(profile.filters(), new Cycle(pod, cluster)), node);
        } catch (NamedUnschedulable e) {
            return new Diagnosis.Verdict(e.plugin, new Rejection(e.reason, e.resolvable));
        }
    }

    /// Asks what stands against one node after the other, as far as nodes are concerned one by one: may be asked about a [NodeInfo#apart], too.
    ///
    /// @return null when other nodes matter, too: then [#verdict] is to be asked, with the cluster changed in thought
    public @Nullable Function<NodeInfo, Diagnosis.@Nullable Verdict> askingApart(PodInfo pod) {
        Asking last = asking;
        if (last == null || last.pod != pod || last.seen != cluster.touched().end()) {
            last = new Asking(pod, cluster.touched().end(), newlyAskingApart(pod));
            asking = last;
        }
        return last.apart;
    }

    private @Nullable Function<NodeInfo, Diagnosis.@Nullable Verdict> newlyAskingApart(PodInfo pod) {
        Cycle cycle = new Cycle(pod, cluster);
        try {
            if (!filters(clusterFilters, cycle).isEmpty()) {
                return null;
            }
            List<Named> filters = filters(nodeFilters, cycle);
            return node -> ask(filters, node);
        } catch (NamedUnschedulable e) {
            return null;
        }
    }

    private static final class NamedUnschedulable extends RuntimeException {
        private static final long serialVersionUID = 1;
        final String plugin;
        final String reason;
        final boolean resolvable;

        NamedUnschedulable(String plugin, Unschedulable cause) {
            super(cause.reason(), null, false, false);
            this.plugin = plugin;
            this.reason = cause.reason();
            this.resolvable = cause.resolvable();
        }
    }

    /// The same with the time of each plugin noted, here and for one node.
    private List<Named> timedFilters(Cycle cycle) {
        List<String> preparing = profile.names(Point.PRE_FILTER);
        for (FilterPlugin plugin : profile.filters()) {
            long start = measures.now();
            List<Named> one = filters(List.of(plugin), cycle);
            if (preparing.contains(plugin.name())) {
                measures.plugin(plugin.name(), "PreFilter", one.isEmpty() ? "Skip" : "Success", start);
            }
            if (!one.isEmpty() && !cluster.nodes().isEmpty()) {
                long asked = measures.now();
                Diagnosis.Verdict verdict = ask(one, cluster.nodes().get(random.nextInt(cluster.nodes().size())));
                measures.plugin(plugin.name(), "Filter", verdict == null ? "Success" : verdict.rejection().resolvable() ? "Unschedulable" : "UnschedulableAndUnresolvable", asked);
            }
        }
        return filters(clusterFilters, cycle);
    }

    private Tally tally(String plugin) {
        return tallies.computeIfAbsent(plugin, measures::tally);
    }

    private List<Named> filters(List<FilterPlugin> plugins, Cycle cycle) {
        List<Named> filters = new ArrayList<>(plugins.size());
        for (int i = 0; i < plugins.size(); i++) {
            FilterPlugin plugin = plugins.get(i);
            try {
                NodeFilter filter = plugin.filter(cycle);
                if (filter != null) {
                    Tally tally = tally(plugin.name());
                    tally.preFilters++;
                    filters.add(new Named(plugin.name(), filter, tally));
                }
            } catch (Unschedulable e) {
                throw new NamedUnschedulable(plugin.name(), e);
            }
        }
        return filters;
    }

    private @Nullable Set<String> only(List<Named> clusterFilters, Cycle cycle) {
        Set<String> fewest = null;
        for (Named named : clusterFilters) {
            fewest = fewer(fewest, named.filter.onlyNodes());
        }
        if (!cycle.pod().nodeName().isEmpty() || cycle.pod().pod().spec().affinity().nodeAffinity().hasRequiredDuringSchedulingIgnoredDuringExecution()) {
            for (Named named : filters(nodeFilters, cycle)) {
                fewest = fewer(fewest, named.filter.onlyNodes());
            }
        }
        return fewest;
    }

    private static @Nullable Set<String> fewer(@Nullable Set<String> one, @Nullable Set<String> other) {
        return one == null || (other != null && other.size() < one.size()) ? other : one;
    }

    private List<Weighed> scorers(List<Profile.Scorer> all, Cycle cycle) {
        List<Weighed> scores = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            Profile.Scorer scorer = all.get(i);
            NodeScore score = scorer.plugin().concerns(cycle) ? scorer.plugin().score(cycle) : null;
            if (score != null) {
                Tally tally = tally(scorer.plugin().name());
                tally.preScores++;
                tally.scores++;
                scores.add(new Weighed(score, scorer.weight()));
            }
        }
        return scores;
    }
}
