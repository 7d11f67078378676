package io.j8s.controllers.endpointslice;

import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Which slices to make, change and delete so that they hold the wanted endpoints, with as few writes as can be:
/// endpoints stay in the slice they are in; new ones fill slices that change anyway, then one with room for all of them, then new slices.
///
/// @param create without names and labels, only with type, ports and endpoints
/// @param update as they should become
record SlicePlan(List<EndpointSlice> create, List<EndpointSlice> update, List<EndpointSlice> delete) {

    static SlicePlan of(String addressType, List<EndpointSlice> existing, Map<List<EndpointPort>, List<Endpoint>> wanted, int most) {
        Map<List<EndpointPort>, List<EndpointSlice>> byPorts = new LinkedHashMap<>();
        existing.forEach(slice -> byPorts.computeIfAbsent(slice.ports(), p -> new ArrayList<>()).add(slice));
        SlicePlan plan = new SlicePlan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        wanted.forEach((ports, endpoints) -> plan.group(addressType, ports, endpoints, byPorts.getOrDefault(ports, List.of()), most));
        byPorts.forEach((ports, slices) -> {
            if (!wanted.containsKey(ports)) {
                plan.delete.addAll(slices);
            }
        });
        plan.keepOne(addressType, existing);
        plan.reuse();
        return plan;
    }

    private void group(String addressType, List<EndpointPort> ports, List<Endpoint> endpoints, List<EndpointSlice> slices, int most) {
        Map<String, Endpoint> missing = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> missing.put(identity(endpoint), endpoint));
        List<EndpointSlice> changed = new ArrayList<>();
        List<EndpointSlice> unchanged = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            List<Endpoint> kept = new ArrayList<>();
            for (Endpoint endpoint : slice.endpoints()) {
                Endpoint now = missing.remove(identity(endpoint));
                if (now != null) {
                    kept.add(now);
                }
            }
            (kept.equals(slice.endpoints()) ? unchanged : changed).add(slice.withEndpoints(kept));
        }
        List<Endpoint> left = new ArrayList<>(missing.values());
        for (EndpointSlice slice : changed) {
            EndpointSlice filled = fill(slice, left, most);
            (filled.endpoints().isEmpty() ? delete : update).add(filled);
        }
        fillFullest(unchanged, left, most);
        while (!left.isEmpty()) {
            create.add(fill(EndpointSlice.EMPTY.withAddressType(addressType).withPorts(ports), left, most));
        }
    }

    /// Puts the rest into the unchanged slice that has room for all of it and is fullest then.
    private void fillFullest(List<EndpointSlice> unchanged, List<Endpoint> left, int most) {
        if (left.isEmpty() || left.size() >= most) {
            return;
        }
        EndpointSlice best = null;
        for (EndpointSlice slice : unchanged) {
            int size = slice.endpoints().size() + left.size();
            if (size <= most && (best == null || slice.endpoints().size() > best.endpoints().size())) {
                best = slice;
            }
        }
        if (best != null) {
            update.add(fill(best, left, most));
        }
    }

    private static EndpointSlice fill(EndpointSlice slice, List<Endpoint> left, int most) {
        List<Endpoint> endpoints = new ArrayList<>(slice.endpoints());
        while (!left.isEmpty() && endpoints.size() < most) {
            endpoints.add(left.removeFirst());
        }
        return slice.withEndpoints(endpoints);
    }

    /// Changes a slice that would be deleted into one that would be made.
    private void reuse() {
        while (!create.isEmpty() && !delete.isEmpty()) {
            EndpointSlice wanted = create.removeLast();
            update.add(delete.removeLast().withPorts(wanted.ports()).withEndpoints(wanted.endpoints()));
        }
    }

    /// A service always has a slice, if an empty one: so it can be told from one that nobody looked at yet.
    private void keepOne(String addressType, List<EndpointSlice> existing) {
        if (!create.isEmpty() || !update.isEmpty() || delete.size() < existing.size()) {
            return;
        }
        for (EndpointSlice slice : existing) {
            if (slice.ports().isEmpty() && slice.endpoints().isEmpty()) {
                delete.removeIf(d -> d.metadata().uid().equals(slice.metadata().uid()));
                return;
            }
        }
        create.add(EndpointSlice.EMPTY.withAddressType(addressType).withEndpoints(List.of()));
    }

    private static String identity(Endpoint endpoint) {
        return endpoint.targetRef().uid() + endpoint.addresses();
    }

    /// The slices that stay as they are.
    List<EndpointSlice> untouched(List<EndpointSlice> existing) {
        Map<String, Boolean> touched = new HashMap<>();
        update.forEach(slice -> touched.put(slice.metadata().uid(), true));
        delete.forEach(slice -> touched.put(slice.metadata().uid(), true));
        return existing.stream().filter(slice -> !Objects.equals(touched.get(slice.metadata().uid()), true)).toList();
    }
}
