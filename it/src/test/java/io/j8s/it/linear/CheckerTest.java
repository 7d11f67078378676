package io.j8s.it.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.linear.Step.Kind;
import io.j8s.it.linear.Step.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The checker itself: it must be able to say no.
class CheckerTest {

    private static final Step CREATED = new Step(Kind.CREATE, null, "a", 0, 10, Outcome.DONE);

    private static Step read(String value, long begin, long end) {
        return new Step(Kind.GET, null, value, begin, end, Outcome.DONE);
    }

    private static Step replaced(String expected, String value, long begin, long end) {
        return new Step(Kind.REPLACE, expected, value, begin, end, Outcome.DONE);
    }

    @Test
    void an_order_that_explains_overlapping_steps_is_found() {
        assertThat(Checker.explains(List.of(CREATED, replaced("a", "b", 20, 60), read("a", 30, 50), read("b", 25, 55)))).isTrue();
    }

    @Test
    void a_stale_read_is_found() {
        assertThat(Checker.explains(List.of(CREATED, replaced("a", "b", 20, 30), read("a", 40, 50)))).isFalse();
    }

    @Test
    void two_writers_who_both_won_are_found() {
        assertThat(Checker.explains(List.of(CREATED, replaced("a", "b", 20, 40), replaced("a", "c", 20, 40)))).isFalse();
    }

    @Test
    void an_unanswered_write_may_have_happened_or_not_but_does_not_come_and_go() {
        Step unanswered = new Step(Kind.REPLACE, "a", "b", 20, Long.MAX_VALUE, Outcome.UNKNOWN);
        assertThat(Checker.explains(List.of(CREATED, unanswered, read("a", 30, 40)))).isTrue();
        assertThat(Checker.explains(List.of(CREATED, unanswered, read("a", 30, 40), read("b", 50, 60)))).isTrue();
        assertThat(Checker.explains(List.of(CREATED, unanswered, read("b", 30, 40), read("a", 50, 60)))).isFalse();
    }

    @Test
    void many_unanswered_reads_and_writes_are_searched_in_little_memory() {
        List<Step> steps = new ArrayList<>(List.of(CREATED));
        for (int i = 0; i < 40; i++) {
            steps.add(new Step(Kind.GET, null, null, 20 + i, Long.MAX_VALUE, Outcome.UNKNOWN));
            steps.add(new Step(Kind.CREATE, null, "c" + i, 20 + i, Long.MAX_VALUE, Outcome.UNKNOWN));
        }
        steps.add(read("a", 100, 110));
        steps.add(read("never written", 120, 130));
        assertThat(Checker.explains(steps)).isFalse();
    }

    @Test
    void an_acknowledged_write_that_a_crash_lost_is_found() {
        assertThat(Checker.explains(List.of(CREATED, new Step(Kind.GET, null, null, 20, 30, Outcome.ABSENT)))).isFalse();
    }
}
