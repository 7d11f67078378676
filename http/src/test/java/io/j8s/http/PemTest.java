package io.j8s.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PemTest {

    @Test
    void readsKeysOfPkcs8() throws Exception {
        for (String algorithm : new String[] {"EC", "Ed25519"}) {
            PrivateKey key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
            assertThat(Pem.privateKey(TestCertificates.pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
        }
    }

    @Test
    void readsRsaKeysOfPkcs1() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        PrivateKey key = generator.generateKeyPair().getPrivate();
        byte[] pkcs8 = key.getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length); // behind version, algorithm and the header of the octet string
        assertThat(Pem.privateKey(TestCertificates.pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(key);
    }

    @Test
    void readsEcKeysOfSec1BehindTheirParameters() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        PrivateKey key = generator.generateKeyPair().getPrivate();
        byte[] pkcs8 = key.getEncoded();
        byte[] secret = Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length);
        byte[] curve = {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x03, 0x01, 0x07};
        ByteArrayOutputStream sec1 = new ByteArrayOutputStream();
        sec1.writeBytes(new byte[] {0x30, 3 + 2 + 32 + 2 + 10, 0x02, 0x01, 0x01, 0x04, 32});
        sec1.writeBytes(secret);
        sec1.writeBytes(new byte[] {(byte) 0xa0, 10});
        sec1.writeBytes(curve);
        String pem = TestCertificates.pem("EC PARAMETERS", curve) + TestCertificates.pem("EC PRIVATE KEY", sec1.toByteArray());
        assertThat(((ECPrivateKey) Pem.privateKey(pem)).getS()).isEqualTo(((ECPrivateKey) key).getS());
    }

    @Test
    void readsChainsInOrder() {
        TlsIdentity one = TestCertificates.selfSigned(TestServer.DIRECTORY, "chain-one", "EC");
        TlsIdentity two = TestCertificates.selfSigned(TestServer.DIRECTORY, "chain-two", "EC");
        String pem = "subject: /CN=one\n" + TestCertificates.pem(one.chain().getFirst()) + "\n" + TestCertificates.pem(two.chain().getFirst());
        assertThat(Pem.certificates(pem)).containsExactly(one.chain().getFirst(), two.chain().getFirst());
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> Pem.certificates("hello")).hasMessageContaining("no CERTIFICATE");
        assertThatThrownBy(() -> Pem.privateKey("hello")).hasMessageContaining("PRIVATE KEY");
        assertThatThrownBy(() -> Pem.certificates(TestCertificates.pem("CERTIFICATE", new byte[] {1, 2}))).hasMessageContaining("X.509");
        assertThatThrownBy(() -> Pem.privateKey(TestCertificates.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}))).hasMessageContaining("encrypted");
        TlsIdentity ec = TestCertificates.selfSigned(TestServer.DIRECTORY, "mismatch", "EC");
        TlsIdentity rsa = TestCertificates.selfSigned(TestServer.DIRECTORY, "mismatch", "RSA");
        assertThatThrownBy(() -> TlsIdentity.checked(ec.key(), rsa.chain())).hasMessageContaining("does not fit");
        TlsIdentity other = TestCertificates.selfSigned(TestServer.DIRECTORY, "mismatch-other", "EC");
        assertThatThrownBy(() -> TlsIdentity.checked(ec.key(), other.chain())).hasMessageContaining("does not fit");
    }
}
