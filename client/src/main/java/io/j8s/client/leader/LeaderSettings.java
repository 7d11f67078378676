package io.j8s.client.leader;

import java.time.Duration;

/// @param namespace of the lease
/// @param name of the lease
/// @param identity unique among the candidates
/// @param leaseDuration how long others wait after the last renewal they saw
/// @param renewDeadline how long the leader goes on trying to renew before it stops
/// @param retryPeriod between attempts
/// @param releases whether a leader that is stopped gives the lease up at once
public record LeaderSettings(String namespace, String name, String identity, Duration leaseDuration, Duration renewDeadline, Duration retryPeriod, boolean releases) {
    static final double JITTER = 1.2;

    public LeaderSettings {
        if (leaseDuration.compareTo(renewDeadline) <= 0) {
            throw new IllegalArgumentException("leader election: the lease duration (" + leaseDuration + ") must be longer than the renew deadline (" + renewDeadline + ")");
        }
        if (renewDeadline.toNanos() <= retryPeriod.toNanos() * JITTER) {
            throw new IllegalArgumentException("leader election: the renew deadline (" + renewDeadline + ") must be longer than " + JITTER + " times the retry period (" + retryPeriod + ")");
        }
        if (!retryPeriod.isPositive() || identity.isEmpty()) {
            throw new IllegalArgumentException("leader election needs a retry period above 0 and an identity");
        }
    }

    /// Upstream's durations: 15 s, 10 s, 2 s.
    public static LeaderSettings of(String namespace, String name, String identity) {
        return new LeaderSettings(namespace, name, identity, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2), true);
    }
}
