package io.j8s.apiserver.customresources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonPathTest {

    private static final Map<String, Object> OBJECT = Map.of(
            "spec", Map.of("replicas", 3L, "list", List.of("a", "b")),
            "metadata", Map.of("labels", Map.of("app.example.com/name", "web")),
            "status", Map.of("conditions", List.of(Map.of("type", "Ready", "status", "True"), Map.of("type", "Stalled", "status", "False"))));

    @Test
    void namesLeadToValues() {
        assertThat(first(".spec.replicas")).isEqualTo(3L);
        assertThat(first(".spec.none.deeper")).isNull();
        assertThat(first(".metadata.labels.app\\.example\\.com/name")).isEqualTo("web");
        assertThat(first(".metadata.labels['app.example.com/name']")).isEqualTo("web");
    }

    @Test
    void elementsAreFoundByPlaceAndByWhatTheyHold() {
        assertThat(first(".spec.list[1]")).isEqualTo("b");
        assertThat(first(".spec.list[-1]")).isEqualTo("b");
        assertThat(first(".spec.list[7]")).isNull();
        assertThat(JsonPath.of(".spec.list[*]").all(OBJECT)).containsExactly("a", "b");
        assertThat(first(".status.conditions[?(@.type==\"Ready\")].status")).isEqualTo("True");
        assertThat(first(".status.conditions[?(@.type!='Ready')].type")).isEqualTo("Stalled");
    }

    @Test
    void whatIsNoPathIsRefusedWithThePlace() {
        assertThatThrownBy(() -> JsonPath.of(".spec[")).hasMessageContaining("unexpected \"[\"");
        assertThatThrownBy(() -> JsonPath.of("spec")).isInstanceOf(IllegalArgumentException.class);
    }

    private static @org.jspecify.annotations.Nullable Object first(String path) {
        return JsonPath.of(path).first(OBJECT);
    }
}
