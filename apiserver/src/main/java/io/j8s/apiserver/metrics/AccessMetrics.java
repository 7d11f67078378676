package io.j8s.apiserver.metrics;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// Counts who was let in. Any thread.
public final class AccessMetrics {

    private static final double[] SECONDS = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384};
    private static final double[] FILTER_SECONDS = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 5, 10, 15, 30};
    private static final double[] LIVES = {0, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800, 2_592_000, 7_776_000, 15_552_000, 31_104_000};

    private final Counter users;
    private final Outcome known;
    private final Outcome wrong;
    private final Outcome unknown;
    private final Outcome allowed;
    private final Outcome denied;
    private final Outcome noOpinion;
    private final Histogram.Series lives;
    private final Map<Filter, Histogram.Series> filters = new EnumMap<>(Filter.class);

    /// How often something came out like this, and how long it took.
    private record Outcome(Counter.Series count, Histogram.Series times) {
        void add(long nanos) {
            count.increment();
            times.nanos(nanos);
        }
    }

    /// What a request goes through before it is served, as upstream names it.
    public enum Filter { AUTHENTICATION, AUDIT, CONSTRAINEDIMPERSONATION, PRIORITYANDFAIRNESS, AUTHORIZATION }

    /// What authorization said.
    public enum Word { ALLOWED, DENIED, NO_OPINION }

    public AccessMetrics(MetricRegistry registry) {
        users = registry.counter("authenticated_user_requests", "[ALPHA] Counter of authenticated requests broken out by username.", "username");
        Counter attempts = registry.counter("authentication_attempts", "[ALPHA] Counter of authenticated attempts.", "result");
        Histogram times = registry.histogram("authentication_duration_seconds", "[ALPHA] Authentication duration in seconds broken out by result.", SECONDS, "result");
        known = new Outcome(attempts.at("success"), times.at("success"));
        wrong = new Outcome(attempts.at("error"), times.at("error"));
        unknown = new Outcome(attempts.at("failure"), times.at("failure"));
        Counter decisions = registry.counter("authorization_attempts_total",
                "[ALPHA] Counter of authorization attempts broken down by result. It can be either 'allowed', 'denied', 'no-opinion' or 'error'.", "result");
        Histogram spans = registry.histogram("authorization_duration_seconds", "[ALPHA] Authorization duration in seconds broken out by result.", SECONDS, "result");
        allowed = new Outcome(decisions.at("allowed"), spans.at("allowed"));
        denied = new Outcome(decisions.at("denied"), spans.at("denied"));
        noOpinion = new Outcome(decisions.at("no-opinion"), spans.at("no-opinion"));
        Histogram passing = registry.histogram("apiserver_request_filter_duration_seconds", "[ALPHA] Request filter latency distribution in seconds, for each filter type", FILTER_SECONDS, "filter");
        for (Filter filter : Filter.values()) {
            filters.put(filter, passing.at(filter.name().toLowerCase(Locale.ROOT)));
        }
        lives = registry.histogram("apiserver_client_certificate_expiration_seconds",
                "[ALPHA] Distribution of the remaining lifetime on the certificate used to authenticate a request.", LIVES).at();
    }

    /// A request has passed a filter, or was turned away by it.
    public void passed(Filter filter, long nanos) {
        Histogram.Series times = filters.get(filter);
        if (times != null) {
            times.nanos(nanos);
        }
    }

    public void known(String user, long nanos) {
        known.add(nanos);
        users.increment(family(user));
    }

    /// @param credential whether there was one, which is wrong
    public void refused(boolean credential, long nanos) {
        (credential ? wrong : unknown).add(nanos);
    }

    /// Few names have a series of their own, as there is no end to users.
    private static String family(String user) {
        return switch (user) {
            case "admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default" -> user;
            default -> user.indexOf('@') >= 0 ? "email_id" : "other";
        };
    }

    /// A client showed a certificate that is good for so long.
    public void certificate(double seconds) {
        lives.observe(seconds);
    }

    public void decided(Word word, long nanos) {
        switch (word) {
            case ALLOWED -> allowed.add(nanos);
            case DENIED -> denied.add(nanos);
            case NO_OPINION -> noOpinion.add(nanos);
        }
    }
}
