package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.resource.v1.CapacityRequestPolicy;
import io.j8s.model.resource.v1.CapacityRequestPolicyRange;
import io.j8s.model.resource.v1.DeviceCapacity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rules for how the capacity of a device that several share may be asked for (KEP-5075).
final class CapacityRules {

    private static final int MOST_VALUES = 10;

    private CapacityRules() {}

    /// @param shared whether the device may be allocated more than once
    static void check(DeviceCapacity capacity, boolean shared, FieldPath path, FieldErrors errors) {
        if (!capacity.hasRequestPolicy()) {
            return;
        }
        FieldPath here = path.child("requestPolicy");
        if (!shared) {
            errors.forbidden(here, "allowMultipleAllocations must be true");
            return;
        }
        CapacityRequestPolicy policy = capacity.requestPolicy();
        Quantity most = java.util.Objects.requireNonNullElse(capacity.value(), Quantity.ZERO);
        Quantity chosen = policy.default_();
        boolean listed = !policy.validValues().isEmpty();
        if (listed && policy.hasValidRange()) {
            errors.forbidden(here, "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time");
        } else if (chosen == null && (listed || policy.hasValidRange())) {
            errors.required(here.child("default"), "required when " + (listed ? "validValues" : "validRange") + " is defined");
        } else if (chosen != null && listed) {
            values(chosen, most, policy.validValues(), here.child("validValues"), errors);
        } else if (chosen != null && policy.hasValidRange()) {
            range(chosen, most, policy.validRange(), here.child("validRange"), errors);
        }
    }

    private static void values(Quantity chosen, Quantity most, List<Quantity> values, FieldPath path, FieldErrors errors) {
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i - 1).compareTo(values.get(i)) > 0) {
                errors.invalid(path.index(i), values.get(i), "values must be sorted in ascending order");
            }
        }
        Set<String> seen = new HashSet<>();
        DeviceClaimRules.each(values, MOST_VALUES, (value, here, found) -> {
            if (value.compareTo(most) > 0) {
                found.invalid(here, value, "option is larger than capacity value: " + most);
            }
            if (!seen.add(value.amount().stripTrailingZeros().toPlainString())) {
                found.duplicate(here, value);
            }
        }, path, errors);
        if (values.stream().limit(MOST_VALUES).noneMatch(value -> value.compareTo(chosen) == 0)) {
            errors.invalid(path, chosen, "default value is not valid according to the requestPolicy");
        }
    }

    private static void range(Quantity chosen, Quantity most, CapacityRequestPolicyRange range, FieldPath path, FieldErrors errors) {
        Quantity least = range.min();
        Quantity upper = range.max();
        Quantity step = range.step();
        if (least == null) {
            errors.required(path.child("min"), "required when validRange is defined");
            return;
        }
        notAbove(least, most, path.child("min"), "min is larger than capacity value: ", errors);
        notAbove(least, chosen, path.child("min"), "default is less than min: ", errors);
        if (upper != null) {
            notAbove(least, upper, path.child("max"), "min is larger than max: ", errors);
            notAbove(upper, most, path.child("max"), "max is larger than capacity value: ", errors);
            notAbove(chosen, upper, path.child("max"), "default is more than max: ", errors);
        }
        if (step != null) {
            notAbove(least.add(step), most, path.child("step"), "one step is larger than capacity value: ", errors);
            steps(chosen, least, step, path.child("step"), errors);
            if (upper != null) {
                steps(upper, least, step, path.child("step"), errors);
            }
        }
    }

    private static void notAbove(Quantity value, Quantity most, FieldPath path, String problem, FieldErrors errors) {
        if (value.compareTo(most) > 0) {
            errors.invalid(path, value, problem + most);
        }
    }

    private static void steps(Quantity value, Quantity least, Quantity step, FieldPath path, FieldErrors errors) {
        if (step.value() == 0 || (value.value() - least.value()) % step.value() != 0) {
            errors.invalid(path, value, "value is not a multiple of a given step (" + step + ") from (" + least + ")");
        }
    }
}
