package io.j8s.http;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A TLS server on a free port of the loopback interface, and JDK clients that trust it.
final class TestServer implements AutoCloseable {

    static final Path DIRECTORY = Path.of(System.getProperty("java.io.tmpdir"));
    static final TlsIdentity IDENTITY = TestCertificates.selfSigned(DIRECTORY, "server", "EC");

    final EventLoops loops = new EventLoops(1);
    final HttpServer server;
    private java.net.http.@Nullable HttpClient jdk;

    TestServer(Handler handler) throws IOException {
        this(ServerLimits.DEFAULT, handler);
    }

    TestServer(ServerLimits limits, Handler handler) throws IOException {
        this(ServerConfig.https("127.0.0.1", 0, ServerTls.of(() -> IDENTITY)).withLimits(limits), handler);
    }

    TestServer(ServerConfig config, Handler handler) throws IOException {
        server = HttpServer.start(loops, config, Timeline.system(), handler);
    }

    URI uri(String path) {
        return URI.create("https://127.0.0.1:" + server.port() + path);
    }

    java.net.http.HttpClient jdkClient(Version version) {
        jdk = java.net.http.HttpClient.newBuilder().version(version).sslContext(sslContext(null)).build();
        return jdk;
    }

    static SSLContext sslContext(@Nullable TlsIdentity client) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", IDENTITY.chain().getFirst());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            if (client != null) {
                own.setKeyEntry("client", client.key(), new char[0], client.chain().toArray(java.security.cert.Certificate[]::new));
            }
            keys.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (jdk != null) {
            jdk.shutdownNow();
        }
        server.close();
        loops.close();
    }
}
