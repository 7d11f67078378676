package io.j8s.apiserver.tracing;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.http.Exchange;

/// Follows requests through the server. Any thread; a [Span] by the thread of its request.
@FunctionalInterface
public interface Tracer {

    /// Follows none, and costs nothing.
    Tracer NONE = (exchange, info, user, auditId) -> Span.NONE;

    /// Begins to follow one request of a known user.
    Span begin(Exchange exchange, RequestInfo info, User user, String auditId);

    /// One request on its way; closed when it has been answered.
    interface Span extends AutoCloseable {

        Span NONE = new Span() {
            @Override
            public void served(String what, long nanos) {}

            @Override
            public void answered(int status) {}

            @Override
            public void close() {}
        };

        /// A step of the request has just ended.
        ///
        /// @param what such as `Create`
        /// @param nanos how long it took
        void served(String what, long nanos);

        void answered(int status);

        @Override
        void close();
    }
}
