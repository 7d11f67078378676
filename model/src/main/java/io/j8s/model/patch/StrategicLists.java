package io.j8s.model.patch;

import io.j8s.model.Field;
import io.j8s.model.JsonNull;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How strategic merge patch merges lists: scalars as sets, objects by their merge key.
@SuppressWarnings("ReferenceEquality") // what does not change stays the very same
final class StrategicLists {

    private final StrategicMerge merge;
    private final PlainReader reader;

    StrategicLists(StrategicMerge merge, PlainReader reader) {
        this.merge = merge;
        this.reader = reader;
    }

    /// Elements of the patch in its order, among those that only the live list has in theirs.
    List<?> merged(Field field, List<?> live, List<?> patch, Place place) {
        Shape element = ((Shape.ListOf) field.shape()).element();
        if (patch.isEmpty() && (live.isEmpty() || element instanceof Shape.Scalar)) {
            return live;
        }
        if (element instanceof Shape.Message(var supplier)) {
            return new Keyed(supplier.get(), field, place).merged(live, patch);
        }
        List<Object> wanted = scalars(element, patch, place);
        Set<Object> all = new LinkedHashSet<>(live);
        all.addAll(wanted);
        return interleaved(new ArrayList<>(all), wanted, live, item -> item);
    }

    private List<Object> scalars(Shape element, List<?> patch, Place place) {
        List<Object> values = new ArrayList<>(patch.size());
        for (Object item : patch) {
            values.add(reader.value(element, item, place.index(values.size())));
        }
        return values;
    }

    /// The list without these scalars.
    @Nullable Object without(@Nullable Object live, Object deletions, Place place) {
        if (!(deletions instanceof List<?> gone) || !(live instanceof List<?> list)) {
            return live; // upstream passes over what is not of the list's kind
        }
        boolean objects = !list.isEmpty() && list.getFirst() instanceof Struct;
        if (gone.stream().anyMatch(item -> item instanceof Map<?, ?> != objects)) {
            throw StrategicMerge.malformed(place, StrategicMerge.DELETE_FROM_LIST + "… must hold values such as the list holds");
        }
        if (objects) {
            return live; // the directive is for lists of scalars, and upstream passes over it elsewhere
        }
        Set<Object> values = new HashSet<>();
        gone.forEach(value -> values.add(plain(value)));
        List<Object> left = new ArrayList<>(list);
        return left.removeIf(item -> values.contains(plain(item))) ? left : live;
    }

    /// The merged list in a given order; elements that the order does not name keep theirs among the others.
    @Nullable Object ordered(Field field, @Nullable Object live, @Nullable Object patch, Object order, Place place) {
        if (!(field.shape() instanceof Shape.ListOf(Shape element))) {
            throw StrategicMerge.malformed(place, StrategicMerge.ELEMENT_ORDER + "… is for lists");
        }
        if (!(order instanceof List<?> wanted) || patch != null && patch != JsonNull.NULL && !(patch instanceof List<?>)) {
            throw StrategicMerge.malformed(place, StrategicMerge.ELEMENT_ORDER + "… and the list beside it must be lists");
        }
        List<?> before = live instanceof List<?> list ? list : null;
        List<?> changes = patch instanceof List<?> list ? list : null;
        Keyed keyed = element instanceof Shape.Message(var supplier) && field.patchMergeKey() != null ? new Keyed(supplier.get(), field, place) : null;
        List<Object> keys = keyed == null ? scalars(element, wanted, place) : keyed.keys(wanted);
        if (changes != null) {
            checkOrder(keyed == null ? scalars(element, changes, place) : keyed.keysOfSet(changes), keys, place);
        }
        if (patch == JsonNull.NULL) {
            throw StrategicMerge.malformed(place, StrategicMerge.ELEMENT_ORDER + "… is for a list, not for null");
        }
        if (before == null && changes == null) {
            return live;
        }
        if ((before == null || before.isEmpty()) && (changes == null || changes.isEmpty())) {
            throw StrategicMerge.malformed(place, StrategicMerge.ELEMENT_ORDER + "… is for a list with elements");
        }
        List<?> merged = changes == null ? Objects.requireNonNull(before)
                : before == null || !StrategicMerge.merges(field)
                        ? (List<?>) reader.value(field.shape(), StrategicMerge.clean(changes), place)
                        : merged(field, before, changes, place);
        return interleaved(merged, keys, before == null ? List.of() : before, keyed == null ? item -> item : keyed::key);
    }

    /// What the patch sets must come in the given order, and all be named in it.
    private static void checkOrder(List<Object> set, List<Object> order, Place place) {
        int at = 0;
        for (Object key : order) {
            if (at < set.size() && set.get(at).equals(key)) {
                at++;
            }
        }
        if (at < set.size()) {
            throw StrategicMerge.malformed(place, StrategicMerge.ELEMENT_ORDER + "… must name every element that the patch sets, in the patch's order");
        }
    }

    /// Puts the elements named by `first` in that order, the others in the live order, and weaves the two by the places that both had in the live list.
    private static List<?> interleaved(List<?> merged, List<?> first, List<?> live, Function<Object, Object> key) {
        Map<Object, Integer> named = new HashMap<>();
        first.forEach(k -> named.putIfAbsent(k, named.size()));
        Map<Object, Integer> lived = new HashMap<>();
        live.forEach(item -> lived.putIfAbsent(key.apply(item), lived.size()));
        List<Object> wanted = new ArrayList<>();
        List<Object> others = new ArrayList<>();
        merged.forEach(item -> (named.containsKey(key.apply(item)) ? wanted : others).add(item));
        wanted.sort((a, b) -> Integer.compare(named.getOrDefault(key.apply(a), 0), named.getOrDefault(key.apply(b), 0)));
        others.sort((a, b) -> Integer.compare(lived.getOrDefault(key.apply(a), Integer.MAX_VALUE), lived.getOrDefault(key.apply(b), Integer.MAX_VALUE)));
        List<Object> out = new ArrayList<>(merged.size());
        int i = 0;
        int j = 0;
        while (i < others.size() || j < wanted.size()) {
            boolean fromOthers = j == wanted.size();
            if (i < others.size() && j < wanted.size()) {
                Integer a = lived.get(key.apply(others.get(i)));
                Integer b = lived.get(key.apply(wanted.get(j)));
                fromOthers = a != null && b != null && a < b;
            }
            out.add(fromOthers ? others.get(i++) : wanted.get(j++));
        }
        return out;
    }

    private static Object plain(Object value) {
        return value instanceof Integer number ? (Object) (long) number : value;
    }

    /// Merges objects by a key.
    private final class Keyed {
        private final Type type;
        private final Field mergeKey;
        private final Place place;

        Keyed(Type type, Field list, Place place) {
            Field found = list.patchMergeKey() == null ? null : type.field(list.patchMergeKey());
            if (found == null) {
                throw StrategicMerge.malformed(place, "the list has no merge key: replace it as a whole");
            }
            this.type = type;
            this.mergeKey = found;
            this.place = place;
        }

        /// The key of a live or merged element; an element without one has the key "nothing".
        Object key(Object item) {
            Object value = item instanceof Struct struct ? struct.get(mergeKey) : null;
            return value != null ? plain(value) : mergeKey.shape() == Shape.Scalar.STRING ? "" : 0L;
        }

        /// The key of an element of the patch.
        Object patchKey(Object item, int index) {
            Object value = item instanceof Map<?, ?> map ? map.get(mergeKey.name()) : null;
            if (value == null) {
                throw StrategicMerge.malformed(place.index(index), "must have the merge key \"" + mergeKey.name() + "\"");
            }
            return value == JsonNull.NULL ? key(value) : plain(value);
        }

        List<Object> keys(List<?> items) {
            List<Object> keys = new ArrayList<>(items.size());
            for (Object item : items) {
                keys.add(patchKey(item, keys.size()));
            }
            return keys;
        }

        /// The keys of the elements that the patch sets: without those that are directives.
        List<Object> keysOfSet(List<?> items) {
            return keys(items.stream().filter(item -> !(item instanceof Map<?, ?> map && map.containsKey(StrategicMerge.PATCH))).toList());
        }

        List<?> merged(List<?> live, List<?> patch) {
            List<Object> result = new ArrayList<>(live);
            List<Map<?, ?>> changes = new ArrayList<>();
            boolean replace = false;
            for (int i = 0; i < patch.size(); i++) {
                if (!(patch.get(i) instanceof Map<?, ?> item)) {
                    throw StrategicMerge.malformed(place.index(i), "must be an object");
                }
                switch (StrategicMerge.directive(item)) {
                    case null -> changes.add(item);
                    case "replace" -> replace = true;
                    case "delete" -> {
                        Object gone = patchKey(item, i);
                        result.removeIf(old -> key(old).equals(gone));
                    }
                    default -> throw StrategicMerge.malformed(place.index(i).field(StrategicMerge.PATCH), "must be replace or delete");
                }
            }
            List<Object> keys = keys(changes);
            if (replace) {
                return changes.stream().map(item -> reader.message(type, item, place)).toList();
            }
            mustHaveKeys(result);
            List<?> before = List.copyOf(result);
            for (int i = 0; i < changes.size(); i++) {
                mergeOne(result, keys.get(i), changes.get(i), place.index(i));
            }
            return interleaved(result, keys, before, this::key);
        }

        private void mergeOne(List<Object> result, Object wanted, Map<?, ?> change, Place at) {
            for (int i = 0; i < result.size(); i++) {
                if (key(result.get(i)).equals(wanted)) {
                    result.set(i, merge.message(type, (Struct) result.get(i), change, at));
                    return;
                }
            }
            result.add(reader.message(type, change, at));
        }

        /// What stays must be told apart, too.
        private void mustHaveKeys(List<?> items) {
            if (mergeKey.presence() != Field.Presence.ALWAYS && items.stream().anyMatch(item -> ((Struct) item).get(mergeKey) == null)) {
                throw StrategicMerge.malformed(place, "an element has no merge key \"" + mergeKey.name() + "\": replace the list as a whole");
            }
        }
    }
}
