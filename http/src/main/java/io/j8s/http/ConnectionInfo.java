package io.j8s.http;

import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// What all exchanges of a connection share.
record ConnectionInfo(
        String protocol, SocketAddress remote, SocketAddress local, List<X509Certificate> peerCertificates, ConcurrentMap<Object, Object> state) {

    ConnectionInfo(String protocol, SocketAddress remote, SocketAddress local, List<X509Certificate> peerCertificates) {
        this(protocol, remote, local, peerCertificates, new ConcurrentHashMap<>(1));
    }
}
