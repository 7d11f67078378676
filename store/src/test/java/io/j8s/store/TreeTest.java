package io.j8s.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {

    private record Item(Key key, int weight) implements Keyed {}

    private record Frozen(Tree<Item> tree, TreeMap<Key, Item> expected) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aTreeHoldsWhatASortedMapHoldsAndFrozenOnesNeverChange(long seed) {
        Random random = new Random(seed);
        int keys = seed % 2 == 0 ? 200 : 20_000;
        Tree.Editor<Item> editor = new Tree.Editor<>(Tree.empty());
        TreeMap<Key, Item> expected = new TreeMap<>();
        List<Frozen> frozen = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            boolean growing = step / 4_000 % 2 == 0;
            Key key = Key.of("k" + (seed == 7 ? step : random.nextInt(keys)));
            if (random.nextInt(10) < (growing ? 8 : 2)) {
                Item item = new Item(key, random.nextInt(3));
                editor.put(item);
                expected.put(key, item);
            } else {
                Key victim = expected.isEmpty() ? key : random.nextBoolean() ? expected.firstKey() : key;
                editor.remove(victim);
                expected.remove(victim);
            }
            if (random.nextInt(1000) == 0) {
                frozen.add(new Frozen(editor.freeze(), new TreeMap<>(expected)));
            }
        }
        expected.keySet().forEach(editor::remove);
        assertThat(items(editor.freeze(), KeyRange.ALL)).isEmpty();
        for (Frozen at : frozen) {
            assertThat(items(at.tree, KeyRange.ALL)).containsExactlyElementsOf(at.expected.values());
            for (int i = 0; i < 50; i++) {
                checkRange(at, Key.of("k" + random.nextInt(keys)), Key.of("k" + random.nextInt(keys)));
            }
        }
    }

    private static void checkRange(Frozen at, Key one, Key other) {
        assertThat(at.tree.get(one)).isEqualTo(at.expected.get(one));
        Key low = one.compareTo(other) <= 0 ? one : other;
        Key high = one.compareTo(other) <= 0 ? other : one;
        KeyRange range = new KeyRange(low, high);
        assertThat(items(at.tree, range)).containsExactlyElementsOf(at.expected.subMap(low, high).values());
        assertThat(at.tree.weight(range)).isEqualTo(at.expected.subMap(low, high).values().stream().mapToLong(Item::weight).sum());
        assertThat(at.tree.weight(new KeyRange(low, null))).isEqualTo(at.expected.tailMap(low).values().stream().mapToLong(Item::weight).sum());
    }

    private static List<Item> items(Tree<Item> tree, KeyRange range) {
        List<Item> found = new ArrayList<>();
        tree.forEach(range, found::add);
        return found;
    }
}
