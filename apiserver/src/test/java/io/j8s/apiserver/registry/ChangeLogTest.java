package io.j8s.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.ConfigMap;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ChangeLogTest {

    private static final long HOUR_NANOS = 3_600_000_000_000L;

    @Test
    void findsTheFirstChangeAfterARevision() {
        ChangeLog<ConfigMap> log = new ChangeLog<>(10);
        append(log, 12, 0);
        append(log, 15, 0);
        append(log, 15, 0);
        append(log, 20, 0);
        assertThat(log.after(10)).isZero();
        assertThat(log.after(12)).isEqualTo(1);
        assertThat(log.after(14)).isEqualTo(1);
        assertThat(log.after(15)).isEqualTo(3);
        assertThat(log.after(99)).isEqualTo(4);
        assertThat(log.after(9)).as("older than what it knows").isEqualTo(-1);
    }

    @Test
    void growsWhileItsChangesAreYoungAndForgetsTheOldestAfterwards() {
        ChangeLog<ConfigMap> log = new ChangeLog<>(0);
        for (int i = 1; i <= 1000; i++) {
            append(log, i, 0);
        }
        assertThat(log.floor()).as("all within the time that it covers").isZero();
        assertThat(Objects.requireNonNull(log.at(0)).revision()).isEqualTo(1);
        ChangeLog<ConfigMap> slow = new ChangeLog<>(0);
        for (int i = 1; i <= 1000; i++) {
            append(slow, i, i * HOUR_NANOS);
        }
        assertThat(slow.floor()).isEqualTo(1000 - 64);
        assertThat(slow.at(0)).isNull();
        assertThat(slow.after(900)).isEqualTo(-1);
        assertThat(slow.after(990)).isEqualTo(990);
    }

    private static void append(ChangeLog<ConfigMap> log, long revision, long nanos) {
        log.append(revision, null, new Stored<>("k", ConfigMap.EMPTY, new byte[0]), nanos);
    }
}
