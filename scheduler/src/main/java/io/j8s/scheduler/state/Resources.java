package io.j8s.scheduler.state;

import io.j8s.model.Quantity;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Amounts of resources. The common ones are plain numbers; the others are by name. Mutable, owned by whoever made it.
public final class Resources {

    /// What a container that asks for nothing counts as when nodes are scored, so that such pods spread too (upstream's figures).
    public static final long ASSUMED_MILLI_CPU = 100;
    public static final long ASSUMED_MEMORY = 200L * 1024 * 1024;

    public long milliCpu;
    /// bytes
    public long memory;
    /// bytes
    public long ephemeralStorage;
    public long pods;
    private Map<String, Long> others = Map.of();

    public Resources() {}

    public Resources(Resources from) {
        milliCpu = from.milliCpu;
        memory = from.memory;
        ephemeralStorage = from.ephemeralStorage;
        pods = from.pods;
        others = from.others.isEmpty() ? Map.of() : new HashMap<>(from.others);
    }

    public static Resources of(Map<String, Quantity> amounts) {
        Resources resources = new Resources();
        amounts.forEach((name, amount) -> resources.add(name, amount(name, amount)));
        return resources;
    }

    /// The amount as a whole number: thousandths for cpu, units for all others, rounded up.
    public static long amount(String name, Quantity amount) {
        return name.equals("cpu") ? amount.milliValue() : amount.value();
    }

    /// Whether it is none of cpu, memory and ephemeral-storage: what nodes have by other means.
    public static boolean isScalar(String name) {
        return !name.equals("cpu") && !name.equals("memory") && !name.equals("ephemeral-storage");
    }

    public long get(String name) {
        return switch (name) {
            case "cpu" -> milliCpu;
            case "memory" -> memory;
            case "ephemeral-storage" -> ephemeralStorage;
            case "pods" -> pods;
            default -> others.getOrDefault(name, 0L);
        };
    }

    public void add(String name, long amount) {
        switch (name) {
            case "cpu" -> milliCpu += amount;
            case "memory" -> memory += amount;
            case "ephemeral-storage" -> ephemeralStorage += amount;
            case "pods" -> pods += amount;
            default -> {
                if (others.isEmpty()) {
                    others = new HashMap<>();
                }
                others.merge(name, amount, Long::sum);
            }
        }
    }

    public void add(Resources more, int sign) {
        milliCpu += sign * more.milliCpu;
        memory += sign * more.memory;
        ephemeralStorage += sign * more.ephemeralStorage;
        pods += sign * more.pods;
        if (!more.others.isEmpty()) {
            more.others.forEach((name, amount) -> add(name, sign * amount));
        }
    }

    /// Raises each amount to at least that of the other.
    public void raiseTo(Resources least) {
        milliCpu = Math.max(milliCpu, least.milliCpu);
        memory = Math.max(memory, least.memory);
        ephemeralStorage = Math.max(ephemeralStorage, least.ephemeralStorage);
        least.others.forEach((name, amount) -> {
            if (amount > get(name)) {
                add(name, amount - get(name));
            }
        });
    }

    /// The amounts besides cpu, memory, ephemeral-storage and pods.
    public Map<String, Long> others() {
        return others;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Resources that
                && milliCpu == that.milliCpu
                && memory == that.memory
                && ephemeralStorage == that.ephemeralStorage
                && pods == that.pods
                && others.equals(that.others);
    }

    @Override
    public int hashCode() {
        return Objects.hash(milliCpu, memory, ephemeralStorage, pods, others);
    }

    @Override
    public String toString() {
        return "cpu " + milliCpu + "m, memory " + memory + ", ephemeral-storage " + ephemeralStorage + ", pods " + pods + ", " + others;
    }
}
