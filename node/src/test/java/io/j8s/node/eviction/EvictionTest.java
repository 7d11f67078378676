package io.j8s.node.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvictionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MIB = 1 << 20;

    @Test
    void hard_thresholds_are_upstreams() {
        assertThat(due(EvictionSettings.DEFAULT, Map.of(Signal.MEMORY_AVAILABLE, new Observation(99 * MIB, 1000 * MIB)))).containsExactly(Signal.MEMORY_AVAILABLE);
        assertThat(due(EvictionSettings.DEFAULT, Map.of(Signal.MEMORY_AVAILABLE, new Observation(100 * MIB, 1000 * MIB)))).isEmpty();
        assertThat(due(EvictionSettings.DEFAULT, Map.of(Signal.NODEFS_AVAILABLE, new Observation(99, 1000)))).containsExactly(Signal.NODEFS_AVAILABLE);
        assertThat(due(EvictionSettings.DEFAULT, Map.of(Signal.IMAGEFS_AVAILABLE, new Observation(149, 1000), Signal.NODEFS_AVAILABLE, new Observation(149, 1000))))
                .containsExactly(Signal.IMAGEFS_AVAILABLE);
        assertThat(due(EvictionSettings.DEFAULT, Map.of(Signal.NODEFS_INODES_FREE, new Observation(49, 1000)))).containsExactly(Signal.NODEFS_INODES_FREE);
        assertThat(due(EvictionSettings.DEFAULT, Map.of(Signal.NODEFS_AVAILABLE, new Observation(1, 1000), Signal.MEMORY_AVAILABLE, new Observation(1, 1000 * MIB))))
                .startsWith(Signal.MEMORY_AVAILABLE);
    }

    @Test
    void a_soft_threshold_is_due_after_its_grace_and_a_condition_stays_for_a_while() {
        EvictionSettings settings = EvictionSettings.of(Map.of(), Map.of("memory.available", "500Mi"), Map.of("memory.available", Duration.ofSeconds(90)), Map.of(), Duration.ofMinutes(5), 30, true);
        PressureState state = new PressureState(settings);
        Map<Signal, Observation> low = Map.of(Signal.MEMORY_AVAILABLE, new Observation(400 * MIB, 4000 * MIB));
        Map<Signal, Observation> fine = Map.of(Signal.MEMORY_AVAILABLE, new Observation(600 * MIB, 4000 * MIB));
        assertThat(state.observe(low, NOW)).isEmpty();
        assertThat(state.conditions()).containsExactly("MemoryPressure");
        assertThat(state.observe(low, NOW.plusSeconds(89))).isEmpty();
        assertThat(state.observe(low, NOW.plusSeconds(90))).hasSize(1);
        assertThat(state.observe(fine, NOW.plusSeconds(100))).isEmpty();
        assertThat(state.conditions()).containsExactly("MemoryPressure");
        state.observe(fine, NOW.plusSeconds(90 + 300));
        assertThat(state.conditions()).isEmpty();
    }

    @Test
    void what_was_fallen_short_of_is_freed_by_more_than_the_threshold() {
        EvictionSettings settings = EvictionSettings.of(Map.of("nodefs.available", "10%"), Map.of(), Map.of(), Map.of("nodefs.available", "5%"), Duration.ZERO, 0, true);
        PressureState state = new PressureState(settings);
        assertThat(state.observe(Map.of(Signal.NODEFS_AVAILABLE, new Observation(120, 1000)), NOW)).isEmpty();
        assertThat(state.observe(Map.of(Signal.NODEFS_AVAILABLE, new Observation(99, 1000)), NOW)).hasSize(1);
        assertThat(state.observe(Map.of(Signal.NODEFS_AVAILABLE, new Observation(120, 1000)), NOW)).hasSize(1);
        assertThat(state.observe(Map.of(Signal.NODEFS_AVAILABLE, new Observation(150, 1000)), NOW)).isEmpty();
    }

    @Test
    void pods_above_their_requests_go_first_then_those_of_low_priority_then_the_largest() {
        Pod within = pod("within", 0, "900Mi");
        Pod important = pod("important", 100, "0");
        Pod large = pod("large", 0, "0");
        Pod small = pod("small", 0, "0");
        Map<String, PodUse> uses = Map.of("within", use(800 * MIB), "important", use(900 * MIB), "large", use(300 * MIB), "small", use(200 * MIB));
        assertThat(Ranking.of(Signal.MEMORY_AVAILABLE, List.of(within, important, small, large), uses)).extracting(p -> p.metadata().name())
                .containsExactly("large", "small", "important", "within");
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> EvictionSettings.of(Map.of("memory", "1Gi"), Map.of(), Map.of(), Map.of(), Duration.ZERO, 0, true)).hasMessageContaining("unsupported eviction signal memory");
        assertThatThrownBy(() -> EvictionSettings.of(Map.of("nodefs.available", "101%"), Map.of(), Map.of(), Map.of(), Duration.ZERO, 0, true)).hasMessageContaining("must be <= 100%");
        assertThatThrownBy(() -> EvictionSettings.of(Map.of(), Map.of("memory.available", "1Gi"), Map.of(), Map.of(), Duration.ZERO, 0, true))
                .hasMessageContaining("grace period must be specified for the soft eviction threshold memory.available");
    }

    private static List<Signal> due(EvictionSettings settings, Map<Signal, Observation> observations) {
        return new PressureState(settings).observe(observations, NOW).stream().map(Threshold::signal).toList();
    }

    private static PodUse use(long memory) {
        return new PodUse(memory, 0, 0, 0, Map.of());
    }

    private static Pod pod(String name, int priority, String memory) {
        return Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name).withUid(name)).withSpec(s -> s.withPriority(priority).withContainers(List.of(
                Container.EMPTY.withName("main").withResources(r -> r.withRequests(Map.of("memory", Quantity.parse(memory)))))));
    }
}
