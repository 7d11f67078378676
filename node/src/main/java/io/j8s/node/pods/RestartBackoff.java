package io.j8s.node.pods;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How long a container that ended waits before it starts again: not at all the first time, then 10 s, doubling to 5 minutes, and
/// anew after it ran for 10 minutes. Immutable.
///
/// @param span what the next restart has to wait after the container's end
/// @param last when the last restart was; null before the first
record RestartBackoff(Duration span, @Nullable Instant last) {
    static final Duration FIRST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration FORGET = LONGEST.multipliedBy(2);

    static final RestartBackoff NONE = new RestartBackoff(Duration.ZERO, null);

    /// When a container that ended then may start again.
    Instant due(Instant ended) {
        return forgotten(ended) ? ended : ended.plus(span);
    }

    /// After a restart of a container that had ended then.
    ///
    /// @param longest that any restart waits
    RestartBackoff restarted(Instant ended, Instant now, Duration longest) {
        Duration next = span.isZero() || forgotten(ended) ? FIRST : span.multipliedBy(2);
        return new RestartBackoff(next.compareTo(longest) > 0 ? longest : next, now);
    }

    private boolean forgotten(Instant ended) {
        return last != null && Duration.between(last, ended).compareTo(FORGET) > 0;
    }
}
