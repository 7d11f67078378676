package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.http.Exchange;
import io.j8s.model.Struct;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps a record of requests. Any thread; a [Trail] by the thread of its request.
@FunctionalInterface
public interface Auditor {

    /// Keeps nothing, and costs nothing.
    Auditor NONE = (exchange, info, user, id) -> new Trail.Untold(exchange);

    /// Begins the record of one request.
    ///
    /// @param user who asks; null: he could not prove who he is, and will be refused
    /// @throws LostException when the request must not be served as its record cannot be kept
    Trail begin(Exchange exchange, RequestInfo info, @Nullable User user, String id);

    /// The record of a request cannot be kept.
    final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LostException() {
            super("failed to store audit event", null, false, false);
        }
    }

    /// The record of one request; closed when it has been answered.
    interface Trail extends AutoCloseable, Call.Recorder {

        /// The exchange to go on with: what passes through it may be recorded.
        Exchange exchange();

        void annotate(Map<String, String> annotations);

        /// What authorization said, and why.
        void decided(boolean allowed, String reason);

        /// On whose behalf the request is served from now on.
        ///
        /// @param constraint the verb that allowed it; empty for the unconstrained one
        void acting(User user, String constraint);

        /// The server failed, by a fault of its own.
        void failed(RuntimeException fault);

        @Override
        void close();

        /// No record.
        record Untold(Exchange exchange) implements Trail {
            @Override
            public boolean wanted() {
                return false;
            }

            @Override
            public void object(Supplier<Struct> sent) {}

            @Override
            public void body(byte[] sent) {}

            @Override
            public void annotate(Map<String, String> annotations) {}

            @Override
            public void decided(boolean allowed, String reason) {}

            @Override
            public void acting(User user, String constraint) {}

            @Override
            public void failed(RuntimeException fault) {}

            @Override
            public void close() {}
        }
    }
}
