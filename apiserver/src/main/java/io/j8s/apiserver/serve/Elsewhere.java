package io.j8s.apiserver.serve;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.apiserver.discovery.ForeignVersion;
import io.j8s.http.Exchange;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Groups and versions that other servers answer for. Thread-safe.
public interface Elsewhere {

    /// Nothing is served elsewhere.
    Elsewhere NOWHERE = new Elsewhere() {
        @Override
        public @Nullable Way to(String group, String version) {
            return null;
        }

        @Override
        public List<ForeignVersion> versions() {
            return List.of();
        }
    };

    /// The way to the server of a group and version; null when it is not elsewhere.
    @Nullable Way to(String group, String version);

    /// What discovery is to tell of them, and of versions that were only announced.
    List<ForeignVersion> versions();

    /// What their OpenAPI documents say.
    default List<ForeignDocuments> documents() {
        return List.of();
    }

    /// Passes one request on.
    @FunctionalInterface
    interface Way {
        void pass(Exchange exchange, User user) throws IOException, InterruptedException;
    }
}
