package io.j8s.controllers.endpointslice;

import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.controllers.nodes.Nodes;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Node;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which share of the cluster's allocatable processors is in each zone. Nodes of the control plane and those that are not ready do not count.
///
/// Looked up once for many services; every change of a node that could change a share makes it be looked up anew.
final class ZoneShares {
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final Set<String> EXCLUDED = Set.of("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master");

    private final Informer<Node> nodes;
    private volatile @Nullable Map<String, Double> shares;

    /// @param changed told after each change
    ZoneShares(Informer<Node> nodes, Runnable changed) {
        this.nodes = nodes;
        nodes.addHandler(new Handler<>() {
            @Override
            public void added(Node node) {
                shares = null;
                changed.run();
            }

            @Override
            public void changed(Node before, Node after) {
                if (!Fact.of(before).equals(Fact.of(after))) {
                    added(after);
                }
            }

            @Override
            public void deleted(Node last) {
                added(last);
            }
        });
    }

    /// What counts of a node.
    private record Fact(@Nullable String zone, @Nullable Quantity cpu, boolean counts) {
        static Fact of(Node node) {
            Map<String, String> labels = node.metadata().labels();
            return new Fact(labels.get(ZONE), node.status().allocatable().get("cpu"), Nodes.ready(node) && EXCLUDED.stream().noneMatch(labels::containsKey));
        }
    }

    /// By zone; empty when there are fewer than two zones, or a node does not say its zone or its processors.
    Map<String, Double> get() {
        Map<String, Double> known = shares;
        if (known == null) {
            known = find();
            shares = known;
        }
        return known;
    }

    private Map<String, Double> find() {
        Map<String, BigDecimal> byZone = new TreeMap<>();
        for (Node node : nodes.lister().list()) {
            Fact fact = Fact.of(node);
            if (!fact.counts) {
                continue;
            }
            if (Objects.requireNonNullElse(fact.zone, "").isEmpty() || fact.cpu == null || fact.cpu.amount().signum() == 0) {
                return Map.of();
            }
            byZone.merge(fact.zone, fact.cpu.amount(), BigDecimal::add);
        }
        BigDecimal total = byZone.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        Map<String, Double> found = new TreeMap<>();
        if (byZone.size() > 1) {
            byZone.forEach((zone, cpu) -> found.put(zone, cpu.divide(total, MathContext.DECIMAL64).doubleValue()));
        }
        return found;
    }
}
