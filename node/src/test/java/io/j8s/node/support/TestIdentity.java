package io.j8s.node.support;

import io.j8s.http.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/// A key with a certificate that it signed itself, made by the JDK's keytool.
public final class TestIdentity {
    private static final String PASSWORD = "changeit";

    private TestIdentity() {}

    public static TlsIdentity of(String subject) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = Files.createTempDirectory("identity").resolve("store.p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", "it", "-keyalg", "EC", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD,
                "-dname", subject, "-ext", "san=ip:127.0.0.1,dns:localhost", "-validity", "2").inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Files.delete(store);
        Files.delete(Objects.requireNonNull(store.getParent()));
        return new TlsIdentity((PrivateKey) keys.getKey("it", PASSWORD.toCharArray()), List.of((X509Certificate) keys.getCertificate("it")));
    }
}
