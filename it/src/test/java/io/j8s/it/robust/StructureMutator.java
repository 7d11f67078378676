package io.j8s.it.robust;

import io.j8s.model.JsonNull;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Makes wrong values of right ones: takes members away, doubles elements, and puts what does not belong there.
final class StructureMutator {

    private static final List<Object> VALUES = List.of(JsonNull.NULL, 0L, -1L, 1L << 31, Long.MAX_VALUE, 1.5, "", "a", "x".repeat(300), List.of(), Map.of(), List.of(JsonNull.NULL), List.of(Map.of()),
            Map.of("a", JsonNull.NULL), Map.of("", ""), true, "0", "1Gi", "-1", "1e400", "2026-01-01T00:00:00Z", "$(A)", "*", "\u0000", "\u00e9\uD83D\uDE00", List.of(1L), List.of("a", "a"),
            Map.of("a", Map.of("b", List.of())), "://", "10.0.0.1/99", "(((", "a b", "-", "..");
    private final Random random;
    private int left;

    StructureMutator(Random random) {
        this.random = random;
    }

    Object mutated(Object plain) {
        Object made = plain;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            left = random.nextInt(Math.max(1, size(made)));
            made = copy(made);
        }
        return made;
    }

    private static int size(Object plain) {
        return switch (plain) {
            case Map<?, ?> map -> map.size() + map.values().stream().mapToInt(StructureMutator::size).sum();
            case List<?> list -> list.size() + list.stream().mapToInt(StructureMutator::size).sum();
            default -> 0;
        };
    }

    /// A copy in which the member or element is changed that is reached when nothing is left to pass over.
    private Object copy(Object plain) {
        return switch (plain) {
            case Map<?, ?> map -> {
                Map<Object, Object> members = new LinkedHashMap<>();
                map.forEach((name, value) -> {
                    boolean here = left-- == 0;
                    int how = here ? random.nextInt(4) : -1;
                    if (how == 1) {
                        members.put("x" + name, value);
                    } else if (how != 0) {
                        members.put(name, here ? other() : copy(value));
                    }
                });
                yield members;
            }
            case List<?> list -> {
                List<Object> elements = new ArrayList<>();
                list.forEach(element -> {
                    boolean here = left-- == 0;
                    int how = here ? random.nextInt(4) : -1;
                    if (how != 0) {
                        elements.add(how > 1 ? other() : copy(element));
                    }
                    if (how == 1) {
                        elements.add(element);
                    }
                });
                yield elements;
            }
            default -> plain;
        };
    }

    private Object other() {
        return VALUES.get(random.nextInt(VALUES.size()));
    }
}
