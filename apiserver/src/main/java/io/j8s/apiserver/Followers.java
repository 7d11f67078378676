package io.j8s.apiserver;

import io.j8s.apiserver.aggregation.Aggregation;
import io.j8s.apiserver.aggregation.AutoRegistration;

/// What follows the server's own objects and acts on them.
record Followers(Aggregation aggregation, AutoRegistration registration) implements AutoCloseable {

    @Override
    public void close() {
        registration.close();
        aggregation.close();
    }
}
