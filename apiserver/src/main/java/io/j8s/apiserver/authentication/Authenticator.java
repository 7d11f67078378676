package io.j8s.apiserver.authentication;

import io.j8s.http.Exchange;

/// One way to tell who sends a request: by client certificate, by bearer token, by a proxy's headers. Several are asked in order until one answers other than
/// [Authentication.None]. May block (webhooks), called by many threads at once.
@FunctionalInterface
public interface Authenticator {

    Authentication authenticate(Exchange exchange);
}
