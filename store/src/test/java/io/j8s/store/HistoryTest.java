package io.j8s.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.runtime.Timeline;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How much memory the past takes, and how it is bounded.
class HistoryTest {
    private static final int VALUE_BYTES = 10_000;
    private final Store store = LocalStore.inMemory(Timeline.system());

    @AfterEach
    void close() {
        store.close();
    }

    private void write(int times) {
        for (int i = 0; i < times; i++) {
            store.commit(new Transaction(List.of(), List.of(new Operation.Put(Key.of("/k"), new byte[VALUE_BYTES], 0, null)), List.of()));
        }
    }

    @Test
    void the_revision_is_found_after_which_more_was_written_than_may_be_kept() {
        assertThat(store.oldestRevisionWithin(0)).isZero();
        write(100);
        assertThat(store.oldestRevisionWithin(200L * VALUE_BYTES)).as("all of it takes less").isZero();
        long from = store.oldestRevisionWithin(50L * VALUE_BYTES);
        assertThat(from).isBetween(store.revision() - 50, store.revision() - 45);
    }

    @Test
    void history_that_was_compacted_there_takes_no_more_than_that() {
        write(100);
        store.compact(store.oldestRevisionWithin(50L * VALUE_BYTES));
        assertThat(store.oldestRevisionWithin(60L * VALUE_BYTES)).isZero();
        write(10);
        assertThat(store.oldestRevisionWithin(50L * VALUE_BYTES)).isPositive();
    }
}
