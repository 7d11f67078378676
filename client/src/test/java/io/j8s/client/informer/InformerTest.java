package io.j8s.client.informer;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.testing.MemoryApi;
import io.j8s.client.testing.Refusals;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.SimulatedTimeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InformerTest {
    private final SimulatedTimeline time = new SimulatedTimeline(5);
    private final MemoryApi api = new MemoryApi(time);
    private final Informer<ConfigMap> informer = new Informer<>(api, time, ConfigMap.RESOURCE);
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        informer.close();
        time.close();
        assertThat(time.failures()).isEmpty();
    }

    @Test
    void tellsOfWhatExistsAndOfWhatChanges() {
        create("ns", "a", "1");
        informer.addHandler(recording(told));
        informer.start();
        time.run(informer::synced);
        create("ns", "b", "1");
        write("ns", "a", "2");
        api.delete(ConfigMap.RESOURCE, "ns", "b", DeleteOptions.DEFAULT);
        time.settle();
        assertThat(told).containsExactly("+a=1", "+b=1", "~a=1>2", "-b=1");
        assertThat(informer.lister().get("ns", "a")).isNotNull();
        assertThat(informer.lister().get("ns", "b")).isNull();
    }

    @Test
    void aLateHandlerIsToldOfEverythingThatIsThere() {
        create("ns", "a", "1");
        create("ns", "b", "1");
        informer.start();
        time.run(informer::synced);
        informer.addHandler(recording(told));
        assertThat(told).containsExactly("+a=1", "+b=1");
        create("ns", "c", "1");
        time.settle();
        assertThat(told).endsWith("+c=1");
    }

    @Test
    void listsAreOrderedAndByNamespace() {
        create("x", "b", "1");
        create("x", "a", "1");
        create("x-y", "c", "1");
        informer.start();
        time.run(informer::synced);
        assertThat(informer.lister().list("x")).extracting(c -> c.metadata().name()).containsExactly("a", "b");
        assertThat(informer.lister().list()).hasSize(3);
        assertThat(informer.lister().list("y")).isEmpty();
    }

    @Test
    void indexesFollowTheirObjects() {
        Index<ConfigMap> byValue = informer.index("value", c -> c.data().values());
        create("ns", "a", "red");
        create("ns", "b", "red");
        informer.start();
        time.run(informer::synced);
        assertThat(byValue.get("red")).hasSize(2);
        write("ns", "a", "blue");
        api.delete(ConfigMap.RESOURCE, "ns", "b", DeleteOptions.DEFAULT);
        time.settle();
        assertThat(byValue.get("red")).isEmpty();
        assertThat(byValue.get("blue")).hasSize(1);
        assertThat(byValue.values()).containsExactly("blue");
    }

    @Test
    void listsAgainWhenItsRevisionIsGoneAndTellsOnlyOfDifferences() {
        create("ns", "a", "1");
        create("ns", "b", "1");
        create("ns", "c", "1");
        informer.addHandler(recording(told));
        informer.start();
        time.run(informer::synced);
        api.faults(request -> Refusals.unavailable());
        api.breakWatches(Refusals.unavailable());
        time.settle();
        api.faults(request -> null);
        told.clear();
        write("ns", "a", "2");
        api.delete(ConfigMap.RESOURCE, "ns", "b", DeleteOptions.DEFAULT);
        create("ns", "d", "1");
        api.compact();
        time.advance(Duration.ofMinutes(2));
        assertThat(told).containsExactlyInAnyOrder("-b=1", "~a=1>2", "+d=1");
    }

    @Test
    void fallsBackToListsWhereWatchesWithInitialEventsAreRefused() {
        api.refuseInitialEvents();
        for (int i = 0; i < 1200; i++) {
            create("ns", "c" + i, "1");
        }
        informer.start();
        time.run(informer::synced);
        assertThat(informer.lister().size()).isEqualTo(1200);
        write("ns", "c7", "2");
        time.settle();
        assertThat(informer.lister().list().stream().filter(c -> "2".equals(c.data().get("v")))).hasSize(1);
    }

    @Test
    void knowsWhetherItSeesAWrite() {
        informer.start();
        time.run(informer::synced);
        ConfigMap written = create("ns", "a", "1");
        assertThat(informer.sees(written.metadata().resourceVersion())).isFalse();
        time.settle();
        assertThat(informer.sees(written.metadata().resourceVersion())).isTrue();
    }

    @Test
    void selectsByLabels() {
        try (Informer<ConfigMap> selected = new Informer<>(api, time, ConfigMap.RESOURCE, "ns", ListOptions.labels("app=x"))) {
            api.create(ConfigMap.RESOURCE, "ns", ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("a").withLabels(Map.of("app", "x"))));
            create("ns", "b", "1");
            selected.start();
            time.run(selected::synced);
            assertThat(selected.lister().list()).hasSize(1);
            ConfigMap a = api.get(ConfigMap.RESOURCE, "ns", "a");
            api.update(ConfigMap.RESOURCE, "ns", a.withMetadata(m -> m.withoutLabels()));
            time.settle();
            assertThat(selected.lister().list()).isEmpty();
        }
    }

    /// Whatever breaks, and whenever: in the end the copy is what the server has, and replaying what handlers were told gives the same.
    @Test
    void endsWithWhatTheServerHasWhateverBreaks() {
        for (long seed = 1; seed <= 30; seed++) {
            endsWithWhatTheServerHas(seed);
        }
    }

    private static void endsWithWhatTheServerHas(long seed) {
        try (SimulatedTimeline time = new SimulatedTimeline(seed)) {
            MemoryApi api = new MemoryApi(time);
            api.latency(() -> Duration.ofMillis(time.random().nextInt(20)));
            Map<String, String> replayed = new TreeMap<>();
            try (Informer<ConfigMap> informer = new Informer<>(api, time, ConfigMap.RESOURCE)) {
                informer.addHandler(replaying(replayed));
                informer.start();
                time.start("writer", () -> write(time, api));
                time.start("breaker", () -> {
                    for (int i = 0; i < 10; i++) {
                        time.sleep(Duration.ofMillis(time.random().nextInt(500)));
                        if (time.random().nextBoolean()) {
                            api.compact();
                        }
                        api.breakWatches(Refusals.unavailable());
                    }
                });
                time.advance(Duration.ofMinutes(10));
                Map<String, String> truth = new TreeMap<>();
                api.latency(() -> Duration.ZERO);
                api.list(ConfigMap.RESOURCE, "").forEach(c -> truth.put(c.metadata().name(), value(c)));
                Map<String, String> copy = new TreeMap<>();
                informer.lister().list().forEach(c -> copy.put(c.metadata().name(), value(c)));
                assertThat(copy).as("seed %s", seed).isEqualTo(truth).isNotEmpty();
                assertThat(replayed).as("seed %s", seed).isEqualTo(truth);
            }
            assertThat(time.failures()).isEmpty();
        }
    }

    private static void write(SimulatedTimeline time, MemoryApi api) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            String name = "c" + time.random().nextInt(10);
            ConfigMap found = api.find(ConfigMap.RESOURCE, "ns", name);
            if (found == null) {
                api.create(ConfigMap.RESOURCE, "ns", configMap(name, "" + i));
            } else if (time.random().nextInt(4) == 0) {
                api.delete(ConfigMap.RESOURCE, "ns", name, DeleteOptions.DEFAULT);
            } else {
                api.update(ConfigMap.RESOURCE, "ns", found.withData(Map.of("v", "" + i)));
            }
            time.sleep(Duration.ofMillis(time.random().nextInt(30)));
        }
    }

    private static Handler<ConfigMap> replaying(Map<String, String> state) {
        return new Handler<>() {
            @Override
            public void added(ConfigMap object) {
                assertThat(state.put(object.metadata().name(), value(object))).isNull();
            }

            @Override
            public void changed(ConfigMap before, ConfigMap after) {
                assertThat(state.put(after.metadata().name(), value(after))).isEqualTo(value(before));
            }

            @Override
            public void deleted(ConfigMap last) {
                assertThat(state.remove(last.metadata().name())).isNotNull();
            }
        };
    }

    private static Handler<ConfigMap> recording(List<String> told) {
        return new Handler<>() {
            @Override
            public void added(ConfigMap object) {
                told.add("+" + object.metadata().name() + "=" + value(object));
            }

            @Override
            public void changed(ConfigMap before, ConfigMap after) {
                told.add("~" + after.metadata().name() + "=" + value(before) + ">" + value(after));
            }

            @Override
            public void deleted(ConfigMap last) {
                told.add("-" + last.metadata().name() + "=" + value(last));
            }
        };
    }

    private static String value(ConfigMap map) {
        return String.valueOf(map.data().get("v"));
    }

    private ConfigMap create(String namespace, String name, String value) {
        return api.create(ConfigMap.RESOURCE, namespace, configMap(name, value));
    }

    private void write(String namespace, String name, String value) {
        api.update(ConfigMap.RESOURCE, namespace, api.get(ConfigMap.RESOURCE, namespace, name).withData(Map.of("v", value)));
    }

    private static ConfigMap configMap(String name, String value) {
        return ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)).withData(Map.of("v", value));
    }
}
