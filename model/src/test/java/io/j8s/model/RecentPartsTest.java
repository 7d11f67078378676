package io.j8s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that have their specification in common with an earlier one.
class RecentPartsTest {

    private static final String SPEC = """
            {"containers":[{"name":"c","image":"registry.example/app:1.2.3","command":["/bin/app"],"args":["--port=8080","--log=info"]}], "nodeSelector":{"never":"schedule"}}""";

    private final Interner interner = new Interner(1024);
    private final List<String> findings = new ArrayList<>();

    private Pod read(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return (Pod) Json.read(Pod.TYPE, bytes, 0, bytes.length, interner, findings::add);
    }

    private static String body(String name, String spec) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\": " + spec + ",\"status\":{\"phase\":\"Pending\"}}";
    }

    @Test
    void the_same_specification_is_read_once_and_shared() {
        Pod first = read(body("a", SPEC));
        Pod second = read(body("b", SPEC));
        assertThat(second.spec()).isSameAs(first.spec());
        assertThat(second).isEqualTo(Json.read(Pod.TYPE, body("b", SPEC)));
        assertThat(findings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"nodeName\":\"n\"}", "\"containers\":[]}", "\"hostname\":\"h\",\"containers\":null}"})
    void one_that_begins_alike_is_read(String rest) {
        read(body("a", SPEC));
        String longer = SPEC.substring(0, SPEC.length() - 1) + "," + rest;
        assertThat(read(body("b", longer))).isEqualTo(Json.read(Pod.TYPE, body("b", longer)));
    }

    @Test
    void what_follows_is_read_as_ever() {
        read(body("a", SPEC));
        assertThatThrownBy(() -> read("{\"spec\":" + SPEC)).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> read("{\"spec\":" + SPEC + "}}")).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> read("{\"spec\":" + SPEC + ",\"status\":{\"phase\":1}}")).hasMessageContaining("status.phase");
        Pod twice = read("{\"spec\":" + SPEC + ",\"spec\":{\"nodeName\":\"n\"}}");
        assertThat(twice.spec().nodeName()).isEqualTo("n");
        assertThat(twice.spec().containers()).hasSize(1);
        assertThat(findings).containsExactly("duplicate field \"spec\"");
    }

    @Test
    void findings_are_told_each_time() {
        String odd = SPEC.substring(0, SPEC.length() - 1) + ",\"unheardOf\":1}";
        read(body("a", odd));
        read(body("b", odd));
        assertThat(findings).containsExactly("unknown field \"spec.unheardOf\"", "unknown field \"spec.unheardOf\"");
    }
}
