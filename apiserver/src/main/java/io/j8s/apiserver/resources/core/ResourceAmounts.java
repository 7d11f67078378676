package io.j8s.apiserver.resources.core;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ResourceRequirements;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;

/// Amounts of resources by name, as they are kept: in thousandths at the finest.
public final class ResourceAmounts {

    private static final int FINEST_DECIMALS = 3;

    private ResourceAmounts() {}

    /// The amounts, each rounded up to a thousandth.
    public static Map<String, Quantity> rounded(Map<String, Quantity> amounts) {
        Map<String, Quantity> changed = null;
        for (Map.Entry<String, Quantity> entry : amounts.entrySet()) {
            Quantity quantity = entry.getValue();
            if (quantity.amount().stripTrailingZeros().scale() > FINEST_DECIMALS) {
                changed = changed == null ? new LinkedHashMap<>(amounts) : changed;
                changed.put(entry.getKey(), Quantity.of(quantity.amount().setScale(FINEST_DECIMALS, RoundingMode.UP), quantity.format()));
            }
        }
        return changed == null ? amounts : changed;
    }

    /// The first amounts, with those of the second that the first lack.
    public static Map<String, Quantity> filledUp(Map<String, Quantity> first, Map<String, Quantity> second) {
        if (first.keySet().containsAll(second.keySet())) {
            return first;
        }
        Map<String, Quantity> all = new LinkedHashMap<>(first);
        second.forEach(all::putIfAbsent);
        return all;
    }

    static ResourceRequirements rounded(ResourceRequirements resources) {
        ResourceRequirements changed = resources;
        if (resources.hasLimits()) {
            Map<String, Quantity> limits = rounded(resources.limits());
            changed = limits == resources.limits() ? changed : changed.withLimits(limits);
        }
        if (resources.hasRequests()) {
            Map<String, Quantity> requests = rounded(resources.requests());
            changed = requests == resources.requests() ? changed : changed.withRequests(requests);
        }
        return changed;
    }
}
