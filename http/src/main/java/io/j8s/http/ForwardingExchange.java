package io.j8s.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentMap;

/// An exchange around another one: the request is the other's; how it is answered is for the implementation to say.
public interface ForwardingExchange extends Exchange {

    /// The one that this is around.
    Exchange exchange();

    @Override
    default String method() {
        return exchange().method();
    }

    @Override
    default String path() {
        return exchange().path();
    }

    @Override
    default String query() {
        return exchange().query();
    }

    @Override
    default String protocol() {
        return exchange().protocol();
    }

    @Override
    default String authority() {
        return exchange().authority();
    }

    @Override
    default Headers headers() {
        return exchange().headers();
    }

    @Override
    default SocketAddress remoteAddress() {
        return exchange().remoteAddress();
    }

    @Override
    default SocketAddress localAddress() {
        return exchange().localAddress();
    }

    @Override
    default List<X509Certificate> peerCertificates() {
        return exchange().peerCertificates();
    }

    @Override
    default InputStream body() throws IOException {
        return exchange().body();
    }

    @Override
    default InputStream body(long limit) throws IOException {
        return exchange().body(limit);
    }

    @Override
    default boolean upgradable() {
        return exchange().upgradable();
    }

    @Override
    default ConcurrentMap<Object, Object> connectionState() {
        return exchange().connectionState();
    }

    @Override
    default boolean closed() {
        return exchange().closed();
    }

    @Override
    default void reset() {
        exchange().reset();
    }

    @Override
    default void onClose(Runnable action) {
        exchange().onClose(action);
    }
}
