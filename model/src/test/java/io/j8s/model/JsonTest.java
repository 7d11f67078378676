package io.j8s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodList;
import io.j8s.model.core.v1.Service;
import io.j8s.model.rbac.v1.ClusterRole;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    private static Pod pod(String json) {
        return (Pod) Json.read(Pod.TYPE, json);
    }

    private static List<String> findings(String json) {
        List<String> findings = new ArrayList<>();
        Json.read(Pod.TYPE, json.getBytes(StandardCharsets.UTF_8), findings::add);
        return findings;
    }

    @Test
    void anObjectIsWrittenWithEverythingUpstreamAlwaysWrites() {
        Pod pod = Pod.EMPTY.withMetadata(meta -> meta.withName("p"));
        assertThat(Json.text(pod)).isEqualTo("{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":null},\"status\":{}}");
        assertThat(Json.text(Objects.typed(pod))).startsWith("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":");
        assertThat(Json.text(PodList.EMPTY)).isEqualTo("{\"metadata\":{},\"items\":[]}");
        assertThat(Json.text(ClusterRole.EMPTY)).isEqualTo("{\"metadata\":{},\"rules\":null}");
    }

    @Test
    void zeroValuesOfPlainFieldsAreNotSet() {
        Pod pod = pod("{\"spec\":{\"nodeName\":\"\",\"hostNetwork\":false,\"priority\":0,\"containers\":[]}}");
        assertThat(pod.spec().hasNodeName()).isFalse();
        assertThat(pod.spec().hasHostNetwork()).isFalse();
        assertThat(pod.spec().hasPriority()).isTrue();
        assertThat(pod.spec().hasContainers()).isTrue();
        assertThat(pod.spec().withNodeName("n").withNodeName("")).isEqualTo(pod.spec());
    }

    @Test
    void unknownAndRepeatedFieldsAreMentionedWithTheirPath() {
        assertThat(findings("{\"foo\":1,\"spec\":{\"bar\":{\"x\":[]},\"containers\":[{\"name\":\"a\",\"Image\":\"b\"}],\"nodeName\":\"a\",\"nodeName\":\"b\"}}"))
                .containsExactly(
                        "unknown field \"foo\"", "unknown field \"spec.bar\"", "unknown field \"spec.containers[0].Image\"",
                        "duplicate field \"spec.nodeName\"");
        assertThat(findings("{\"metadata\":{\"labels\":{\"a\":\"1\",\"a\":\"2\"}}}")).containsExactly("duplicate field \"metadata.labels.a\"");
        assertThat(pod("{\"spec\":{\"nodeName\":\"a\",\"nodeName\":\"b\"}}").spec().nodeName()).isEqualTo("b");
    }

    @Test
    void valuesOfTheWrongShapeAreRefusedWithTheirPath() {
        assertThatThrownBy(() -> pod("{\"spec\":{\"nodeName\":7}}")).isInstanceOf(DecodeException.class).hasMessage("spec.nodeName: wanted a string, found a number");
        assertThatThrownBy(() -> pod("{\"spec\":{\"priority\":3.0}}")).hasMessage("spec.priority: wanted a whole number, found 3.0");
        assertThatThrownBy(() -> pod("{\"spec\":{\"priority\":3e0}}")).hasMessageContaining("whole number");
        assertThatThrownBy(() -> pod("{\"spec\":{\"priority\":3000000000}}")).hasMessageContaining("from -2147483648 to 2147483647");
        assertThatThrownBy(() -> pod("{\"spec\":{\"activeDeadlineSeconds\":9223372036854775808}}")).hasMessageContaining("9223372036854775808");
        assertThatThrownBy(() -> pod("{\"spec\":{\"containers\":[{\"name\":\"a\"},{\"tty\":\"yes\"}]}}"))
                .hasMessage("spec.containers[1].tty: wanted true or false, found a string");
        assertThatThrownBy(() -> pod("[]")).hasMessage("wanted an object, found a list");
        assertThatThrownBy(() -> pod("{\"metadata\":{\"creationTimestamp\":\"yesterday\"}}")).hasMessageStartingWith("metadata.creationTimestamp: \"yesterday\"");
    }

    @Test
    void malformedTextIsRefused() {
        for (String text : List.of("", "{", "{\"a\"", "{\"a\":}", "{\"a\":1,}", "{} x", "{\"kind\":\"a}", "{\"kind\":\"\\x\"}", "{\"kind\":\"\u0001\"}",
                "{\"spec\":{\"priority\":01}}", "{\"spec\":{\"priority\":-}}", "{'a':1}", "{\"spec\":nul}", "{\"x\":[1,]}", "{\"x\":\"\\u12g4\"}")) {
            assertThatThrownBy(() -> pod(text)).as(text).isInstanceOf(DecodeException.class);
        }
    }

    @Test
    void how_deep_values_may_be_nested_is_bounded() {
        assertThat(pod("{\"x\":" + "[".repeat(9999) + "]".repeat(9999) + "}")).isEqualTo(Pod.EMPTY);
        assertThatThrownBy(() -> pod("{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}")).isInstanceOf(DecodeException.class).hasMessageContaining("exceeded max depth");
        assertThatThrownBy(() -> pod("{\"x\":" + "[{\"a\":".repeat(600_000))).isInstanceOf(DecodeException.class).hasMessageContaining("exceeded max depth");
        assertThatThrownBy(() -> Json.readPlain(("[".repeat(5000) + "]".repeat(5000)).getBytes(StandardCharsets.UTF_8))).isInstanceOf(DecodeException.class).hasMessageContaining("exceeded max depth");
    }

    @Test
    void what_is_passed_over_must_be_well_formed() {
        for (String text : List.of("[1,2", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1 2]", "{\"a\":[}]}", "[{\"a\":1]}", "{\"\\x\":1}", "[,]", "{,}", "{\"a\"}", "{1:2}", "[\"\\u00\"]", "tru", "-")) {
            assertThatThrownBy(() -> pod("{\"x\":" + text + "}")).as(text).isInstanceOf(DecodeException.class);
        }
        assertThat(pod("{\"x\": { \"a\" : [ 1 , { } , [ ] , { \"b\" : null } ] , \"c\" : \"\\u00e9\" } , \"kind\":\"Pod\"}").kind()).isEqualTo("Pod");
    }

    @Test
    void findings_are_told_once_and_not_without_end() {
        StringBuilder many = new StringBuilder("{\"metadata\":{\"name\":\"a\",\"name\":\"b\",\"name\":\"c\"}");
        for (int i = 0; i < 1000; i++) {
            many.append(",\"x").append(i).append("\":1");
        }
        assertThat(findings(many.append('}').toString())).hasSize(100).startsWith("duplicate field \"metadata.name\"", "unknown field \"x0\"");
    }

    @Test
    void nullMeansNotSet() {
        Pod pod = pod("{\"kind\":null,\"spec\":{\"nodeName\":null,\"containers\":[null]},\"status\":null}");
        assertThat(pod.hasKind()).isFalse();
        assertThat(pod.hasStatus()).isFalse();
        assertThat(pod.spec().containers()).hasSize(1);
    }

    @Test
    void textsAreWrittenAndReadWithEscapes() {
        ConfigMap map = ConfigMap.EMPTY.withData(Map.of("k", "<a>&\"\\\n\u2028é\uD83D\uDE00\u0001"));
        assertThat(Json.text(map)).isEqualTo("{\"metadata\":{},\"data\":{\"k\":\"\\u003ca\\u003e\\u0026\\\"\\\\\\n\\u2028é\uD83D\uDE00\\u0001\"}}");
        assertThat(Json.read(ConfigMap.TYPE, Json.write(map))).isEqualTo(map);
        assertThat(((ConfigMap) Json.read(ConfigMap.TYPE, "{\"data\":{\"k\":\"\\ud83d\\ude00\\ud83d\\/\"}}")).data()).containsEntry("k", "\uD83D\uDE00\uFFFD/");
    }

    @Test
    void timesAreReadInAnyZoneAndWrittenInWholeSeconds() {
        Pod pod = pod("{\"metadata\":{\"creationTimestamp\":\"2024-02-29T12:30:45.987+01:00\"}}");
        assertThat(pod.metadata().creationTimestamp()).isEqualTo(Instant.parse("2024-02-29T11:30:45Z"));
        assertThat(Json.text(pod.metadata())).isEqualTo("{\"creationTimestamp\":\"2024-02-29T11:30:45Z\"}");
        Event event = (Event) Json.read(Event.TYPE, "{\"eventTime\":\"2024-02-29T12:30:45.000007Z\"}");
        assertThat(Json.text(event)).contains("\"eventTime\":\"2024-02-29T12:30:45.000007Z\"");
        assertThatThrownBy(() -> Json.read(Event.TYPE, "{\"eventTime\":\"2024-02-29T12:30:45Z\"}")).hasMessageContaining("microseconds");
    }

    @Test
    void quantitiesAreSpelledCanonically() {
        Pod pod = pod("{\"spec\":{\"overhead\":{\"cpu\":\"1000m\",\"memory\":\"1024Mi\",\"x\":0.5,\"y\":2}}}");
        assertThat(Json.text(pod.spec())).isEqualTo("{\"containers\":null,\"overhead\":{\"cpu\":\"1\",\"memory\":\"1Gi\",\"x\":\"500m\",\"y\":\"2\"}}");
    }

    @Test
    void embeddedFieldsStandBesideTheirSiblings() {
        Pod pod = pod("{\"spec\":{\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}}");
        assertThat(pod.spec().volumes().getFirst().hasEmptyDir()).isTrue();
        Pod again = (Pod) Protobuf.read(Pod.TYPE, Protobuf.write(pod));
        assertThat(again.spec()).isEqualTo(pod.spec());
        assertThat(again.kind()).isEqualTo("Pod");
    }

    @Test
    void objectsOfUnknownKindsKeepEverything() {
        Struct object = Json.readObject("{\"kind\":\"Crontab\",\"spec\":{\"b\":1,\"a\":[1.5,null]},\"apiVersion\":\"x/v1\",\"metadata\":{\"name\":\"n\"}}"
                .getBytes(StandardCharsets.UTF_8));
        assertThat(object.structType()).isSameAs(Unstructured.TYPE);
        assertThat(Objects.metadata(object).name()).isEqualTo("n");
        assertThat(Json.text(object)).isEqualTo("{\"apiVersion\":\"x/v1\",\"kind\":\"Crontab\",\"metadata\":{\"name\":\"n\"},\"spec\":{\"a\":[1.5,null],\"b\":1}}");
    }

    @Test
    void objectsAreFoundByWhatTheySay() {
        Struct object = Json.readObject("{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"spec\":{\"ports\":[{\"port\":80,\"targetPort\":\"http\"}]}}".getBytes(StandardCharsets.UTF_8));
        assertThat(object).isInstanceOfSatisfying(Service.class, service -> assertThat(service.spec().ports().getFirst().targetPort()).isEqualTo(IntOrString.of("http")));
        assertThat(Types.resources()).extracting(ApiResource::toString).contains("pods/v1", "deployments.apps/v1", "customresourcedefinitions.apiextensions.k8s.io/v1");
    }

    @Test
    void prettyTextIsIndentedByTwo() {
        assertThat(new String(Json.pretty("{\"a\":[],\"b\":{\"c\":[1,\"x{\"]},\"d\":{}}".getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .isEqualTo("{\n  \"a\": [],\n  \"b\": {\n    \"c\": [\n      1,\n      \"x{\"\n    ]\n  },\n  \"d\": {}\n}");
    }
}
