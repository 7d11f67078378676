package io.j8s.apiserver.serve;

import io.j8s.http.Exchange;

/// Answers at a path that is not a resource's: health, version, discovery, OpenAPI, metrics. Authorization has been given.
@FunctionalInterface
public interface PathHandler {

    void handle(Exchange exchange) throws Exception;
}
