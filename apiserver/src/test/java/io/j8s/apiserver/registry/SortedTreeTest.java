package io.j8s.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SortedTreeTest {

    @Test
    void behavesAsASortedMapUnderRandomChanges() {
        Random random = new Random(42);
        TreeMap<String, Integer> model = new TreeMap<>();
        SortedTree<Integer> tree = SortedTree.empty();
        for (int i = 0; i < 5_000; i++) {
            String key = "ns" + random.nextInt(4) + "/" + random.nextInt(400);
            if (random.nextInt(3) == 0) {
                model.remove(key);
                tree = tree.without(key);
            } else {
                model.put(key, i);
                tree = tree.with(key, i);
            }
            if (i % 500 == 0) {
                assertThat(values(tree, "", "")).isEqualTo(List.copyOf(model.values()));
            }
        }
        assertThat(tree.size()).isEqualTo(model.size());
        assertThat(values(tree, "ns2/", "")).isEqualTo(List.copyOf(model.subMap("ns2/", "ns20").values()));
        assertThat(values(tree, "ns2/", "ns2/2")).isEqualTo(List.copyOf(model.subMap("ns2/2", "ns20").values()));
        assertThat(tree.count("ns2/", "ns2/2")).isEqualTo(model.subMap("ns2/2", "ns20").size());
        assertThat(tree.count("", "")).isEqualTo(model.size());
        assertThat(tree.get("ns1/none")).isNull();
    }

    @Test
    void anOldTreeStaysAsItWas() {
        SortedTree<String> before = SortedTree.<String>empty().with("a", "1").with("b", "2");
        SortedTree<String> after = before.with("a", "changed").without("b");
        assertThat(values(before, "", "")).containsExactly("1", "2");
        assertThat(values(after, "", "")).containsExactly("changed");
    }

    @Test
    void aWalkEndsWhenTheVisitorSaysSo() {
        SortedTree<String> tree = SortedTree.<String>empty().with("a", "1").with("b", "2").with("c", "3");
        List<String> seen = new ArrayList<>();
        tree.forEach("", "", value -> {
            seen.add(value);
            return seen.size() < 2;
        });
        assertThat(seen).containsExactly("1", "2");
    }

    private static <V> List<V> values(SortedTree<V> tree, String prefix, String from) {
        List<V> values = new ArrayList<>();
        tree.forEach(prefix, from, values::add);
        return values;
    }
}
