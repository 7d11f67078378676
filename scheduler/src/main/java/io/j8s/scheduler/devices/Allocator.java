package io.j8s.scheduler.devices;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.NodeSelector;
import io.j8s.model.core.v1.NodeSelectorRequirement;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.resource.v1.AllocationResult;
import io.j8s.model.resource.v1.Counter;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceAllocationConfiguration;
import io.j8s.model.resource.v1.DeviceAllocationResult;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.DeviceClaimConfiguration;
import io.j8s.model.resource.v1.DeviceRequestAllocationResult;
import io.j8s.model.resource.v1.DeviceSelector;
import io.j8s.model.resource.v1.DeviceTaint;
import io.j8s.model.resource.v1.DeviceToleration;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.scheduler.state.NodeInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks for devices on one node for the claims of one pod: depth first, claim by claim, request by request (of alternatives the first that works), device by device, taking back what
/// leads nowhere. The order of pools, slices and devices is that of their names and lists, as upstream's. For one search; one thread.
final class Allocator {

    private static final int MOST_RESULTS = 32;

    private final NodeInfo node;
    private final List<ResourceClaim> claims;
    private final Taken taken;
    private final Function<String, @Nullable DeviceClass> classes;
    private final Function<String, DeviceExpressions.Compiled> expressions;
    private final Supplier<String> shareIds;
    private final BooleanSupplier late;
    private final List<Pool> pools;
    private final List<List<Constraint>> constraints = new ArrayList<>();
    private final List<List<Picked>> picked = new ArrayList<>();
    private final Set<DeviceId> picking = new HashSet<>();
    private final Map<DeviceId, Map<String, Quantity>> sharing = new HashMap<>();
    private final Map<Pool, Map<String, Map<String, Quantity>>> counters = new HashMap<>();
    private final Map<String, Boolean> matched = new HashMap<>();

    /// A device that the search has come to.
    private record Found(Pool pool, ResourceSlice slice, Device device, DeviceId id) {}

    private record Picked(Request request, Found found, Map<String, Quantity> consumed, String shareId) {}

    /// @param late whether the search has taken too long
    /// @param shareIds makes unique names for shares of a device
    Allocator(NodeInfo node, List<ResourceClaim> claims, Taken taken, List<ResourceSlice> slices, Function<String, @Nullable DeviceClass> classes,
            Function<String, DeviceExpressions.Compiled> expressions, Supplier<String> shareIds, BooleanSupplier late) {
        this.late = late;
        this.node = node;
        this.claims = claims;
        this.taken = taken;
        this.classes = classes;
        this.expressions = expressions;
        this.shareIds = shareIds;
        this.pools = Pool.of(node, slices);
        for (ResourceClaim claim : claims) {
            constraints.add(claim.spec().devices().constraints().stream().map(Constraint::new).toList());
            picked.add(new ArrayList<>());
        }
    }

    /// An allocation for each claim, in order; null when there are not the devices for all.
    ///
    /// @throws AllocationException when a claim cannot be looked after at all
    @Nullable List<AllocationResult> allocate() {
        if (claim(0)) {
            List<AllocationResult> results = new ArrayList<>();
            for (int i = 0; i < claims.size(); i++) {
                results.add(result(claims.get(i), picked.get(i)));
            }
            return results;
        }
        if (pools.stream().anyMatch(pool -> !pool.invalid().isEmpty())) {
            throw new AllocationException("invalid resource pools were encountered", true);
        }
        return null;
    }

    // ---- the search

    private boolean claim(int claim) {
        return claim >= claims.size() || request(claim, 0);
    }

    private boolean request(int claim, int request) {
        var requests = claims.get(claim).spec().devices().requests();
        if (request >= requests.size()) {
            return claim(claim + 1);
        }
        for (Request alternative : Request.of(requests.get(request))) {
            if (deviceClass(claim, alternative) == null) {
                continue;
            }
            List<Found> all = alternative.all() ? allFor(claim, alternative) : List.of();
            long count = alternative.all() ? all.size() : alternative.count();
            if (count > 0 && picked.get(claim).size() + count <= MOST_RESULTS && devices(claim, request, alternative, all, count, 0, 0)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable DeviceClass deviceClass(int claim, Request request) {
        DeviceClass found = classes.apply(request.deviceClass());
        if (found == null) {
            throw new AllocationException("claim " + name(claim) + ", request " + request.name() + ": could not retrieve device class " + request.deviceClass());
        }
        return found;
    }

    private String name(int claim) {
        return claims.get(claim).metadata().namespace() + "/" + claims.get(claim).metadata().name();
    }

    /// Takes the next of `count` devices.
    ///
    /// @param number how many have been taken
    /// @param from where in the order of all devices to look on: a set of devices is tried in one order only
    private boolean devices(int claim, int request, Request asked, List<Found> all, long count, int number, int from) {
        if (number >= count) {
            return request(claim, request + 1);
        }
        if (asked.all()) {
            return attempt(claim, request, asked, all, count, number, 0, all.get(number));
        }
        int position = 0;
        for (Pool pool : pools) {
            if (pool.incomplete() || !pool.invalid().isEmpty()) {
                continue;
            }
            for (ResourceSlice slice : pool.slices()) {
                for (Device device : slice.spec().devices()) {
                    position++;
                    if (position > from && attempt(claim, request, asked, all, count, number, position, new Found(pool, slice, device, new DeviceId(pool.driver(), pool.name(), device.name())))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean attempt(int claim, int request, Request asked, List<Found> all, long count, int number, int position, Found found) {
        if (!pick(claim, asked, found)) {
            return false;
        }
        if (devices(claim, request, asked, all, count, number + 1, position)) {
            return true;
        }
        putBack(claim, asked, found);
        return false;
    }

    private List<Found> allFor(int claim, Request request) {
        List<Found> all = new ArrayList<>();
        for (Pool pool : pools) {
            if (pool.incomplete() || !pool.invalid().isEmpty()) {
                throw new AllocationException("claim " + name(claim) + ", request " + request.name() + ": asks for all devices, but resource pool " + pool.driver() + "/" + pool.name()
                        + " is currently " + (pool.incomplete() ? "being updated" : "invalid"));
            }
            for (ResourceSlice slice : pool.slices()) {
                for (Device device : slice.spec().devices()) {
                    Found found = new Found(pool, slice, device, new DeviceId(pool.driver(), pool.name(), device.name()));
                    if (selectable(claim, request, found) && fits(request, found)) {
                        all.add(found);
                    }
                }
            }
        }
        return all;
    }

    private boolean pick(int claim, Request request, Found found) {
        if (late.getAsBoolean()) {
            throw AllocationException.timeout();
        }
        boolean shared = found.device.allowMultipleAllocations();
        boolean free = request.adminAccess()
                ? shared || picked.get(claim).stream().noneMatch(one -> one.found.id.equals(found.id))
                : !taken.holds(found.id) && !picking.contains(found.id);
        if (!free || !selectable(claim, request, found) || !fits(request, found) || tainted(found.device, request)) {
            return false;
        }
        boolean counts = !(shared && (taken.shares(found.id) || sharing.containsKey(found.id)));
        if (counts && !takeCounters(found)) {
            return false;
        }
        List<Constraint> mine = constraints.get(claim);
        for (int i = 0; i < mine.size(); i++) {
            if (!mine.get(i).add(request, found.id, found.device)) {
                mine.subList(0, i).reversed().forEach(one -> one.removeLast(request));
                if (counts) {
                    giveCounters(found);
                }
                return false;
            }
        }
        Map<String, Quantity> consumed = shared ? Capacity.consumed(request.capacity(), found.device) : Map.of();
        if (shared) {
            Map<String, Quantity> sum = new HashMap<>(sharing.getOrDefault(found.id, Map.of()));
            Taken.add(sum, consumed);
            sharing.put(found.id, sum);
        } else if (!request.adminAccess()) {
            picking.add(found.id);
        }
        picked.get(claim).add(new Picked(request, found, consumed, shared ? shareIds.get() : ""));
        return true;
    }

    private void putBack(int claim, Request request, Found found) {
        Picked last = picked.get(claim).removeLast();
        if (!request.adminAccess() && !found.device.allowMultipleAllocations()) {
            picking.remove(found.id);
        }
        if (found.device.allowMultipleAllocations()) {
            Map<String, Quantity> sum = new HashMap<>(sharing.getOrDefault(found.id, Map.of()));
            last.consumed.forEach((name, amount) -> sum.merge(name, amount, Quantity::subtract));
            boolean any = picked.stream().anyMatch(all -> all.stream().anyMatch(one -> one.found.id.equals(found.id)));
            if (any) {
                sharing.put(found.id, sum);
            } else {
                sharing.remove(found.id);
            }
        }
        constraints.get(claim).reversed().forEach(one -> one.removeLast(request));
        if (!sharing.containsKey(found.id) && !(found.device.allowMultipleAllocations() && taken.shares(found.id))) {
            giveCounters(found);
        }
    }

    // ---- what a device must be like

    private boolean selectable(int claim, Request request, Found found) {
        return matched.computeIfAbsent(claim + "/" + request.fullName() + "/" + found.id, key -> {
            DeviceClass deviceClass = deviceClass(claim, request);
            return deviceClass != null
                    && matches(deviceClass.spec().selectors(), found, "class " + deviceClass.metadata().name())
                    && matches(request.selectors(), found, "claim " + name(claim))
                    && (!found.slice.spec().perDeviceNodeSelection() || Pool.reaches(found.device, node));
        });
    }

    private boolean matches(List<DeviceSelector> selectors, Found found, String owner) {
        for (int i = 0; i < selectors.size(); i++) {
            try {
                if (!expressions.apply(selectors.get(i).cel().expression()).matches(found.id.driver(), found.device)) {
                    return false;
                }
            } catch (IllegalArgumentException e) {
                throw new AllocationException(owner + ": selector #" + i + ": CEL compile error: " + e.getMessage());
            } catch (IllegalStateException e) {
                throw new AllocationException(owner + ": selector #" + i + ": CEL runtime error: " + e.getMessage());
            }
        }
        return true;
    }

    private boolean fits(Request request, Found found) {
        Map<String, Quantity> held = new HashMap<>(taken.shared(found.id));
        Taken.add(held, sharing.getOrDefault(found.id, Map.of()));
        return Capacity.fits(request.capacity(), found.device, held);
    }

    /// Taints keep away who does not tolerate them (KEP-5055).
    private static boolean tainted(Device device, Request request) {
        for (DeviceTaint taint : device.taints()) {
            if (!taint.effect().equals("None") && request.tolerations().stream().noneMatch(toleration -> tolerates(toleration, taint))) {
                return true;
            }
        }
        return false;
    }

    private static boolean tolerates(DeviceToleration toleration, DeviceTaint taint) {
        return (toleration.effect().isEmpty() || toleration.effect().equals(taint.effect()))
                && (toleration.key().isEmpty() || toleration.key().equals(taint.key()))
                && (toleration.operator().equals("Exists") || toleration.value().equals(taint.value()));
    }

    private boolean takeCounters(Found found) {
        if (found.device.consumesCounters().isEmpty()) {
            return true;
        }
        Map<String, Map<String, Quantity>> left = counters.computeIfAbsent(found.pool, pool -> pool.countersLeft(taken));
        boolean enough = found.device.consumesCounters().stream().allMatch(consumption -> consumption.counters().entrySet().stream().allMatch(
                entry -> left.getOrDefault(consumption.counterSet(), Map.of()).getOrDefault(entry.getKey(), Quantity.ZERO).compareTo(Capacity.orZero(entry.getValue().value())) >= 0));
        if (enough) {
            change(found, left, Quantity::subtract);
        }
        return enough;
    }

    private void giveCounters(Found found) {
        if (!found.device.consumesCounters().isEmpty()) {
            change(found, counters.computeIfAbsent(found.pool, pool -> pool.countersLeft(taken)), Quantity::add);
        }
    }

    private static void change(Found found, Map<String, Map<String, Quantity>> left, java.util.function.BinaryOperator<Quantity> how) {
        found.device.consumesCounters().forEach(consumption -> {
            Map<String, Quantity> set = left.getOrDefault(consumption.counterSet(), new HashMap<>());
            for (Map.Entry<String, Counter> entry : consumption.counters().entrySet()) {
                set.computeIfPresent(entry.getKey(), (name, now) -> how.apply(now, Capacity.orZero(entry.getValue().value())));
            }
        });
    }

    // ---- the result

    private AllocationResult result(ResourceClaim claim, List<Picked> devices) {
        List<DeviceRequestAllocationResult> results = devices.stream().map(Allocator::result).toList();
        List<DeviceAllocationConfiguration> config = config(claim, devices);
        DeviceAllocationResult all = DeviceAllocationResult.EMPTY.withResults(results);
        AllocationResult result = AllocationResult.EMPTY.withDevices(config.isEmpty() ? all : all.withConfig(config));
        NodeSelector selector = selector(devices);
        return selector == null ? result : result.withNodeSelector(selector);
    }

    private static DeviceRequestAllocationResult result(Picked one) {
        DeviceRequestAllocationResult result = DeviceRequestAllocationResult.EMPTY.withRequest(one.request.fullName())
                .withDriver(one.found.id.driver()).withPool(one.found.id.pool()).withDevice(one.found.id.device());
        if (one.request.adminAccess()) {
            result = result.withAdminAccess(true);
        }
        if (!one.request.tolerations().isEmpty()) {
            result = result.withTolerations(one.request.tolerations());
        }
        if (!one.found.device.bindingConditions().isEmpty()) {
            result = result.withBindingConditions(one.found.device.bindingConditions());
        }
        if (!one.found.device.bindingFailureConditions().isEmpty()) {
            result = result.withBindingFailureConditions(one.found.device.bindingFailureConditions());
        }
        if (!one.shareId.isEmpty()) {
            result = result.withShareID(one.shareId);
        }
        return one.consumed.isEmpty() ? result : result.withConsumedCapacity(one.consumed);
    }

    private List<DeviceAllocationConfiguration> config(ResourceClaim claim, List<Picked> devices) {
        Set<Request> requests = new LinkedHashSet<>();
        devices.forEach(one -> requests.add(one.request));
        Map<String, List<String>> byClass = new java.util.LinkedHashMap<>();
        requests.forEach(request -> byClass.computeIfAbsent(request.deviceClass(), c -> new ArrayList<>()).add(request.fullName()));
        List<DeviceAllocationConfiguration> config = new ArrayList<>();
        byClass.forEach((name, names) -> {
            DeviceClass deviceClass = classes.apply(name);
            if (deviceClass != null) {
                deviceClass.spec().config().forEach(one -> config.add(DeviceAllocationConfiguration.EMPTY.withSource("FromClass").withRequests(names).withOpaque(one.opaque())));
            }
        });
        for (DeviceClaimConfiguration one : claim.spec().devices().config()) {
            if (requests.stream().anyMatch(request -> request.isIn(one.requests()))) {
                DeviceAllocationConfiguration mine = DeviceAllocationConfiguration.EMPTY.withSource("FromClaim").withOpaque(one.opaque());
                config.add(one.requests().isEmpty() ? mine : mine.withRequests(one.requests()));
            }
        }
        return config;
    }

    /// Where the devices can be reached: this node alone, nodes that are selected, or (null) everywhere.
    private @Nullable NodeSelector selector(List<Picked> devices) {
        List<NodeSelectorRequirement> fields = new ArrayList<>();
        List<NodeSelectorRequirement> labels = new ArrayList<>();
        for (Picked one : devices) {
            var spec = one.found.slice.spec();
            boolean each = spec.perDeviceNodeSelection();
            String name = each ? one.found.device.nodeName() : spec.nodeName();
            if (!name.isEmpty() || one.found.device.bindsToNode()) {
                NodeSelectorRequirement here = NodeSelectorRequirement.EMPTY.withKey("metadata.name").withOperator("In").withValues(List.of(node.name()));
                return NodeSelector.EMPTY.withNodeSelectorTerms(List.of(NodeSelectorTerm.EMPTY.withMatchFields(List.of(here))));
            }
            for (NodeSelectorTerm term : (each ? one.found.device.nodeSelector() : spec.nodeSelector()).nodeSelectorTerms()) {
                term.matchFields().stream().filter(requirement -> !fields.contains(requirement)).forEach(fields::add);
                term.matchExpressions().stream().filter(requirement -> !labels.contains(requirement)).forEach(labels::add);
            }
        }
        if (fields.isEmpty() && labels.isEmpty()) {
            return null;
        }
        NodeSelectorTerm term = labels.isEmpty() ? NodeSelectorTerm.EMPTY : NodeSelectorTerm.EMPTY.withMatchExpressions(labels);
        return NodeSelector.EMPTY.withNodeSelectorTerms(List.of(fields.isEmpty() ? term : term.withMatchFields(fields)));
    }
}
