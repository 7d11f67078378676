package io.j8s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String json(String yaml) {
        return new String(Yaml.toJson(bytes(yaml)), StandardCharsets.UTF_8);
    }

    @Test
    void wordsMeanWhatTheyMeanUpstream() {
        assertThat(json("a: yes\nb: off\nc: ~\nd: 017\ne: 0x1f\nf: 1_000\ng: '1'\nh: 1.5\ni: 2020-01-01\nj: 1e3\nk: .5\nl: 1.2.3\nm: -7\n"))
                .isEqualTo("{\"a\":true,\"b\":false,\"c\":null,\"d\":15,\"e\":31,\"f\":1000,\"g\":\"1\",\"h\":1.5,\"i\":\"2020-01-01\",\"j\":1000,\"k\":0.5,\"l\":\"1.2.3\",\"m\":-7}");
        assertThat(json("x: &a {p: 1}\nz:\n  <<: *a\n  q: 2\n1: one\ntrue: two\n")).isEqualTo("{\"x\":{\"p\":1},\"z\":{\"q\":2,\"p\":1},\"1\":\"one\",\"true\":\"two\"}");
    }

    @Test
    void manyDocumentsAreRead() {
        List<Struct> objects = Yaml.readObjects(bytes("---\nkind: Pod\napiVersion: v1\nmetadata: {name: a}\n---\n# nothing\n---\nkind: X\napiVersion: y/v1\n"));
        assertThat(objects).hasSize(2);
        assertThat(objects.getFirst()).isInstanceOf(Pod.class);
        assertThat(objects.getLast().structType()).isSameAs(Unstructured.TYPE);
    }

    @Test
    void faultsAreReportedWithTheirPlace() {
        assertThatThrownBy(() -> json("a: 1\nb: [1\nc: 2\n")).isInstanceOf(DecodeException.class).hasMessage("yaml: line 1: did not find expected ',' or ']'");
        assertThatThrownBy(() -> json("a: \"\\x\"\n")).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> Yaml.read(Pod.TYPE, "spec:\n  priority: x\n")).hasMessage("spec.priority: wanted a whole number, found a string");
        List<String> findings = new ArrayList<>();
        Yaml.read(Pod.TYPE, bytes("spec:\n  foo: 1\n  nodeName: a\n  nodeName: b\n"), findings::add);
        assertThat(findings).containsExactly("line 4: key \"nodeName\" already set in map", "unknown field \"spec.foo\"");
    }

    @Test
    void aliasesCannotExplode() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [").append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
        }
        assertThatThrownBy(() -> json(bomb.toString())).hasMessage("yaml: document contains excessive aliasing");
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> json("{a: ".repeat(2_000))).isInstanceOf(DecodeException.class).hasMessageContaining("exceeded max depth");
        assertThatThrownBy(() -> json("[".repeat(100_000))).isInstanceOf(DecodeException.class).hasMessageContaining("exceeded max depth");
    }

    @Test
    void isWrittenInBlocks() {
        ConfigMap map = Objects.typed(ConfigMap.EMPTY.withMetadata(meta -> meta.withName("m").withLabels(Map.of("a", "true", "b", ""))
                        .withFinalizers(List.of("x", "y: z"))))
                .withData(Map.of("file", "one\n  two\n", "end", "no line end\nhere"));
        assertThat(Yaml.write(map)).isEqualTo("""
                apiVersion: v1
                data:
                  end: |-
                    no line end
                    here
                  file: |
                    one
                      two
                kind: ConfigMap
                metadata:
                  finalizers:
                  - x
                  - 'y: z'
                  labels:
                    a: "true"
                    b: ""
                  name: m
                """);
        assertThat(Yaml.read(ConfigMap.TYPE, Yaml.write(map))).isEqualTo(map);
    }
}
