package io.j8s.apiserver.authentication.serviceaccount;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.MetricRegistry;

/// How often tokens of service accounts are used, by their kind, under upstream's names. Any thread.
///
/// @param valid made by TokenRequests for pods that have to fetch new ones in time, and did
/// @param stale likewise, used after the time at which a new one should have been fetched
/// @param legacy kept in secrets, of both kinds
/// @param automatic kept in a secret that a controller once made for the account
/// @param manual kept in a secret that somebody made
/// @param invalidated refused, because long unused
record TokenCounts(Counter.Series valid, Counter.Series stale, Counter.Series legacy, Counter.Series automatic, Counter.Series manual, Counter.Series invalidated) {

    static TokenCounts of(MetricRegistry registry) {
        return new TokenCounts(
                registry.counter("serviceaccount_valid_tokens_total", "[ALPHA] Cumulative valid projected service account tokens used").at(),
                registry.counter("serviceaccount_stale_tokens_total", "[ALPHA] Cumulative stale projected service account tokens used").at(),
                registry.counter("serviceaccount_legacy_tokens_total", "[ALPHA] Cumulative legacy service account tokens used").at(),
                registry.counter("serviceaccount_legacy_auto_token_uses_total", "[ALPHA] Cumulative auto-generated legacy tokens used").at(),
                registry.counter("serviceaccount_legacy_manual_token_uses_total", "[ALPHA] Cumulative manually created legacy tokens used").at(),
                registry.counter("serviceaccount_invalid_legacy_auto_token_uses_total", "[ALPHA] Cumulative invalid auto-generated legacy tokens used").at());
    }
}
