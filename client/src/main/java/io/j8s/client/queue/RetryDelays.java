package io.j8s.client.queue;

import io.j8s.runtime.Timeline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a failed item waits: doubling for each failure of that item, and never more items a second than the bucket gives.
///
/// @param bucket null: no limit over all items
public record RetryDelays(Duration first, Duration longest, @Nullable TokenBucket bucket) {

    /// client-go's default for controllers: 5 ms to 1000 s, 10 retries a second with a burst of 100.
    public static RetryDelays standard(Timeline time) {
        return new RetryDelays(Duration.ofMillis(5), Duration.ofSeconds(1000), new TokenBucket(time, 10, 100));
    }

    /// Only doubling delays.
    public static RetryDelays between(Duration first, Duration longest) {
        return new RetryDelays(first, longest, null);
    }

    /// @param failures how often the item has failed before
    Duration delay(int failures) {
        Duration own = failures >= 40 ? longest : first.multipliedBy(1L << failures);
        if (own.compareTo(longest) > 0) {
            own = longest;
        }
        Duration shared = bucket == null ? Duration.ZERO : bucket.reserve();
        return own.compareTo(shared) > 0 ? own : shared;
    }
}
