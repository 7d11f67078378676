package io.j8s.apiserver.aggregation;

import io.j8s.http.TlsIdentity;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How extension servers are reached.
///
/// @param byEndpoints requests go to a service's endpoints instead of its address (`--enable-aggregator-routing`)
/// @param identity what this server shows to them (`--proxy-client-cert-file`); null from it: nothing, and then they believe nobody's name
public record AggregationSettings(boolean byEndpoints, Supplier<@Nullable TlsIdentity> identity) {

    public static final AggregationSettings DEFAULT = new AggregationSettings(false, () -> null);
}
