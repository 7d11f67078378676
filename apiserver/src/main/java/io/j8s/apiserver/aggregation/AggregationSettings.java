package io.j8s.apiserver.aggregation;

import io.j8s.http.TlsIdentity;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How extension servers are reached.
///
/// @param byEndpoints requests go to a service's endpoints instead of its address (`--enable-aggregator-routing`)
/// @param identity what this server shows to them (`--proxy-client-cert-file`); null from it: nothing, and then they believe nobody's name
/// @param refusesRedirects whether an answer that sends the client elsewhere becomes a 502 (`--aggregator-reject-forwarding-redirect`): the client would show its credentials there
public record AggregationSettings(boolean byEndpoints, boolean refusesRedirects, Supplier<@Nullable TlsIdentity> identity) {

    public static final AggregationSettings DEFAULT = new AggregationSettings(false, true, () -> null);

    public AggregationSettings(boolean byEndpoints, Supplier<@Nullable TlsIdentity> identity) {
        this(byEndpoints, true, identity);
    }
}
