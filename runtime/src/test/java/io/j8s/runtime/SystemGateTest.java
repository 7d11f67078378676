package io.j8s.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SystemGateTest {

    private static final int TURNS = 20_000;
    private static final int PLAYERS = 4;

    private final Timeline timeline = Timeline.system();

    /// Each turn is one signal and one wake-up, by another thread each time: a single signal that is lost ends the game.
    @Test
    void loses_no_signal_among_many_that_wait_and_signal() throws InterruptedException {
        Gate gate = timeline.gate();
        AtomicInteger turn = new AtomicInteger();
        List<Task> players = new ArrayList<>();
        for (int player = 0; player < PLAYERS; player++) {
            int mine = player;
            players.add(timeline.start("player " + player, () -> {
                for (int next = mine; next < TURNS; next += PLAYERS) {
                    int awaited = next;
                    gate.await(() -> turn.get() == awaited);
                    turn.incrementAndGet();
                    gate.signal();
                }
            }));
        }
        for (Task player : players) {
            player.join();
        }
        assertThat(turn).hasValue(TURNS);
    }

    @Test
    void answers_false_when_the_time_is_up_and_true_when_the_condition_came_first() throws InterruptedException {
        Gate gate = timeline.gate();
        assertThat(gate.await(() -> false, Duration.ofMillis(5))).isFalse();
        AtomicInteger state = new AtomicInteger();
        Task setter = timeline.schedule(Duration.ofMillis(5), "setter", () -> {
            state.set(1);
            gate.signal();
        });
        assertThat(gate.await(() -> state.get() == 1, Duration.ofMinutes(5))).isTrue();
        setter.join();
    }

    @Test
    void an_interrupt_ends_the_wait_of_one_and_not_of_others() throws InterruptedException {
        Gate gate = timeline.gate();
        AtomicInteger state = new AtomicInteger();
        AtomicReference<String> ended = new AtomicReference<>("");
        Task interrupted = timeline.start("interrupted", () -> {
            try {
                gate.await(() -> false);
            } catch (InterruptedException e) {
                ended.set("interrupted");
            }
        });
        Task patient = timeline.start("patient", () -> gate.await(() -> state.get() == 1));
        interrupted.close();
        state.set(1);
        gate.signal();
        patient.join();
        assertThat(ended).hasValue("interrupted");
    }
}
