package io.j8s.apiserver.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Protobuf;
import io.j8s.model.Type;
import io.j8s.model.Yaml;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.DeleteOptions;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The messages are those that kube-apiserver v1.36.3 answered.
final class UndecodableTest {

    private static String refused(String body, MediaType media, Type type) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        try {
            Object read = switch (media) {
                case YAML -> Yaml.read(type, bytes);
                case PROTOBUF -> Protobuf.read(type, bytes);
                default -> Json.read(type, bytes);
            };
            throw new AssertionError("was read: " + read);
        } catch (DecodeException e) {
            return Undecodable.message(bytes, media, type, type.kind(), "v1", e);
        }
    }

    /// A message in an envelope that says ConfigMap.
    private static String configMap(String hex) {
        byte[] raw = HexFormat.of().parseHex(hex);
        byte[] head = {'k', '8', 's', 0, 0x0a, 15, 0x0a, 2, 'v', '1', 0x12, 9, 'C', 'o', 'n', 'f', 'i', 'g', 'M', 'a', 'p', 0x12, (byte) raw.length};
        return new String(head, StandardCharsets.ISO_8859_1) + new String(raw, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0a106162                | unexpected EOF
            0801                    | proto: wrong wireType = 0 for field ObjectMeta
            0001                    | proto: ConfigMap: illegal tag 0 (wire type 0)
            0e                      | proto: wrong wireType = 6 for field ObjectMeta
            0c                      | proto: ConfigMap: wiretype end group for non-group
            0a020801                | proto: wrong wireType = 0 for field Name
            0affffffffffffffffff01  | proto: negative length found during unmarshaling
            0affffffff0f            | unexpected EOF
            1001                    | proto: wrong wireType = 0 for field Data
            220178                  | proto: wrong wireType = 2 for field Immutable
            ffffffffffffffffffffff  | proto: integer overflow
            990601                  | unexpected EOF
            """)
    void malformed_protobuf_is_told_as_generated_decoders_do(String hex, String message) {
        assertThat(refused(configMap(hex), MediaType.PROTOBUF, ConfigMap.TYPE)).isEqualTo("ConfigMap in version \"v1\" cannot be handled as a ConfigMap: " + message);
    }

    @Test
    void a_custom_resource_that_is_nested_too_deep_is_refused_in_words() {
        byte[] deep = ("{\"kind\":\"Foo\",\"metadata\":{\"name\":\"a\"},\"spec\":" + "{\"a\":".repeat(1500) + "1" + "}".repeat(1500) + "}").getBytes(StandardCharsets.UTF_8);
        assertThat(Undecodable.customMessage(deep, MediaType.JSON, "Foo", "v1", new DecodeException("spec", "exceeded max depth")))
                .isEqualTo("Foo in version \"v1\" cannot be handled as a Foo: exceeded max depth");
    }

    @Test
    void a_malformed_envelope_is_told_with_the_bytes() {
        assertThat(refused("k8s\0\010\001", MediaType.PROTOBUF, ConfigMap.TYPE))
                .isEqualTo("the object provided is unrecognized (must be of type ConfigMap): proto: wrong wireType = 0 for field TypeMeta (6b3873000801)");
        assertThat(refused("k8s\0\012 ab", MediaType.PROTOBUF, ConfigMap.TYPE))
                .isEqualTo("the object provided is unrecognized (must be of type ConfigMap): unexpected EOF (6b3873000a206162)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"spec":{"replicas":"3"}}                                                | json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
            {"spec":{"replicas":3.0}}                                                | json: cannot unmarshal number 3.0 into Go struct field DeploymentSpec.spec.replicas of type int32
            {"spec":{"replicas":99999999999}}                                        | json: cannot unmarshal number 99999999999 into Go struct field DeploymentSpec.spec.replicas of type int32
            {"spec":{"template":{"spec":{"containers":[{"name":1}]}}}}               | json: cannot unmarshal number into Go struct field Container.spec.template.spec.containers.name of type string
            {"spec":{"template":{"spec":{"containers":{"name":1}}}}}                 | json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container
            {"spec":{"template":{"spec":{"restartPolicy":7,"volumes":[{"emptyDir":[]}]}}}} | json: cannot unmarshal number into Go struct field PodSpec.spec.template.spec.restartPolicy of type v1.RestartPolicy
            {"spec":{"template":{"spec":{"volumes":[{"name":"x","emptyDir":[]}]}}}}  | json: cannot unmarshal array into Go struct field Volume.spec.template.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource
            {"spec":[]}                                                              | json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec
            {"spec":5,"metadata":{"creationTimestamp":"yesterday"}}                  | parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"
            {"metadata":{"creationTimestamp":5}}                                     | json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string
            {"metadata":{"labels":{"a":1}}}                                          | json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string
            {"metadata":{"labels":["a"]}}                                            | json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string
            """)
    void what_does_not_fit_is_told_with_the_struct_it_is_in(String body, String message) {
        assertThat(refused(body, MediaType.JSON, Deployment.TYPE)).isEqualTo("Deployment in version \"v1\" cannot be handled as a Deployment: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"resources":{"limits":{"cpu":"abc"}}}            | quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
            {"livenessProbe":{"httpGet":{"port":true}}}       | json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32
            {"livenessProbe":{"httpGet":{"port":1.5}}}        | json: cannot unmarshal number 1.5 into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32
            {"livenessProbe":{"httpGet":5}}                   | json: cannot unmarshal number into Go struct field Probe.spec.containers.livenessProbe.ProbeHandler.httpGet of type v1.HTTPGetAction
            {"tty":"yes"}                                     | json: cannot unmarshal string into Go struct field Container.spec.containers.tty of type bool
            """)
    void what_reads_itself_says_so(String container, String message) {
        assertThat(refused("{\"spec\":{\"containers\":[" + container + "]}}", MediaType.JSON, Pod.TYPE)).isEqualTo("Pod in version \"v1\" cannot be handled as a Pod: " + message);
    }

    @Test
    void times_are_refused_as_go_does() {
        assertThat(refused("{\"spec\":{\"renewTime\":\"2026-01-01T00:00:00Z\"}}", MediaType.JSON, Lease.TYPE))
                .endsWith(": parsing time \"2026-01-01T00:00:00Z\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"Z\" as \".000000\"");
        assertThat(refused("{\"metadata\":{\"creationTimestamp\":\"2026-13-01T00:00:00Z\"}}", MediaType.JSON, Lease.TYPE)).endsWith(": parsing time \"2026-13-01T00:00:00Z\": month out of range");
        assertThat(refused("{\"metadata\":{\"creationTimestamp\":\"2026-02-30T00:00:00Z\"}}", MediaType.JSON, Lease.TYPE)).endsWith(": parsing time \"2026-02-30T00:00:00Z\": day out of range");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a                        | unexpected end of JSON input ({"a)
            ``                         | unexpected end of JSON input (<empty>)
            []                         | json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)
            {"kind":5}                 | json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})
            {"apiVersion":{}}          | json: cannot unmarshal object into Go struct field .apiVersion of type string ({"apiVersion":{}})
            {"metadata":{"name":"a",}} | invalid character '}' looking for beginning of object key string ({"metadata":{"name":"a",}})
            {"metadata":{"name":"a"}} x | invalid character 'x' after top-level value ({"metadata":{"name":"a"}} x)
            {"metadata":{"name":tru}}  | invalid character '}' in literal true (expecting 'e') ({"metadata":{"name":tru}})
            xyz                        | invalid character 'x' looking for beginning of value (78797a)
            {"a":01}                   | invalid character '1' after object key:value pair ({"a":01})
            {"a":1.}                   | invalid character '}' after decimal point in numeric literal ({"a":1.})
            {"a":-}                    | invalid character '}' in numeric literal ({"a":-})
            {"a" 1}                    | invalid character '1' after object key ({"a" 1})
            {"a":[1 2]}                | invalid character '2' after array element ({"a":[1 2]})
            {"a":"\\x"}                | invalid character 'x' in string escape code ({"a":"\\x"})
            """)
    void what_is_no_json_is_told_with_its_beginning(String body, String message) {
        assertThat(refused(body == null ? "" : body, MediaType.JSON, ConfigMap.TYPE))
                .isEqualTo("the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a: b: c                        | mapping values are not allowed in this context (613a20623a2063)
            metadata: {name: [}            | did not find expected node content (6d657461646174613a207b6e616d653a205b7d)
            metadata:~\tname: x            | line 2: found character that cannot start any token (6d657461646174613a0a096e616d653a2078)
            metadata:~  name: x~ bad: y~   | line 2: did not find expected key (6d657461646174613a0a20206e616d653a20780a206261643a20790a)
            a: *x                          | unknown anchor 'x' referenced (613a202a78)
            a: "x                          | found unexpected end of stream (613a202278)
            a: [b                          | line 1: did not find expected ',' or ']' (613a205b62)
            a: {b                          | line 1: did not find expected ',' or '}' (613a207b62)
            a: "\\z"                       | found unknown escape character (613a20225c7a22)
            a~b: c                         | line 2: mapping values are not allowed in this context (610a623a2063)
            a: @b                          | found character that cannot start any token (613a204062)
            """)
    void what_is_no_yaml_is_told_in_the_words_of_its_library(String body, String message) {
        String text = body.replace('~', '\n').replace("\\t", "\t").replace("\\\\", "\\");
        assertThat(refused(text, MediaType.YAML, ConfigMap.TYPE)).isEqualTo("the object provided is unrecognized (must be of type ConfigMap): yaml: " + message);
    }

    @Test
    void yaml_is_judged_as_the_json_that_it_becomes() {
        assertThat(refused("data: {a: 5}", MediaType.YAML, ConfigMap.TYPE))
                .isEqualTo("ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string");
        assertThat(refused("- a", MediaType.YAML, ConfigMap.TYPE)).contains("json parse error: json: cannot unmarshal array into Go value of type struct {").endsWith(" (2d2061)");
    }

    @Test
    void base64_is_refused_at_its_place() {
        assertThat(refused("{\"binaryData\":{\"a\":\"!\"}}", MediaType.JSON, ConfigMap.TYPE)).endsWith(": illegal base64 data at input byte 0");
        assertThat(refused("{\"binaryData\":{\"a\":5}}", MediaType.JSON, ConfigMap.TYPE)).endsWith("into Go struct field ConfigMap.binaryData of type []uint8");
    }

    @Test
    void protobuf_that_is_none_is_told_so() {
        assertThat(refused("xx", MediaType.PROTOBUF, ConfigMap.TYPE)).isEqualTo(
                "the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (7878)");
        assertThat(Undecodable.message(new byte[0], MediaType.PROTOBUF, ConfigMap.TYPE, "ConfigMap", "v1", new DecodeException("", "x"))).endsWith("): empty data (<empty>)");
    }

    @Test
    void options_say_nothing_of_their_kind() {
        assertThat(Undecodable.optionsMessage("{\"gracePeriodSeconds\":\"x\"}".getBytes(StandardCharsets.UTF_8), MediaType.JSON, DeleteOptions.TYPE, new DecodeException("", "x")))
                .isEqualTo("json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64");
        assertThat(Undecodable.patchProblem("[]".getBytes(StandardCharsets.UTF_8), '{', "map[string]interface {}")).isEqualTo("json: cannot unmarshal array into Go value of type map[string]interface {}");
        assertThat(Undecodable.patchProblem("{}".getBytes(StandardCharsets.UTF_8), '{', "map[string]interface {}")).isNull();
    }
}
