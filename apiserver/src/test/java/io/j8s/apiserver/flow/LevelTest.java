package io.j8s.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.runtime.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LevelTest {

    private final Timeline timeline = Timeline.system();
    private final Level level = new Level(0);

    private Waiter wait(String flow) {
        Waiter waiter = new Waiter(timeline.gate(), 1);
        assertThat(level.add(flow, waiter, 100, 1000)).isTrue();
        return waiter;
    }

    @Test
    void flowsTakeTurnsHoweverLongOneOfThemIs() {
        List<Waiter> greedy = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            greedy.add(wait("greedy"));
        }
        Waiter modest = wait("modest");
        assertThat(level.next()).isSameAs(greedy.get(0));
        assertThat(level.next()).isSameAs(modest);
        assertThat(level.next()).isSameAs(greedy.get(1));
    }

    @Test
    void thereIsABoundForEachFlowAndForAll() {
        assertThat(level.add("a", new Waiter(timeline.gate(), 1), 1, 2)).isTrue();
        assertThat(level.add("a", new Waiter(timeline.gate(), 1), 1, 2)).isFalse();
        assertThat(level.add("b", new Waiter(timeline.gate(), 1), 1, 2)).isTrue();
        assertThat(level.add("c", new Waiter(timeline.gate(), 1), 1, 2)).isFalse();
    }

    @Test
    void whoGivesUpIsNotServed() {
        Waiter first = wait("a");
        Waiter second = wait("a");
        assertThat(level.remove(first)).isTrue();
        assertThat(level.remove(first)).isFalse();
        assertThat(level.next()).isSameAs(second);
        assertThat(level.isIdle()).isTrue();
    }
}
