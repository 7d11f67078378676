package io.j8s.apiserver.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelOptions;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.RuntimeHelpers;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import io.j8s.model.schema.Schema;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lists that a schema declares as sets, or as maps by some keys (`x-kubernetes-list-type`), in expressions: `==` pays no regard to the order of the one on its left, and `+` unites.
final class SchemaLists {

    private static final RuntimeEquality PLAIN = RuntimeEquality.create(RuntimeHelpers.create(), CelOptions.current().enableHeterogeneousNumericComparisons(true).build());

    /// What is bound otherwise: here, and in [CelEnvironment].
    private static final Set<StandardFunction> OWN = EnumSet.of(StandardFunction.EQUALS, StandardFunction.NOT_EQUALS, StandardFunction.MATCHES);

    private SchemaLists() {}

    /// Gives `==`, `!=` and `+` this meaning.
    static void addTo(CelBuilder builder) {
        builder.setStandardFunctions(CelStandardFunctions.newBuilder()
                .filterFunctions((function, overload) -> !OWN.contains(function) && overload != AddOverload.ADD_LIST)
                .build());
        builder.addFunctionBindings(CelFunctionBinding.fromOverloads("_==_", CelFunctionBinding.from("equals", Object.class, Object.class, SchemaLists::equal)));
        builder.addFunctionBindings(CelFunctionBinding.from("add_list", List.class, List.class, SchemaLists::added));
        builder.addFunctionBindings(CelFunctionBinding.fromOverloads("_!=_", CelFunctionBinding.from("not_equals", Object.class, Object.class, (a, b) -> !equal(a, b))));
    }

    /// What is added where the schema tells.
    @SuppressWarnings("unchecked") // lists of anything
    private static Object added(Object a, Object b) {
        return united((List<Object>) a, (List<Object>) b);
    }

    /// The elements of a list, with what the schema says of them.
    static List<Object> of(List<Object> elements, Schema schema) {
        return switch (schema.listType()) {
            case "set" -> new Unordered(elements, null);
            case "map" -> new Unordered(elements, schema.listMapKeys().stream().map(key -> Objects.requireNonNullElse(FieldNames.escaped(key), key)).toList());
            default -> elements;
        };
    }

    /// A set (keys null), or a map by the values of these fields of its elements. Immutable.
    private static final class Unordered extends AbstractList<Object> implements RandomAccess { // others are copied on their way, into lists that know nothing of this
        private final List<Object> elements;
        private final @Nullable List<String> keys;

        Unordered(List<Object> elements, @Nullable List<String> keys) {
            this.elements = List.copyOf(elements);
            this.keys = keys;
        }

        @Override
        public Object get(int index) {
            return elements.get(index);
        }

        @Override
        public int size() {
            return elements.size();
        }

        Object key(Object element) {
            return keys == null || !(element instanceof Map<?, ?> map) ? element : keys.stream().map(name -> Objects.requireNonNullElse(map.get(name), "")).toList();
        }
    }

    private static boolean equal(Object a, Object b) {
        return switch (a) {
            case Unordered set when b instanceof List<?> list -> sameElements(set, list);
            case List<?> list when b instanceof List<?> other -> inOrder(list, other);
            case Map<?, ?> map when b instanceof Map<?, ?> other -> sameMembers(map, other);
            default -> PLAIN.objectEquals(a, b);
        };
    }

    private static boolean sameElements(Unordered set, List<?> list) {
        if (set.size() != list.size()) {
            return false;
        }
        Map<Object, Object> byKey = new HashMap<>();
        set.forEach(element -> byKey.put(set.key(element), element));
        for (Object element : list) {
            Object known = byKey.get(set.key(element));
            if (known == null || !equal(known, element)) {
                return false;
            }
        }
        return true;
    }

    private static boolean inOrder(List<?> list, List<?> other) {
        if (list.size() != other.size()) {
            return false;
        }
        Iterator<?> others = other.iterator();
        return list.stream().allMatch(element -> equal(element, others.next()));
    }

    private static boolean sameMembers(Map<?, ?> map, Map<?, ?> other) {
        if (map.size() != other.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object there = PLAIN.findInMap(other, entry.getKey()).orElse(null);
            if (there == null || !equal(entry.getValue(), there)) {
                return false;
            }
        }
        return true;
    }

    /// `a + b`: what is in either. Elements of a map keep their place and take the value of the later one.
    static List<?> united(List<?> a, List<?> b) {
        if (!(a instanceof Unordered set)) {
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return both;
        }
        if (set.keys == null) {
            Set<Object> all = new LinkedHashSet<>(a);
            all.addAll(b);
            return new Unordered(new ArrayList<>(all), null);
        }
        Map<Object, Object> byKey = new java.util.LinkedHashMap<>();
        a.forEach(element -> byKey.put(set.key(element), element));
        b.forEach(element -> byKey.put(set.key(element), element));
        return new Unordered(new ArrayList<>(byKey.values()), set.keys);
    }
}
