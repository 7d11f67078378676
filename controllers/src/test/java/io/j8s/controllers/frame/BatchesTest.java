package io.j8s.controllers.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.runtime.SimulatedTimeline;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {

    @Test
    void groups_grow_until_they_are_no_longer_wanted() {
        List<Integer> done = new ArrayList<>();
        List<Integer> before = new ArrayList<>();
        try (SimulatedTimeline time = new SimulatedTimeline(1)) {
            time.start("test", () -> Batches.slowStart(time, "batch", IntStream.range(0, 5000).boxed().toList(), done::add, () -> {
                before.add(done.size());
                return done.size() < 2000;
            }));
            time.settle();
        }
        assertThat(before).containsExactly(0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 1535, 2047);
        assertThat(done).hasSize(2047).doesNotHaveDuplicates();
    }
}
