package io.j8s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;

final class FieldSetTest {

    private static FieldTree tree(String json) {
        return FieldSet.ofJson(json).tree();
    }

    private static String text(FieldTree tree) {
        return new String(FieldSet.of(tree).json(), StandardCharsets.UTF_8);
    }

    @Test
    void aParsedSetIsWrittenAsItCame() {
        String json = "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:app\":{}}},\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\".\":{},"
                + "\"f:image\":{},\"f:ports\":{\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:containerPort\":{}}}}},"
                + "\"f:finalizers\":{\"v:\\\"a.b/c\\\"\":{},\"v:\\\"x<y\\\"\":{}},\"f:list\":{\"i:0\":{},\"i:10\":{}}}}";
        // The writer escapes what HTML knows within values, as upstream does.
        assertThat(text(tree(json))).isEqualTo(json.replace("x<y", "x\\\\u003cy"));
        assertThat(tree(text(tree(json)))).isEqualTo(tree(json));
    }

    @Test
    void aSetThatIsOnlyReadAndWrittenIsNotParsed() {
        assertThat(FieldSet.ofJson("nonsense").toString()).isEqualTo("nonsense");
        assertThatThrownBy(() -> FieldSet.ofJson("nonsense").tree()).isInstanceOf(FieldSet.MalformedException.class).hasMessageStartingWith("fieldsV1");
    }

    @Test
    void treesShareWhatGoesOnBelowTheirSteps() {
        ConcurrentMap<FieldTree, FieldTree> seen = new ConcurrentHashMap<>();
        String json = "{\"f:status\":{\"f:conditions\":{\"k:{\\\"type\\\":\\\"Ready\\\"}\":{\".\":{},\"f:status\":{}}},\"f:podIPs\":{\"k:{\\\"ip\\\":\\\"10.0.0.1\\\"}\":{\".\":{},\"f:ip\":{}}}}}";
        FieldTree one = tree(json);
        FieldTree other = tree(json.replace("10.0.0.1", "10.0.0.2"));
        assertThat(one.sharing(seen)).as("the first").isSameAs(one);
        FieldTree shared = other.sharing(seen);
        assertThat(shared).isEqualTo(other).isNotEqualTo(one);
        assertThat(shared.hashCode()).isEqualTo(other.hashCode());
        assertThat(text(shared)).isEqualTo(text(other));
        PathElement status = PathElement.name("status");
        assertThat(shared.below(status).below(PathElement.name("conditions"))).isSameAs(one.below(status).below(PathElement.name("conditions")));
        assertThat(shared.sharing(seen)).as("once more").isSameAs(shared);
    }

    @Test
    void aTextIsKeptForSetsThatAreCommon() {
        FieldSet set = FieldSet.of(tree("{\"f:a\":{}}"));
        assertThat(set.json()).isEqualTo(set.json()).isNotSameAs(set.json());
        assertThat(set.common().json()).isSameAs(set.json());
    }

    @Test
    void malformedSetsAreRefused() {
        for (String json : List.of("{\"x\":1}", "{\"f:data\":\"x\"}", "{\"i:x\":{}}", "{\"k:1\":{}}", "{\"v:{\":{}}", "{} {}", "[]", "{\"f:a\":{}")) {
            assertThatThrownBy(() -> tree(json)).as(json).isInstanceOf(FieldSet.MalformedException.class);
        }
    }

    @Test
    void elementsOfAKindNotKnownAreLeftOut() {
        assertThat(text(tree("{\"z:new\":{\"f:a\":{}},\"f:b\":{}}"))).isEqualTo("{\"f:b\":{}}");
        assertThat(tree("null").isEmpty()).isTrue();
        assertThat(text(tree("{\"f:a\":null}"))).isEqualTo("{\"f:a\":{}}");
    }

    @Test
    void unorderedInputIsOrdered() {
        assertThat(text(tree("{\"i:1\":{},\"v:2\":{},\"v:true\":{},\"v:\\\"a\\\"\":{},\"k:{\\\"b\\\":1,\\\"a\\\":2}\":{},\"f:b\":{},\"f:a\":{}}")))
                .isEqualTo("{\"f:a\":{},\"f:b\":{},\"k:{\\\"a\\\":2,\\\"b\\\":1}\":{},\"v:2\":{},\"v:\\\"a\\\"\":{},\"v:true\":{},\"i:1\":{}}");
    }

    @Test
    void pathsReadAsInConflicts() {
        FieldTree tree = tree("{\"f:spec\":{\"f:l\":{\"k:{\\\"p\\\":1,\\\"k\\\":\\\"a\\\"}\":{\"f:v\":{}},\"v:\\\"x\\\"\":{},\"i:3\":{}}}}");
        assertThat(tree.paths().stream().map(FieldTree::text)).containsExactly(".spec.l[=\"x\"]", ".spec.l[3]", ".spec.l[k=\"a\",p=1].v");
    }

    @Test
    void aParentAndItsChildrenAreSeparateMembers() {
        FieldTree parent = FieldTree.ofNames("a");
        FieldTree child = FieldTree.ofNames("a", "b");
        assertThat(parent.difference(child)).isSameAs(parent);
        assertThat(child.difference(parent)).isEqualTo(child);
        assertThat(child.recursiveDifference(parent).isEmpty()).isTrue();
        assertThat(parent.union(child).leaves()).isEqualTo(child);
        assertThat(parent.union(child).size()).isEqualTo(2);
    }

    @Test
    void operationsThatChangeNothingReturnTheVerySame() {
        FieldTree tree = tree("{\"f:a\":{\".\":{},\"f:b\":{}},\"f:c\":{}}");
        assertThat(tree.union(FieldTree.ofNames("a", "b"))).isSameAs(tree);
        assertThat(tree.difference(FieldTree.ofNames("a", "z"))).isSameAs(tree);
        assertThat(tree.intersection(tree("{\"f:a\":{\".\":{},\"f:b\":{}},\"f:c\":{},\"f:d\":{}}"))).isSameAs(tree);
        assertThat(tree.recursiveDifference(FieldTree.ofNames("z"))).isSameAs(tree);
    }

    @Test
    void setLawsHoldForRandomSets() {
        Random random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            FieldTree a = random(random);
            FieldTree b = random(random);
            FieldTree c = random(random);
            assertThat(a.union(b)).isEqualTo(b.union(a));
            assertThat(a.union(b).union(c)).isEqualTo(a.union(b.union(c)));
            assertThat(a.intersection(b)).isEqualTo(b.intersection(a));
            assertThat(a.difference(b).union(a.intersection(b))).isEqualTo(a);
            assertThat(a.difference(b).intersection(b).isEmpty()).isTrue();
            assertThat(a.intersects(b)).isEqualTo(!a.intersection(b).isEmpty());
            assertThat(a.union(b).difference(b)).isEqualTo(a.difference(b));
            assertThat(a.within(a.union(b))).isTrue();
            assertThat(a.recursiveDifference(b).within(a.difference(b))).isTrue();
            assertThat(a.paths()).hasSize(a.size()).allMatch(a::has);
            assertThat(tree(text(a))).isEqualTo(a).hasSameHashCodeAs(a);
        }
    }

    private static FieldTree random(Random random) {
        FieldTree tree = FieldTree.EMPTY;
        for (int i = random.nextInt(8); i > 0; i--) {
            List<PathElement> path = new ArrayList<>();
            for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
                String name = String.valueOf((char) ('a' + random.nextInt(3)));
                path.add(switch (random.nextInt(6)) {
                    case 0 -> PathElement.key("name", name);
                    case 1 -> new PathElement.Value((long) random.nextInt(2));
                    default -> PathElement.name(name);
                });
            }
            tree = tree.union(FieldTree.of(path));
        }
        return tree;
    }
}
