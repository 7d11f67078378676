package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.http.Exchange;
import java.util.Map;

/// Keeps a record of requests. Any thread; a [Trail] by the thread of its request.
@FunctionalInterface
public interface Auditor {

    /// Keeps nothing, and costs nothing.
    Auditor NONE = (exchange, info, user, acting, id) -> new Trail.Untold(exchange);

    /// Begins the record of one request.
    ///
    /// @param user who asks
    /// @param acting on whose behalf; the same when he asks for himself
    Trail begin(Exchange exchange, RequestInfo info, User user, User acting, String id);

    /// The record of one request; closed when it has been answered.
    interface Trail extends AutoCloseable {

        /// The exchange to go on with: what passes through it may be recorded.
        Exchange exchange();

        void annotate(Map<String, String> annotations);

        /// What authorization said, and why.
        void decided(boolean allowed, String reason);

        @Override
        void close();

        /// No record.
        record Untold(Exchange exchange) implements Trail {
            @Override
            public void annotate(Map<String, String> annotations) {}

            @Override
            public void decided(boolean allowed, String reason) {}

            @Override
            public void close() {}
        }
    }
}
