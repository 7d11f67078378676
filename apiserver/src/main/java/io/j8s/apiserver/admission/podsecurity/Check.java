package io.j8s.apiserver.admission.podsecurity;

import java.util.function.Function;

/// One rule of the standards, as it holds from a version on.
///
/// @param since from 1.since on
/// @param until up to, and without, 1.until
/// @param find what violates it: `reason (detail)`; empty for nothing
record Check(Standard.Level level, int since, int until, Function<PodView, String> find) {

    static Check baseline(int since, Function<PodView, String> find) {
        return new Check(Standard.Level.BASELINE, since, Integer.MAX_VALUE, find);
    }

    static Check restricted(int since, Function<PodView, String> find) {
        return new Check(Standard.Level.RESTRICTED, since, Integer.MAX_VALUE, find);
    }

    Check until(int minor) {
        return new Check(level, since, minor, find);
    }

    boolean in(Standard standard) {
        return level.compareTo(standard.level()) <= 0 && standard.minor() >= since && (standard.minor() < until || until == Integer.MAX_VALUE);
    }
}
