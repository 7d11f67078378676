package io.j8s.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonInYamlTest {
    private static final String[] TEXTS = {"", "a", "yes", "0x1F", "- a", "#", "a: b", "<<", "~", "null", "\"", "\\", "a\nb", "'", "1e3", "{", "*a", "&a", "!x", "%", "@", "`"};

    private static final long SEED = Long.getLong("yaml.seed", 20261121);

    @RepeatedTest(20)
    void bothReadersMakeTheSameOfJson(RepetitionInfo repetition) {
        long seed = SEED + repetition.getCurrentRepetition();
        Random random = new Random(seed);
        byte[] json = Json.writePlain(object(random, 4));
        Object read = JsonInYaml.read(json);
        assertThat(read).as("seed %d: %s", seed, new String(json, StandardCharsets.UTF_8)).isNotNull();
        assertThat(List.of(read)).as("seed %d: %s", seed, new String(json, StandardCharsets.UTF_8)).isEqualTo(new YamlReader(new String(json, StandardCharsets.UTF_8), null).documents());
    }

    private static Map<String, Object> object(Random random, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            object.put(text(random), value(random, depth));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> text(random);
            case 1 -> random.nextBoolean();
            case 2 -> JsonNull.NULL;
            case 3 -> random.nextLong() >> random.nextInt(64);
            case 4 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> object(random, depth - 1);
        };
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)] + TEXTS[random.nextInt(TEXTS.length)];
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1, \"a\": 2}", "{\"a\": 1.0}", "{\"a\": 1e3}", "{a: b}", "{\"a\":\t1}", "{\"a\": \"\\ud83d\\ude00\"}", "{\"a\": \"\\/\"}", "{\"a\": \"é\"}", "{\"a\": 1}}", "[1]", "a: b", "{\"a\": 1} # why"})
    void whatTheTwoMightSeeDifferentlyIsLeftToYaml(String text) {
        assertThat(JsonInYaml.read(text.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void keysThatAreTooLongForYamlAreRefusedAsYaml() {
        String text = "{\"" + "k".repeat(2000) + "\": 1}";
        assertThat(JsonInYaml.read(text.getBytes(StandardCharsets.UTF_8))).isNull();
    }
}
