package io.j8s.scheduler;

import io.j8s.scheduler.config.ExtenderConfiguration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Posts JSON to one extender, over TLS when it is configured. The JDK's client does: extenders are few, foreign, and asked one at a time.
final class ExtenderHttp implements AutoCloseable {

    private static final int MOST_BYTES = 64 << 20;

    private final HttpClient client;
    private final Duration timeout;

    ExtenderHttp(ExtenderConfiguration configuration) {
        this.timeout = configuration.timeout();
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
        ExtenderConfiguration.Tls tls = configuration.tls();
        boolean special = tls.insecure() || !(tls.caFile() + tls.caData() + tls.certFile() + tls.certData()).isEmpty();
        try {
            this.client = (special ? builder.sslContext(context(tls)) : builder).build();
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("extenders: " + configuration.urlPrefix() + ": tlsConfig: " + e.getMessage(), e);
        }
    }

    byte[] post(String url, byte[] json) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(timeout).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(json)).build();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
            if (response.statusCode() != 200) {
                throw new ExtenderException("failed " + url.substring(url.lastIndexOf('/') + 1) + " with extender at URL " + url + ", code " + response.statusCode());
            }
            return response.body();
        } catch (IOException | IllegalArgumentException e) {
            throw new ExtenderException("Post \"" + url + "\": " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExtenderException("Post \"" + url + "\": interrupted");
        }
    }

    private static SSLContext context(ExtenderConfiguration.Tls tls) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(tls), trust(tls), new SecureRandom());
        return context;
    }

    private static byte[] content(String file, String data) throws IOException {
        return data.isEmpty() ? file.isEmpty() ? new byte[0] : Files.readAllBytes(Path.of(file)) : Base64.getDecoder().decode(data);
    }

    private static KeyManager @Nullable [] keys(ExtenderConfiguration.Tls tls) throws GeneralSecurityException, IOException {
        byte[] certificate = content(tls.certFile(), tls.certData());
        byte[] key = content(tls.keyFile(), tls.keyData());
        if (certificate.length == 0 || key.length == 0) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", privateKey(key), new char[0], certificates(certificate).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static Collection<? extends Certificate> certificates(byte[] pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    }

    private static PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
        String text = new String(pem, StandardCharsets.US_ASCII);
        if (!text.contains("BEGIN PRIVATE KEY")) {
            throw new IllegalArgumentException("the key must be PEM of type PRIVATE KEY (PKCS #8): openssl pkcs8 -topk8 -nodes converts others");
        }
        byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (java.security.spec.InvalidKeySpecException e) {
                continue; // it is of another kind
            }
        }
        throw new IllegalArgumentException("the key is none of EC, RSA, Ed25519");
    }

    private static TrustManager @Nullable [] trust(ExtenderConfiguration.Tls tls) throws GeneralSecurityException, IOException {
        if (tls.insecure()) {
            return new TrustManager[] {new TrustEverybody()};
        }
        byte[] authorities = content(tls.caFile(), tls.caData());
        if (authorities.length == 0) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(authorities)) {
            store.setCertificateEntry("ca" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /// What `insecure: true` asks for.
    private static final class TrustEverybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
