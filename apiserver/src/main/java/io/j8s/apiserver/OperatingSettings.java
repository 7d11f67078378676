package io.j8s.apiserver;

import java.time.Duration;

/// How a server is run, beside what it serves. Names of upstream's flags in parentheses.
///
/// @param compaction how often the store forgets history (`--etcd-compaction-interval`); zero: never
/// @param storeCheck how long the store may take to answer health checks (`--etcd-healthcheck-timeout`, `--etcd-readycheck-timeout`)
public record OperatingSettings(Duration compaction, Duration storeCheck) {

    public static final OperatingSettings DEFAULT = new OperatingSettings(Duration.ofMinutes(5), Duration.ofSeconds(2));

    public OperatingSettings withCompaction(Duration every) {
        return new OperatingSettings(every, storeCheck);
    }

    public OperatingSettings withStoreCheck(Duration atMost) {
        return new OperatingSettings(compaction, atMost);
    }
}
