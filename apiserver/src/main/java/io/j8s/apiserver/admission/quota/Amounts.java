package io.j8s.apiserver.admission.quota;

import io.j8s.model.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Arithmetic on amounts of resources by name.
final class Amounts {

    private Amounts() {}

    static void add(Map<String, Quantity> sum, Map<String, Quantity> more) {
        more.forEach((name, amount) -> sum.merge(name, amount, Quantity::add));
    }

    static void max(Map<String, Quantity> sum, Map<String, Quantity> other) {
        other.forEach((name, amount) -> sum.merge(name, amount, (a, b) -> a.compareTo(b) >= 0 ? a : b));
    }

    /// What `after` is more than `before`, by name; never less than nothing.
    static Map<String, Quantity> growth(Map<String, Quantity> after, Map<String, Quantity> before) {
        Map<String, Quantity> growth = new HashMap<>();
        after.forEach((name, amount) -> {
            Quantity old = before.get(name);
            Quantity difference = old == null ? amount : amount.subtract(old);
            growth.put(name, difference.signum() < 0 ? Quantity.ZERO : difference);
        });
        return growth;
    }

    static Map<String, Quantity> only(Map<String, Quantity> amounts, Set<String> names) {
        Map<String, Quantity> kept = new TreeMap<>(amounts);
        kept.keySet().retainAll(names);
        return kept;
    }

    static Map<String, Quantity> withoutZeros(Map<String, Quantity> amounts) {
        Map<String, Quantity> kept = new HashMap<>(amounts);
        kept.values().removeIf(Quantity::isZero);
        return kept;
    }

    /// `cpu=1,memory=2Gi`, in order.
    static String shown(Map<String, Quantity> amounts) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(amounts).forEach((name, amount) -> parts.add(name + "=" + amount));
        return String.join(",", parts);
    }
}
