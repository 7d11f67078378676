package io.j8s.model.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Laws of apply over random configurations of pods.
final class ApplyLawsTest {

    private static final int ROUNDS = 400;

    private final FieldManagement pods = new FieldManagement(Pod.TYPE, "v1", new MergeSchema());
    private Instant now = Instant.EPOCH;

    private Struct apply(Struct live, Map<String, Object> configuration, String manager) {
        now = now.plusSeconds(1);
        FieldManagement.Outcome outcome = pods.apply(live, configuration, manager, true, now);
        return stored(((FieldManagement.Outcome.Applied) outcome).object());
    }

    private static Struct stored(Struct object) {
        return Objects.withMetadata(object, Objects.metadata(object).withUid("u"));
    }

    /// What the object says, without who says so.
    private static String content(Struct object) {
        return Json.text(Objects.withMetadata(object, Objects.metadata(object).withoutManagedFields()));
    }

    @Test
    void applyingTwiceIsApplyingOnce() {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            Struct live = apply(Pod.EMPTY, random(random, "x"), "other");
            Map<String, Object> configuration = random(random, "y");
            Struct once = apply(live, configuration, "m");
            FieldManagement.Outcome.Applied again = (FieldManagement.Outcome.Applied) pods.apply(once, configuration, "m", false, now.plusSeconds(5));
            assertThat(again.changed()).as("%s", configuration).isFalse();
            assertThat(again.object()).as("%s", configuration).isEqualTo(once);
        }
    }

    @Test
    void whatWasAppliedAndIsNotAnyMoreIsAsBefore() {
        Random random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            Struct before = apply(Pod.EMPTY, random(random, "x"), "other");
            // values as the other has them: nothing is taken over
            Struct with = apply(before, random(random, "x"), "m");
            Struct after = apply(with, header(), "m");
            assertThat(sorted(after)).as("%s\n%s", Json.text(before), Json.text(with)).isEqualTo(sorted(before));
            assertThat(Plain.owners(after)).isEqualTo(Plain.owners(before));
        }
    }

    @Test
    void oneManagersConfigurationsReplaceEachOther() {
        Random random = new Random(3);
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, Object> second = random(random, "y");
            Struct both = apply(apply(Pod.EMPTY, random(random, "x"), "m"), second, "m");
            Struct only = apply(Pod.EMPTY, second, "m");
            assertThat(sorted(both)).isEqualTo(sorted(only));
            assertThat(Plain.owners(both)).isEqualTo(Plain.owners(only));
        }
    }

    @Test
    void appliersOfTheSameValuesNeverConflict() {
        Random random = new Random(4);
        for (int round = 0; round < ROUNDS; round++) {
            Struct live = apply(Pod.EMPTY, random(random, "x"), "a");
            FieldManagement.Outcome outcome = pods.apply(live, random(random, "x"), "b", false, now);
            assertThat(outcome).isInstanceOf(FieldManagement.Outcome.Applied.class);
        }
    }

    @Test
    void everyLeafOfTheConfigurationIsOwnedAndThere() {
        Random random = new Random(5);
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, Object> configuration = random(random, "y");
            Struct object = apply(apply(Pod.EMPTY, random(random, "x"), "other"), configuration, "m");
            MergeSchema.Message type = new MergeSchema().message(Pod.TYPE);
            assertThat(FieldsOf.plain(type, configuration).within(FieldsOf.struct(type, object))).isTrue();
            assertThat(Difference.between(type, object, Merge.over(type, object, configuration).object()).isEmpty()).isTrue();
        }
    }

    /// The order of elements is not part of these laws.
    private static String sorted(Struct pod) {
        char[] letters = content(pod).toCharArray();
        java.util.Arrays.sort(letters);
        return new String(letters);
    }

    private static Map<String, Object> header() {
        return new LinkedHashMap<>(Map.of("apiVersion", "v1", "kind", "Pod"));
    }

    private static Map<String, Object> random(Random random, String value) {
        Map<String, Object> configuration = header();
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", "p");
        maybe(random, metadata, "labels", names(random, value));
        List<Object> finalizers = new ArrayList<>(List.of("a/1", "a/2", "a/3"));
        Collections.shuffle(finalizers, random);
        maybe(random, metadata, "finalizers", finalizers.subList(0, 1 + random.nextInt(2)));
        configuration.put("metadata", metadata);
        Map<String, Object> spec = new LinkedHashMap<>();
        maybe(random, spec, "nodeName", value);
        maybe(random, spec, "nodeSelector", Map.of("s", value));
        List<Object> containers = new ArrayList<>();
        for (String name : List.of("c1", "c2", "c3")) {
            if (random.nextBoolean()) {
                containers.add(container(random, name, value));
            }
        }
        Collections.shuffle(containers, random);
        if (!containers.isEmpty()) {
            spec.put("containers", containers);
        }
        if (!spec.isEmpty()) {
            configuration.put("spec", spec);
        }
        return configuration;
    }

    private static Map<String, Object> container(Random random, String name, String value) {
        Map<String, Object> container = new LinkedHashMap<>(Map.of("name", name));
        maybe(random, container, "image", value);
        maybe(random, container, "command", List.of(value));
        List<Object> ports = new ArrayList<>();
        for (long port = 80; port < 83; port++) {
            if (random.nextBoolean()) {
                ports.add(random.nextBoolean() ? Map.of("containerPort", port) : Map.of("containerPort", port, "protocol", "TCP"));
            }
        }
        if (!ports.isEmpty()) {
            container.put("ports", ports);
        }
        return container;
    }

    private static Map<String, Object> names(Random random, String value) {
        Map<String, Object> names = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c")) {
            maybe(random, names, name, value);
        }
        names.put("d", value);
        return names;
    }

    private static void maybe(Random random, Map<String, Object> map, String name, Object value) {
        if (random.nextBoolean()) {
            map.put(name, value);
        }
    }
}
