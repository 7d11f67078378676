package io.j8s.controllers.endpointslice;

import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointHints;
import io.j8s.model.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Topology aware routing (KEP-2433, `service.kubernetes.io/topology-mode: Auto`): which zone's clients each ready endpoint is for, so that every zone has endpoints as it has
/// processors. Endpoints serve their own zone as far as that goes; the rest is given to zones that lack some.
///
/// Pure, and the same for the same endpoints in the same order: nothing is written as long as nothing changes.
///
/// @param endpoints with hints; without any when it is refused
/// @param refusal why there are no hints, in upstream's words; empty when there are
record ZoneHints(List<Endpoint> endpoints, String refusal) {
    /// By how much a zone's endpoints may have more to do than their share.
    private static final double OVERLOAD = 0.2;

    /// @param endpoints in the order in which they are given away
    /// @param shares of each zone, 0 to 1; empty: not known
    static ZoneHints of(List<Endpoint> endpoints, Map<String, Double> shares) {
        int ready = (int) endpoints.stream().filter(ZoneHints::ready).count();
        String refusal = refusal(ready, shares);
        if (refusal.isEmpty() && endpoints.stream().anyMatch(e -> ready(e) && e.zone().isEmpty())) {
            refusal = "One or more endpoints do not have a zone specified";
        }
        if (!refusal.isEmpty()) {
            return new ZoneHints(endpoints.stream().map(Endpoint::withoutHints).toList(), refusal);
        }
        Map<String, Integer> has = new TreeMap<>();
        endpoints.stream().filter(ZoneHints::ready).forEach(e -> has.merge(e.zone(), 1, Integer::sum));
        return new ZoneHints(hinted(endpoints, moves(desired(ready, shares), has)), "");
    }

    private static boolean ready(Endpoint endpoint) {
        return endpoint.conditions().ready();
    }

    private static String refusal(int ready, Map<String, Double> shares) {
        if (shares.isEmpty()) {
            return "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes";
        }
        String numbers = " (" + ready + " endpoints, " + shares.size() + " zones)";
        if (shares.size() > ready) {
            return "Insufficient number of endpoints" + numbers;
        }
        int least = shares.values().stream().mapToInt(share -> least(share * ready)).sum();
        return least > ready ? "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold" + numbers : "";
    }

    private static int least(double desired) {
        return (int) Math.ceil(desired / (1 + OVERLOAD));
    }

    private static Map<String, Double> desired(int ready, Map<String, Double> shares) {
        Map<String, Double> desired = new TreeMap<>();
        shares.forEach((zone, share) -> desired.put(zone, Math.max(share * ready, least(share * ready))));
        return desired;
    }

    /// To which zones each zone gives one of its endpoints.
    private static Map<String, List<String>> moves(Map<String, Double> desired, Map<String, Integer> has) {
        Map<String, Double> surplus = new TreeMap<>();
        Map<String, Double> lack = new TreeMap<>();
        desired.forEach((zone, wanted) -> {
            double difference = has.getOrDefault(zone, 0) - wanted;
            if (difference > 0) {
                surplus.put(zone, difference);
            } else if (difference < 0) {
                lack.put(zone, -difference);
            }
        });
        Map<String, List<String>> moves = new TreeMap<>();
        while (!surplus.isEmpty() && !lack.isEmpty()) {
            Map.Entry<String, Double> giver = most(surplus);
            Map.Entry<String, Double> taker = most(lack);
            double gives = giver.getValue();
            double takes = taker.getValue();
            if ((gives < 1 && takes < 1) || gives < 0.5 || takes < 0.5) {
                break;
            }
            moves.computeIfAbsent(giver.getKey(), z -> new ArrayList<>()).add(taker.getKey());
            surplus.put(giver.getKey(), gives - 1);
            lack.put(taker.getKey(), takes - 1);
        }
        return moves;
    }

    private static Map.Entry<String, Double> most(Map<String, Double> zones) {
        return java.util.Collections.max(zones.entrySet(), Map.Entry.comparingByValue());
    }

    private static List<Endpoint> hinted(List<Endpoint> endpoints, Map<String, List<String>> moves) {
        List<Endpoint> hinted = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            if (!ready(endpoint)) {
                hinted.add(endpoint.withoutHints());
                continue;
            }
            List<String> given = moves.getOrDefault(endpoint.zone(), List.of());
            String zone = given.isEmpty() ? endpoint.zone() : given.removeFirst();
            hinted.add(endpoint.withHints(EndpointHints.EMPTY.withForZones(List.of(ForZone.EMPTY.withName(zone)))));
        }
        return hinted;
    }
}
