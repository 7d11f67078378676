package io.j8s.etcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where an etcd is and how to speak to it (upstream's flags `--etcd-servers`, `--etcd-cafile`, `--etcd-certfile`, `--etcd-keyfile`).
///
/// @param endpoints `https://host:port` or `http://host:port`, at least one; the others are turned to when one cannot be reached
/// @param authorities PEM file of the authorities that may sign the servers' certificates; null: those of the JVM
/// @param certificate PEM file of the client's certificate chain; null: none is presented
/// @param privateKey PEM file (PKCS #8, PKCS #1 or SEC 1) of its key
/// @param patience how long a call waits for an endpoint to come back when none can be reached
public record EtcdOptions(List<String> endpoints, @Nullable Path authorities, @Nullable Path certificate, @Nullable Path privateKey, Duration patience) {

    public EtcdOptions {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no etcd endpoint is given; name at least one, such as https://127.0.0.1:2379");
        }
        if ((certificate == null) != (privateKey == null)) {
            throw new IllegalArgumentException("an etcd client certificate needs its key, and a key its certificate: give both or none");
        }
    }

    /// Without patience: a call fails when no endpoint can be reached.
    public EtcdOptions(List<String> endpoints, @Nullable Path authorities, @Nullable Path certificate, @Nullable Path privateKey) {
        this(endpoints, authorities, certificate, privateKey, Duration.ZERO);
    }

    /// Without TLS, or with the JVM's authorities and no client certificate.
    public static EtcdOptions of(String... endpoints) {
        return new EtcdOptions(List.of(endpoints), null, null, null);
    }
}
