package io.j8s.scheduler.devices;

import io.j8s.model.Quantity;
import io.j8s.model.resource.v1.CapacityRequestPolicy;
import io.j8s.model.resource.v1.CapacityRequestPolicyRange;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceCapacity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How much of a device's capacity a request takes (KEP-5075): what it asks for, rounded up as the device's policy says.
final class Capacity {

    private Capacity() {}

    /// An amount that is not said counts as nothing.
    static Quantity orZero(@Nullable Quantity amount) {
        return amount == null ? Quantity.ZERO : amount;
    }

    /// What is taken of each capacity.
    static Map<String, Quantity> consumed(Map<String, Quantity> asked, Device device) {
        Map<String, Quantity> consumed = new HashMap<>();
        device.capacity().forEach((name, capacity) -> consumed.put(name, consumed(asked.get(name), capacity)));
        return consumed;
    }

    private static Quantity consumed(@Nullable Quantity asked, DeviceCapacity capacity) {
        CapacityRequestPolicy policy = capacity.requestPolicy();
        if (asked == null) {
            return policy.hasDefault() ? orZero(policy.default_()) : orZero(capacity.value());
        }
        if (policy.hasValidRange() && policy.validRange().hasMin()) {
            return roundUp(asked, policy.validRange());
        }
        for (Quantity valid : policy.validValues()) {
            if (asked.compareTo(valid) <= 0) {
                return valid;
            }
        }
        return asked;
    }

    private static Quantity roundUp(Quantity asked, CapacityRequestPolicyRange range) {
        if (asked.compareTo(orZero(range.min())) <= 0) {
            return orZero(range.min());
        }
        if (!range.hasStep()) {
            return asked;
        }
        long min = orZero(range.min()).value();
        long step = orZero(range.step()).value();
        return Quantity.of(min + Math.ceilDiv(asked.value() - min, step) * step);
    }

    /// Whether a request fits into what is left of a device.
    ///
    /// @param held what others hold of it
    static boolean fits(Map<String, Quantity> asked, Device device, Map<String, Quantity> held) {
        if (!device.capacity().keySet().containsAll(asked.keySet())) {
            return false;
        }
        for (Map.Entry<String, DeviceCapacity> entry : device.capacity().entrySet()) {
            Quantity consumed = consumed(asked.get(entry.getKey()), entry.getValue());
            Quantity all = held.containsKey(entry.getKey()) ? consumed.add(held.getOrDefault(entry.getKey(), Quantity.ZERO)) : consumed;
            if (violates(consumed, entry.getValue().requestPolicy()) || all.compareTo(orZero(entry.getValue().value())) > 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean violates(Quantity amount, CapacityRequestPolicy policy) {
        if (policy.hasDefault() && amount.compareTo(orZero(policy.default_())) == 0) {
            return false;
        }
        if (policy.hasValidRange()) {
            CapacityRequestPolicyRange range = policy.validRange();
            return (range.hasMax() && amount.compareTo(orZero(range.max())) > 0) || (range.hasStep() && (amount.value() - orZero(range.min()).value()) % orZero(range.step()).value() != 0);
        }
        return !policy.validValues().isEmpty() && policy.validValues().stream().noneMatch(valid -> valid.compareTo(amount) == 0);
    }
}
