package io.j8s.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Self-signed identities, made by the JDK's keytool.
final class TestCertificates {

    private TestCertificates() {}

    static TlsIdentity selfSigned(Path directory, String name, String algorithm) {
        Path store = directory.resolve(name + "-" + algorithm + ".p12");
        try {
            Files.deleteIfExists(store);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "it", "-keyalg", algorithm, "-dname", "CN=" + name,
                    "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "30", algorithm.equals("EC") ? "-groupname" : "-keysize", algorithm.equals("EC") ? "secp256r1" : "2048", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", "changeit"));
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool failed: " + output);
            }
            KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : keys.getCertificateChain("it")) {
                chain.add((X509Certificate) certificate);
            }
            return new TlsIdentity((PrivateKey) keys.getKey("it", "changeit".toCharArray()), chain);
        } catch (IOException | java.security.GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
