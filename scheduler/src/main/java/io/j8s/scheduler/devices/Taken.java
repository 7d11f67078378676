package io.j8s.scheduler.devices;

import io.j8s.model.Quantity;
import io.j8s.model.resource.v1.DeviceRequestAllocationResult;
import io.j8s.model.resource.v1.ResourceClaim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What allocated claims hold: devices for themselves, and parts of the capacity of devices that are shared (KEP-5075).
final class Taken {

    private final Set<DeviceId> devices = new HashSet<>();
    private final Map<DeviceId, Map<String, Quantity>> shares = new HashMap<>();

    static Taken by(Iterable<ResourceClaim> claims) {
        Taken taken = new Taken();
        for (ResourceClaim claim : claims) {
            claim.status().allocation().devices().results().forEach(taken::add);
        }
        return taken;
    }

    private void add(DeviceRequestAllocationResult result) {
        if (result.adminAccess()) {
            return; // administrators look at what others hold
        }
        DeviceId id = new DeviceId(result.driver(), result.pool(), result.device());
        if (result.hasShareID()) {
            add(shares.computeIfAbsent(id, i -> new HashMap<>()), result.consumedCapacity());
        } else {
            devices.add(id);
        }
    }

    static void add(Map<String, Quantity> to, Map<String, Quantity> more) {
        more.forEach((name, amount) -> to.merge(name, amount, Quantity::add));
    }

    boolean holds(DeviceId id) {
        return devices.contains(id);
    }

    boolean shares(DeviceId id) {
        return shares.containsKey(id);
    }

    Map<String, Quantity> shared(DeviceId id) {
        return shares.getOrDefault(id, Map.of());
    }
}
