package io.j8s.scheduler.devices;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.NodeSelector;
import io.j8s.model.resource.v1.Counter;
import io.j8s.model.resource.v1.CounterSet;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceCounterConsumption;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.scheduler.plugins.NodeSelection;
import io.j8s.scheduler.state.NodeInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The newest generation of one driver's pool of devices, as one node sees it.
///
/// @param incomplete the driver is still publishing it
/// @param invalid what is wrong with it; empty when nothing is
/// @param slices those with devices that the node can reach
/// @param elsewhere those with devices that it cannot reach, which take from the same counters
record Pool(String driver, String name, boolean incomplete, String invalid, List<ResourceSlice> slices, List<ResourceSlice> elsewhere, Map<String, CounterSet> counters) {

    private record Key(String driver, String pool) {}

    /// The pools that a node can reach: by driver and name, those whose devices must be made ready before they are bound last.
    static List<Pool> of(NodeInfo node, List<ResourceSlice> all) {
        Map<Key, List<ResourceSlice>> reached = new TreeMap<>(Comparator.comparing(Key::driver).thenComparing(Key::pool));
        Map<Key, Long> newest = new HashMap<>();
        for (ResourceSlice slice : all) {
            newest.merge(new Key(slice.spec().driver(), slice.spec().pool().name()), slice.spec().pool().generation(), Math::max);
        }
        for (ResourceSlice slice : all) {
            Key key = new Key(slice.spec().driver(), slice.spec().pool().name());
            if (newest.getOrDefault(key, 0L) == slice.spec().pool().generation() && reaches(slice, node)) {
                reached.computeIfAbsent(key, k -> new ArrayList<>()).add(slice);
            }
        }
        List<Pool> ready = new ArrayList<>();
        List<Pool> later = new ArrayList<>();
        reached.forEach((key, slices) -> {
            Pool pool = build(key, slices, all);
            (pool.hasBindingConditions() ? later : ready).add(pool);
        });
        ready.addAll(later);
        return ready;
    }

    private static boolean reaches(ResourceSlice slice, NodeInfo node) {
        var spec = slice.spec();
        if (spec.perDeviceNodeSelection()) {
            return spec.devices().stream().anyMatch(device -> reaches(device, node));
        }
        return !spec.sharedCounters().isEmpty() || matches(node, spec.nodeName(), spec.allNodes(), spec.hasNodeSelector(), spec.nodeSelector());
    }

    static boolean reaches(Device device, NodeInfo node) {
        return matches(node, device.nodeName(), device.allNodes(), device.hasNodeSelector(), device.nodeSelector());
    }

    private static boolean matches(NodeInfo node, String name, boolean all, boolean selects, NodeSelector selector) {
        return all || (!name.isEmpty() ? name.equals(node.name()) : selects && NodeSelection.admits(selector, node));
    }

    private static Pool build(Key key, List<ResourceSlice> slices, List<ResourceSlice> all) {
        List<ResourceSlice> whole = all.stream().filter(slice -> slice.spec().driver().equals(key.driver) && slice.spec().pool().name().equals(key.pool)
                && slice.spec().pool().generation() == slices.getFirst().spec().pool().generation()).toList();
        if (whole.size() != slices.getFirst().spec().pool().resourceSliceCount()) {
            return new Pool(key.driver, key.pool, true, "", List.of(), List.of(), Map.of());
        }
        Comparator<ResourceSlice> byName = Comparator.comparing(slice -> slice.metadata().name());
        List<ResourceSlice> mine = slices.stream().filter(slice -> slice.spec().sharedCounters().isEmpty()).sorted(byName).toList();
        List<ResourceSlice> others = whole.stream().filter(slice -> !slices.contains(slice)).sorted(byName).toList();
        Map<String, CounterSet> counters = new HashMap<>();
        String wrong = "";
        for (ResourceSlice slice : whole) {
            for (CounterSet set : slice.spec().sharedCounters()) {
                wrong = counters.put(set.name(), set) != null ? "duplicate counter set name " + set.name() : wrong;
            }
        }
        wrong = wrong.isEmpty() ? problem(mine, counters) : wrong;
        return new Pool(key.driver, key.pool, false, wrong, mine, others, counters);
    }

    private static String problem(List<ResourceSlice> slices, Map<String, CounterSet> counters) {
        Set<String> names = new HashSet<>();
        for (ResourceSlice slice : slices) {
            for (Device device : slice.spec().devices()) {
                if (!names.add(device.name())) {
                    return "duplicate device name " + device.name();
                }
                for (DeviceCounterConsumption consumption : device.consumesCounters()) {
                    CounterSet set = counters.get(consumption.counterSet());
                    if (set == null || !set.counters().keySet().containsAll(consumption.counters().keySet())) {
                        return "counter set " + consumption.counterSet() + " not found";
                    }
                }
            }
        }
        return "";
    }

    private boolean hasBindingConditions() {
        return slices.stream().anyMatch(slice -> slice.spec().devices().stream().anyMatch(device -> !device.bindingConditions().isEmpty()));
    }

    /// What is left of the counters when the devices that are held have taken theirs, by counter set and name.
    Map<String, Map<String, Quantity>> countersLeft(Taken taken) {
        Map<String, Map<String, Quantity>> left = new HashMap<>();
        counters.forEach((name, set) -> {
            Map<String, Quantity> amounts = new HashMap<>();
            set.counters().forEach((counter, amount) -> amounts.put(counter, Capacity.orZero(amount.value())));
            left.put(name, amounts);
        });
        for (List<ResourceSlice> some : List.of(slices, elsewhere)) {
            for (ResourceSlice slice : some) {
                for (Device device : slice.spec().devices()) {
                    DeviceId id = new DeviceId(driver, name, device.name());
                    if (taken.holds(id) || taken.shares(id)) {
                        device.consumesCounters().forEach(consumption -> subtract(left.getOrDefault(consumption.counterSet(), new HashMap<>()), consumption.counters()));
                    }
                }
            }
        }
        return left;
    }

    private static void subtract(Map<String, Quantity> from, Map<String, Counter> amounts) {
        amounts.forEach((name, counter) -> from.computeIfPresent(name, (n, now) -> now.subtract(Capacity.orZero(counter.value()))));
    }
}
