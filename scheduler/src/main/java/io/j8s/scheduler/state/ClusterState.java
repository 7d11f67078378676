package io.j8s.scheduler.state;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Nodes, the pods on them, and counts over pods that are kept up to date by differences.
///
/// Counts are made when somebody first asks for them (one walk over all pods) and then follow each pod that comes or goes: the cost of a scheduling decision does not
/// depend on how many pods there are. Those that have not been asked for longest are dropped beyond [#KEPT_COUNTS].
///
/// Not for sharing: one thread.
public final class ClusterState {

    private static final int KEPT_COUNTS = 1024;

    private @Nullable NodeInfo[] slots = new NodeInfo[64];
    /// By node index; 0 where there is no node.
    private long[] nodeVersions = new long[64];
    private int slotCount;
    private List<NodeInfo> listed = List.of();
    private int nodesWithImages;
    private final Map<String, Integer> imageHolders = new HashMap<>();
    private final Map<String, Integer> claimUsers = new HashMap<>();
    private final Deque<Integer> freeSlots = new ArrayDeque<>();
    private final Map<String, NodeInfo> nodes = new LinkedHashMap<>();
    private final Map<String, Placed> pods = new HashMap<>();
    private final Map<String, List<PodInfo>> homeless = new HashMap<>();
    private final Map<String, Map<String, String>> namespaces = new HashMap<>();
    private final Map<String, Topology> topologies = new HashMap<>();

    private final Map<AffinityTerm, PlaceCounts> matched = recentlyUsed();
    private final Map<PodSelection, NodeCounts> selected = recentlyUsed();
    private final Map<AffinityTerm, PlaceCounts> antiAffinityOwners = new HashMap<>();
    private final Map<AffinityTerm, PlaceCounts> affinityOwners = new HashMap<>();
    private final Map<AffinityTerm, PlaceCounts> preferenceOwners = new HashMap<>();
    private final Map<AffinityTerm, Integer> owners = new HashMap<>();
    private final TouchedNodes touchedNodes = new TouchedNodes();
    private final Map<SpreadKey, SpreadCounts> spreads = recentlyUsed();
    /// Those that were asked for while something was assumed: they are brought back with it.
    private final List<SpreadCounts> spreadsInThought = new ArrayList<>();
    private int thoughts;
    private long versions;
    private int softTaints;

    private record Placed(PodInfo pod, NodeInfo node) {}

    private static <K, V> Map<K, V> recentlyUsed() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > KEPT_COUNTS;
            }
        };
    }

    /// How many taints of effect PreferNoSchedule there are on all nodes.
    public int softTaints() {
        return softTaints;
    }

    public List<NodeInfo> nodes() {
        if (listed.size() != nodes.size() || listed.isEmpty()) {
            listed = List.copyOf(nodes.values());
        }
        return listed;
    }

    public @Nullable NodeInfo node(String name) {
        return nodes.get(name);
    }

    /// The node with this index, or null.
    public @Nullable NodeInfo slot(int index) {
        return slots[index];
    }

    /// A number that changes with the node of this index and the pods on it; 0 where there is none.
    public long version(int index) {
        return nodeVersions[index];
    }

    private void touched(int index) {
        nodeVersions[index] = ++versions;
        touchedNodes.add(index);
    }

    /// The nodes that have changed (the node, or the pods on it), in order.
    public TouchedNodes touched() {
        return touchedNodes;
    }

    /// How many nodes say which images they have.
    public int nodesWithImages() {
        return nodesWithImages;
    }

    /// How many nodes have an image of this name.
    public int nodesWithImage(String name) {
        return imageHolders.getOrDefault(name, 0);
    }

    private void countImages(NodeInfo node, int sign) {
        nodesWithImages += node.hasImages() ? sign : 0;
        for (String image : node.images()) {
            if (imageHolders.merge(image, sign, Integer::sum) == 0) {
                imageHolders.remove(image);
            }
        }
    }

    /// Node indices are below this.
    public int slots() {
        return slotCount;
    }

    public int podCount() {
        return pods.size();
    }

    /// Adds a node or sets its new state.
    public void put(Node node) {
        String name = node.metadata().name();
        NodeInfo known = nodes.get(name);
        if (known != null) {
            replace(known, node);
            return;
        }
        softTaints += softTaints(node);
        Integer free = freeSlots.poll();
        int index = free == null ? slotCount++ : free;
        if (index == slots.length) {
            slots = Arrays.copyOf(slots, index * 2);
            nodeVersions = Arrays.copyOf(nodeVersions, index * 2);
        }
        NodeInfo added = new NodeInfo(index, node, this::touched);
        slots[index] = added;
        countImages(added, 1);
        nodes.put(name, added);
        listed = List.of();
        topologies.values().forEach(topology -> topology.set(added));
        List<PodInfo> waiting = homeless.remove(name);
        if (waiting != null) {
            waiting.forEach(pod -> place(pod, added));
        }
    }

    private static int softTaints(Node node) {
        return (int) node.spec().taints().stream().filter(taint -> taint.effect().equals("PreferNoSchedule")).count();
    }

    private void replace(NodeInfo known, Node node) {
        boolean moves = !known.labels().equals(node.metadata().labels());
        softTaints += softTaints(node) - softTaints(known.node());
        List<PodInfo> there = moves ? List.copyOf(known.pods().values()) : List.of();
        there.forEach(pod -> count(pod, known, -1));
        countImages(known, -1);
        known.set(node);
        countImages(known, 1);
        topologies.values().forEach(topology -> topology.set(known));
        there.forEach(pod -> count(pod, known, 1));
    }

    /// Forgets a node; its pods wait for it to come back, or to be deleted.
    public void removeNode(String name) {
        NodeInfo gone = nodes.remove(name);
        if (gone == null) {
            return;
        }
        softTaints -= softTaints(gone.node());
        List<PodInfo> there = List.copyOf(gone.pods().values());
        there.forEach(pod -> remove(pod.uid()));
        topologies.values().forEach(topology -> topology.clear(gone));
        countImages(gone, -1);
        slots[gone.index()] = null;
        touched(gone.index());
        nodeVersions[gone.index()] = 0;
        listed = List.of();
        freeSlots.add(gone.index());
        if (!there.isEmpty()) {
            homeless.put(name, new ArrayList<>(there));
        }
    }

    /// Puts a pod on the node that it names, or sets its new state there.
    public void put(Pod pod) {
        put(new PodInfo(pod), pod.spec().nodeName());
    }

    /// Puts a pod on a node (assumed to be bound there).
    public void put(PodInfo pod, String nodeName) {
        remove(pod.uid());
        NodeInfo node = nodes.get(nodeName);
        if (node == null) {
            homeless.computeIfAbsent(nodeName, n -> new ArrayList<>()).add(pod);
        } else {
            place(pod, node);
        }
    }

    /// Takes the written state of a pod that was assumed on its node, and is the same to scheduling.
    public void confirm(Pod pod) {
        Placed placed = pods.get(pod.metadata().uid());
        if (placed == null || !placed.node.name().equals(pod.spec().nodeName())) {
            put(pod);
            return;
        }
        PodInfo now = placed.pod.with(pod);
        pods.put(now.uid(), new Placed(now, placed.node));
        placed.node.replace(now);
    }

    /// Takes a pod away, wherever it is.
    public void remove(String uid) {
        Placed placed = pods.remove(uid);
        if (placed != null) {
            count(placed.pod, placed.node, -1);
            placed.node.remove(placed.pod);
        } else if (!homeless.isEmpty()) {
            homeless.values().removeIf(waiting -> waiting.removeIf(pod -> pod.uid().equals(uid)) && waiting.isEmpty());
        }
    }

    /// The pod as it is known on its node, or null.
    public @Nullable PodInfo pod(String uid) {
        Placed placed = pods.get(uid);
        return placed == null ? null : placed.pod;
    }

    private void place(PodInfo pod, NodeInfo node) {
        pods.put(pod.uid(), new Placed(pod, node));
        node.add(pod);
        count(pod, node, 1);
    }

    /// Does something while a pod counts as being on a node (or, with `there` false, as not being there), and takes that back, from all counts: who holds some goes on with them as they were.
    public <R> R assuming(PodInfo pod, NodeInfo node, boolean there, Supplier<R> action) {
        change(pod, node, there);
        thoughts++;
        try {
            return action.get();
        } finally {
            change(pod, node, !there);
            spreadsInThought.forEach(counts -> counts.follow(this));
            if (--thoughts == 0) {
                spreadsInThought.clear();
            }
        }
    }

    private void change(PodInfo pod, NodeInfo node, boolean add) {
        if (add) {
            place(pod, node);
        } else {
            remove(pod.uid());
        }
    }

    /// Sets the labels of a namespace; null forgets it.
    public void putNamespace(String name, @Nullable Map<String, String> labels) {
        Map<String, String> before = namespaceLabels(name);
        Map<String, String> after = labels == null ? Map.of() : labels;
        if (before.equals(after)) {
            return;
        }
        // terms may select namespaces by label: their counts are made anew when they are next asked for
        matched.keySet().removeIf(term -> !term.namespaceSelector().selectsNothing());
        if (labels == null) {
            namespaces.remove(name);
        } else {
            namespaces.put(name, labels);
        }
    }

    public Map<String, String> namespaceLabels(String name) {
        return namespaces.getOrDefault(name, Map.of());
    }

    /// The column of a node label.
    public Topology topology(String key) {
        return topologies.computeIfAbsent(key, k -> {
            Topology topology = new Topology(k);
            nodes.values().forEach(topology::set);
            return topology;
        });
    }

    /// How many pods a term is about, by place.
    public PlaceCounts matching(AffinityTerm term) {
        PlaceCounts known = matched.get(term);
        if (known == null) {
            known = new PlaceCounts(topology(term.topologyKey()));
            for (Placed placed : pods.values()) {
                if (term.matches(placed.pod, namespaceLabels(placed.pod.namespace()))) {
                    known.add(placed.node, 1);
                }
            }
            matched.put(term, known);
        }
        return known;
    }

    /// How many pods all of these terms are about, by place. When the terms cannot be made one, this walks over all pods.
    public PlaceCounts matchingAll(List<AffinityTerm> terms, String topologyKey) {
        AffinityTerm one = AffinityTerm.both(terms, topologyKey);
        if (one != null) {
            return matching(one);
        }
        PlaceCounts counts = new PlaceCounts(topology(topologyKey));
        for (Placed placed : pods.values()) {
            if (terms.stream().allMatch(term -> isAbout(term, placed.pod))) {
                counts.add(placed.node, 1);
            }
        }
        return counts;
    }

    /// How many pods of a selection there are, by node.
    public NodeCounts matching(PodSelection selection) {
        NodeCounts known = selected.get(selection);
        if (known == null) {
            known = new NodeCounts();
            for (Placed placed : pods.values()) {
                if (selection.matches(placed.pod)) {
                    known.add(placed.node, 1);
                }
            }
            selected.put(selection, known);
        }
        return known;
    }

    /// What [SpreadCounts] are kept by.
    ///
    /// @param participants tells apart which nodes take part, by its equality
    public record SpreadKey(PodSelection selection, String topologyKey, Object participants) {}

    /// How many pods of a selection each place holds, over the nodes that take part.
    public SpreadCounts spread(SpreadKey key, Predicate<NodeInfo> takesPart) {
        NodeCounts perNode = matching(key.selection);
        SpreadCounts known = spreads.get(key);
        if (known == null || known.perNode() != perNode) {
            known = new SpreadCounts(topology(key.topologyKey), perNode, takesPart);
            spreads.put(key, known);
        }
        known.follow(this);
        if (thoughts > 0) {
            spreadsInThought.add(known);
        }
        return known;
    }

    /// The required anti-affinity terms that pods on nodes have, with how many have them at each place.
    public Map<AffinityTerm, PlaceCounts> antiAffinityOwners() {
        return Collections.unmodifiableMap(antiAffinityOwners);
    }

    /// The required affinity terms that pods on nodes have.
    public Map<AffinityTerm, PlaceCounts> affinityOwners() {
        return Collections.unmodifiableMap(affinityOwners);
    }

    /// The preferred terms that pods on nodes have, with their weights added up (anti-affinity is negative).
    public Map<AffinityTerm, PlaceCounts> preferenceOwners() {
        return Collections.unmodifiableMap(preferenceOwners);
    }

    /// Whether a term is about a pod.
    public boolean isAbout(AffinityTerm term, PodInfo pod) {
        return term.matches(pod, namespaceLabels(pod.namespace()));
    }

    /// The names of all nodes.
    public Set<String> nodeNames() {
        return Collections.unmodifiableSet(nodes.keySet());
    }

    /// How many pods on nodes use a claim by its name.
    public int claimUsers(String namespace, String claim) {
        return claimUsers.getOrDefault(namespace + "/" + claim, 0);
    }

    private void countClaims(PodInfo pod, int sign) {
        for (Volume volume : pod.pod().spec().volumes()) {
            if (volume.hasPersistentVolumeClaim()) {
                String key = pod.namespace() + "/" + volume.persistentVolumeClaim().claimName();
                if (claimUsers.merge(key, sign, Integer::sum) == 0) {
                    claimUsers.remove(key);
                }
            }
        }
    }

    private void count(PodInfo pod, NodeInfo node, int sign) {
        countClaims(pod, sign);
        matched.forEach((term, counts) -> {
            if (term.matches(pod, namespaceLabels(pod.namespace()))) {
                counts.add(node, sign);
            }
        });
        selected.forEach((selection, counts) -> {
            if (selection.matches(pod)) {
                counts.add(node, sign);
            }
        });
        pod.requiredAntiAffinity().forEach(term -> own(antiAffinityOwners, term, node, sign, sign));
        pod.requiredAffinity().forEach(term -> own(affinityOwners, term, node, sign, sign));
        pod.preferences().forEach(preference -> own(preferenceOwners, preference.term(), node, sign, (long) sign * preference.weight()));
    }

    /// Owners are counted, so that a term nobody has any more is forgotten.
    private void own(Map<AffinityTerm, PlaceCounts> of, AffinityTerm term, NodeInfo node, int sign, long amount) {
        of.computeIfAbsent(term, t -> new PlaceCounts(topology(t.topologyKey()))).add(node, amount);
        int left = owners.merge(term, sign, Integer::sum);
        if (left == 0) {
            owners.remove(term);
            antiAffinityOwners.remove(term);
            affinityOwners.remove(term);
            preferenceOwners.remove(term);
        }
    }
}
