package io.j8s.controllers.cronjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "* * * * *|2026-01-01T00:00:30Z|2026-01-01T00:01:00Z",
        "*/15 * * * *|2026-01-01T00:15:00Z|2026-01-01T00:30:00Z",
        "5,10 3-4 * * *|2026-01-01T04:10:00Z|2026-01-02T03:05:00Z",
        "0 0 29 2 *|2026-01-01T00:00:00Z|2028-02-29T00:00:00Z",
        "0 0 * * MON-FRI|2026-01-02T12:00:00Z|2026-01-05T00:00:00Z",
        "0 0 13 * FRI|2026-01-01T00:00:00Z|2026-01-02T00:00:00Z",
        "0 0 1 jan *|2026-01-01T00:00:00Z|2027-01-01T00:00:00Z",
        "10/20 * * * ?|2026-01-01T00:00:00Z|2026-01-01T00:10:00Z",
        "@hourly|2026-01-01T00:00:00Z|2026-01-01T01:00:00Z",
        "@weekly|2026-01-01T00:00:00Z|2026-01-04T00:00:00Z",
        "@every 1h30m|2026-01-01T00:00:00Z|2026-01-01T01:30:00Z",
        "TZ=Asia/Tokyo 0 9 * * *|2026-01-01T00:00:00Z|2026-01-02T00:00:00Z"
    })
    void nextTimes(String schedule, Instant from, Instant next) {
        assertThat(Schedule.parse(schedule, ZoneOffset.UTC).after(from)).isEqualTo(next);
    }

    @Test
    void summerTimeIsSkippedOver() {
        Schedule schedule = Schedule.parse("30 2 * * *", ZoneId.of("Europe/Berlin"));
        assertThat(schedule.after(Instant.parse("2026-03-28T12:00:00Z"))).isEqualTo("2026-03-30T00:30:00Z");
    }

    @Test
    void theLastOfMany() {
        Schedule schedule = Schedule.parse("* * * * *", ZoneOffset.UTC);
        assertThat(schedule.lastBetween(Instant.parse("2025-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:00:30Z"))).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(Schedule.parse("0 0 1 6 *", ZoneOffset.UTC).lastBetween(Instant.parse("2025-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:00:30Z"))).isEqualTo("2025-06-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "* * * *", "60 * * * *", "* * 0 * *", "a * * * *", "5-1 * * * *", "*/0 * * * *", "@never", "@every soon", "TZ=Nowhere/Land * * * * *"})
    void whatIsNoSchedule(String text) {
        assertThatThrownBy(() -> Schedule.parse(text, ZoneOffset.UTC)).isInstanceOf(IllegalArgumentException.class);
    }
}
