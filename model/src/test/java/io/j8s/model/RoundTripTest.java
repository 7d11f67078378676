package io.j8s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.core.v1.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RoundTripTest {

    private static final long SEED = 20260101;

    @Test
    void everyTypeSurvivesEveryFormat() {
        RandomValues values = new RandomValues(SEED);
        for (Type type : Types.allMessages()) {
            for (int i = 0; i < 3; i++) {
                Struct struct = values.struct(type, 0);
                byte[] json = Json.write(struct);
                Struct read = Json.read(type, json, finding -> assertThat(finding).as(type.name()).isNull());
                assertThat(new String(Json.write(read), StandardCharsets.UTF_8)).as(type.name()).isEqualTo(new String(json, StandardCharsets.UTF_8));
                assertThat(read).as(type.name()).isEqualTo(struct).hasSameHashCodeAs(struct);
                assertThat(PlainJson.struct(type, PlainJson.of(struct))).as("plain " + type).isEqualTo(struct);
                assertThat(Json.writePlain(PlainJson.of(struct))).as("plain " + type).isEqualTo(json);
                // embedded objects are kept as they were written, with white space: so the text is compared, in which there is none
                assertThat(Json.pretty(json)).satisfies(pretty -> assertThat(Json.text(Json.read(type, pretty))).as("pretty " + type).isEqualTo(Json.text(struct)));
            }
        }
    }

    @Test
    void everyTypeWithNumbersSurvivesProtobuf() {
        RandomValues values = new RandomValues(SEED + 1);
        for (Type type : Types.allMessages()) {
            if (Protobuf.supports(type)) {
                Struct struct = withoutUnnumbered(values.struct(type, 0));
                byte[] bytes = Protobuf.writeMessage(struct);
                Struct read = Protobuf.readMessage(type, bytes);
                assertThat(Protobuf.writeMessage(read)).as(type.name()).isEqualTo(bytes);
                assertThat(Json.text(withoutUnnumbered(read))).as(type.name()).isEqualTo(Json.text(struct));
            }
        }
    }

    /// Nested objects have no `apiVersion` and `kind` in protobuf.
    private static Struct withoutUnnumbered(Struct struct) {
        Struct.Builder builder = new Struct.Builder(struct.structType());
        struct.forEach((field, value) -> {
            if (field.number() != 0) {
                builder.set(field, numbered(value));
            }
        });
        return builder.build();
    }

    private static Object numbered(Object value) {
        return switch (value) {
            case Struct struct -> withoutUnnumbered(struct);
            case List<?> list -> list.stream().map(RoundTripTest::numbered).toList();
            default -> value;
        };
    }

    @Test
    void everyTypeSurvivesYamlAndCbor() {
        RandomValues values = new RandomValues(SEED + 2);
        for (Type type : Types.all()) {
            Struct struct = values.struct(type, 3);
            assertThat(Yaml.read(type, Yaml.write(struct))).as(type.name()).isEqualTo(struct);
            assertThat(Cbor.read(type, Cbor.write(struct))).as(type.name()).isEqualTo(struct);
        }
    }

    /// Objects written by upstream's own types: a type's name, its JSON, its protobuf in base64.
    @Test
    void bytesAreThoseOfUpstream() throws IOException {
        try (InputStream file = RoundTripTest.class.getResourceAsStream("/upstream-objects.tsv")) {
            assertThat(file).isNotNull();
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] columns = line.split("\t");
                Type type = Objects.requireNonNull(Types.named(columns[0]), columns[0]);
                byte[] protobuf = Base64.getDecoder().decode(columns[2]);
                Struct struct = Json.read(type, columns[1]);
                assertThat(Json.text(struct)).as(columns[0]).isEqualTo(columns[1]);
                assertThat(Protobuf.writeMessage(struct)).as(columns[0]).isEqualTo(protobuf);
                assertThat(Json.text(Protobuf.readMessage(type, protobuf))).as(columns[0]).isEqualTo(columns[1]);
            }
        }
    }

    @Test
    void theEnvelopeIsThatOfUpstream() {
        String upstream = "azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhkKEQoBeBIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==";
        Namespace namespace = Namespace.EMPTY.withMetadata(meta -> meta.withName("x"));
        assertThat(Base64.getEncoder().encodeToString(Protobuf.write(namespace))).isEqualTo(upstream);
        assertThat(Protobuf.readObject(Base64.getDecoder().decode(upstream))).isEqualTo(io.j8s.model.Objects.typed(namespace));
        assertThatThrownBy(() -> Protobuf.readObject("k8s?".getBytes(StandardCharsets.UTF_8))).isInstanceOf(DecodeException.class);
        byte[] cut = Arrays.copyOf(Base64.getDecoder().decode(upstream), 40);
        assertThatThrownBy(() -> Protobuf.readObject(cut)).isInstanceOf(DecodeException.class).hasMessageContaining("malformed protobuf");
    }
}
