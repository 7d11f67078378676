package io.j8s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StructTest {

    @Test
    void changesMakeNewValues() {
        Pod pod = Pod.EMPTY.withMetadata(meta -> meta.withName("p").withLabels(Map.of("b", "2", "a", "1"))).withSpec(spec -> spec.withNodeName("n1"));
        Pod moved = pod.withSpec(spec -> spec.withNodeName("n2"));
        assertThat(pod.spec().nodeName()).isEqualTo("n1");
        assertThat(moved.spec().nodeName()).isEqualTo("n2");
        assertThat(moved.withSpec(PodSpec::withoutNodeName).hasSpec()).isFalse();
        assertThat(pod.metadata().labels()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
        assertThat(moved.withSpec(spec -> spec.withNodeName("n1"))).isEqualTo(pod).hasSameHashCodeAs(pod);
    }

    @Test
    void givenCollectionsAreCopied() {
        List<Container> containers = new ArrayList<>(List.of(Container.EMPTY.withName("a")));
        PodSpec spec = PodSpec.EMPTY.withContainers(containers);
        containers.clear();
        assertThat(spec.containers()).hasSize(1);
        assertThatThrownBy(() -> spec.containers().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void typesOfManyFieldsKeepThemAll() {
        List<Field> fields = IntStream.range(0, 200).mapToObj(i -> Field.of(i, "f" + i, Shape.Scalar.INT64)).toList();
        Type type = new Type("Wide", () -> fields, null, true);
        Map<Integer, Long> expected = new LinkedHashMap<>();
        Struct struct = type.empty();
        for (int i = 199; i >= 0; i -= 7) {
            struct = struct.with(fields.get(i), (long) i);
            expected.put(i, (long) i);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(struct.get(fields.get(i))).isEqualTo(expected.get(i));
        }
        assertThat(struct.size()).isEqualTo(expected.size());
        assertThat(Json.read(type, Json.write(struct))).isEqualTo(struct);
        Struct extended = struct.toBuilder().unknown(Map.of("z", "y")).build();
        assertThat(extended.with(fields.get(64), 3L).unknown()).containsEntry("z", "y");
        assertThat(Json.read(type, Json.write(extended))).isEqualTo(extended);
    }

    @Test
    void typesAndFieldsAreDocumented() {
        Documentation documentation = new Documentation();
        assertThat(documentation.of(Pod.TYPE)).contains("containers");
        assertThat(documentation.of(PodSpec.TYPE, PodSpec.NODE_NAME)).isNotEmpty();
        assertThat(documentation.of(Unstructured.TYPE)).isEmpty();
    }

    @Test
    void everyGeneratedTypeIsReachable() {
        assertThat(Types.allMessages()).hasSizeGreaterThan(550).allSatisfy(type -> assertThat(Types.named(type.name())).isSameAs(type));
        assertThat(Types.all()).allSatisfy(type -> assertThat(Types.of(type.apiVersion(), type.kind())).isSameAs(type));
    }
}
