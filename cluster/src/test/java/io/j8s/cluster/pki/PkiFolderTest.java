package io.j8s.cluster.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiFolderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final CertificateOrder SERVER = CertificateOrder.server("kube-apiserver", Set.of("kubernetes", "localhost", "127.0.0.1", "::1", "10.96.0.1"));

    private final Path folder;

    PkiFolderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aLeafIsSignedByItsAuthorityAndNamesWhatWasOrdered() throws Exception {
        PkiFolder pki = PkiFolder.open(folder);
        Credential ca = pki.authority("ca", "kubernetes", NOW);
        Credential server = pki.leaf("apiserver", ca, SERVER, NOW);

        server.certificate().verify(ca.certificate().getPublicKey());
        assertThat(server.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=kube-apiserver");
        assertThat(server.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(server.certificate().getSubjectAlternativeNames()).extracting(n -> n.get(1).toString())
                .containsExactlyInAnyOrder("kubernetes", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "10.96.0.1");
        assertThat(ca.certificate().getBasicConstraints()).isNotNegative();
        assertThat(server.certificate().getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void aClientCarriesItsUserAndGroups() throws Exception {
        PkiFolder pki = PkiFolder.open(folder);
        Credential admin = pki.leaf("admin", pki.authority("ca", "kubernetes", NOW), CertificateOrder.client("kubernetes-admin", "system:masters"), NOW);
        assertThat(admin.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=kubernetes-admin,O=system:masters");
        assertThat(admin.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    }

    @Test
    void namesAreWrittenAsTheyAre() {
        PkiFolder pki = PkiFolder.open(folder);
        String user = "José, \"the\" +=<admin>;";
        Credential client = pki.leaf("client", pki.authority("ca", "kubernetes", NOW), CertificateOrder.client(user, "a,b", "system:masters"), NOW);
        assertThat(client.certificate().getSubjectX500Principal()).isEqualTo(new javax.security.auth.x500.X500Principal(
                "CN=\"José, \\\"the\\\" +=<admin>;\", O=system:masters, O=\"a,b\""));
    }

    @Test
    void whatEndsAfterTwentyFortyNineSaysSo() throws Exception {
        Instant late = Instant.parse("2049-12-30T00:00:00Z");
        Credential ca = PkiFolder.open(folder).authority("ca", "kubernetes", late);
        assertThat(ca.certificate().getNotBefore()).isEqualTo(late.minus(Duration.ofMinutes(5)));
        assertThat(ca.certificate().getNotAfter()).isEqualTo(late.plus(PkiFolder.AUTHORITY_LIFE));
        ca.certificate().verify(ca.certificate().getPublicKey());
    }

    @Test
    void anAuthorityMayHaveAnRsaKey() throws Exception {
        java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        java.security.KeyPair keys = generator.generateKeyPair();
        Credential leaf = Issuer.leaf(Issuer.authority("kubernetes", keys, NOW, Duration.ofDays(10)), SERVER, NOW, Duration.ofDays(365));
        leaf.certificate().verify(keys.getPublic());
        assertThat(leaf.certificate().getSigAlgName()).isEqualTo("SHA256withRSA");
        assertThat(leaf.certificate().getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(10)));
    }

    @Test
    void whatAnAuthorityOfOthersCallsItsKeyIsRepeatedInWhatItSigns() throws Exception {
        KeyPair keys = Issuer.newKeys();
        byte[] name = "named in another way than ours".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var subject = new org.bouncycastle.asn1.x500.X500Name("CN=kubernetes");
        var builder = new org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder(subject, java.math.BigInteger.TWO, java.util.Date.from(NOW.minusSeconds(60)),
                java.util.Date.from(NOW.plus(Duration.ofDays(3000))), subject, keys.getPublic());
        builder.addExtension(org.bouncycastle.asn1.x509.Extension.subjectKeyIdentifier, false, new org.bouncycastle.asn1.x509.SubjectKeyIdentifier(name));
        var signed = new org.bouncycastle.cert.jcajce.JcaX509CertificateConverter().getCertificate(builder.build(new org.bouncycastle.operator.jcajce.JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        Credential ca = new Credential(java.util.List.of(signed), keys.getPrivate());

        PkiFolder pki = PkiFolder.open(folder);
        Credential leaf = pki.leaf("apiserver", ca, SERVER, NOW);
        var identifier = org.bouncycastle.asn1.x509.AuthorityKeyIdentifier.getInstance(
                org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils.parseExtensionValue(leaf.certificate().getExtensionValue("2.5.29.35")));
        assertThat(identifier.getKeyIdentifierOctets()).isEqualTo(name);
        assertThat(pki.leaf("apiserver", ca, SERVER, NOW).certificate()).isEqualTo(leaf.certificate());
    }

    @Test
    void aRequestSaysWhatIsWantedAndIsSignedByItsOwnKey() throws Exception {
        CertificateRequest request = CertificateRequest.of(SERVER.in("system:nodes"));
        try (var parser = new org.bouncycastle.openssl.PEMParser(new java.io.StringReader(request.pem()))) {
            var read = new org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest((org.bouncycastle.pkcs.PKCS10CertificationRequest) parser.readObject());
            assertThat(read.isSignatureValid(new org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder().build(request.keys().getPublic()))).isTrue();
            assertThat(read.getSubject()).hasToString("O=system:nodes,CN=kube-apiserver");
            var extensions = org.bouncycastle.asn1.x509.Extensions.getInstance(read.getAttributes()[0].getAttrValues().getObjectAt(0));
            assertThat(org.bouncycastle.asn1.x509.GeneralNames.fromExtensions(extensions, org.bouncycastle.asn1.x509.Extension.subjectAlternativeName).getNames()).hasSize(5);
        }
    }

    @Test
    void whatIsThereIsUsedAgain() {
        Credential ca = PkiFolder.open(folder).authority("ca", "kubernetes", NOW);
        Credential first = PkiFolder.open(folder).leaf("apiserver", ca, SERVER, NOW);
        KeyPair signing = PkiFolder.open(folder).signingKeys("sa");

        PkiFolder again = PkiFolder.open(folder);
        assertThat(again.authority("ca", "other", NOW).certificate()).isEqualTo(ca.certificate());
        assertThat(again.leaf("apiserver", ca, SERVER, NOW.plus(Duration.ofDays(200))).certificate()).isEqualTo(first.certificate());
        assertThat(((ECPrivateKey) again.signingKeys("sa").getPrivate()).getS()).isEqualTo(((ECPrivateKey) signing.getPrivate()).getS());
        assertThat(again.signingKeys("sa").getPublic()).isEqualTo(signing.getPublic());
    }

    @Test
    void aLeafIsRenewedAfterTwoThirdsOfItsLifeOrWhenItNoLongerFits() throws Exception {
        PkiFolder pki = PkiFolder.open(folder);
        Credential ca = pki.authority("ca", "kubernetes", NOW);
        Credential first = pki.leaf("apiserver", ca, SERVER, NOW);

        Credential later = pki.leaf("apiserver", ca, SERVER, NOW.plus(Duration.ofDays(250)));
        assertThat(later.certificate()).isNotEqualTo(first.certificate());
        Credential wider = pki.leaf("apiserver", ca, CertificateOrder.server("kube-apiserver", Set.of("localhost", "my.example")), NOW.plus(Duration.ofDays(250)));
        assertThat(wider.certificate().getSubjectAlternativeNames()).extracting(n -> n.get(1).toString()).contains("my.example");
        Credential otherAuthority = pki.authority("front-proxy-ca", "front-proxy-ca", NOW);
        Credential moved = pki.leaf("apiserver", otherAuthority, SERVER, NOW.plus(Duration.ofDays(250)));
        moved.certificate().verify(otherAuthority.certificate().getPublicKey());
    }

    @Test
    void aLeafNeverOutlivesItsAuthority() {
        PkiFolder pki = PkiFolder.open(folder);
        Credential ca = pki.authority("ca", "kubernetes", NOW);
        Credential late = pki.leaf("apiserver", ca, SERVER, NOW.plus(PkiFolder.AUTHORITY_LIFE).minus(Duration.ofDays(10)));
        assertThat(late.certificate().getNotAfter()).isEqualTo(ca.certificate().getNotAfter());
    }

    @Test
    void keysAreWrittenInTheFormThatEveryClientReads() throws Exception {
        PkiFolder pki = PkiFolder.open(folder);
        for (int i = 0; i < 20; i++) { // some numbers are shorter than 32 bytes
            Credential made = pki.authority("ca" + i, "kubernetes", NOW);
            assertThat(made.keyPem()).startsWith("-----BEGIN EC PRIVATE KEY-----\n");
            Process openssl = new ProcessBuilder("openssl", "ec", "-pubout", "-in", folder.resolve("ca" + i + ".key").toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String publicKey = new String(openssl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
            assertThat(PemText.readPublicKey(publicKey, "openssl")).isEqualTo(made.certificate().getPublicKey());
        }
    }

    @Test
    void keysArePrivate() throws Exception {
        PkiFolder pki = PkiFolder.open(folder.resolve("pki"));
        Credential ca = pki.authority("ca", "kubernetes", NOW);
        pki.leaf("apiserver", ca, SERVER, NOW);
        pki.signingKeys("sa");
        try (var files = Files.list(folder.resolve("pki"))) {
            assertThat(files.filter(f -> f.toString().endsWith(".key")).toList()).hasSize(3)
                    .allSatisfy(f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f))).isEqualTo("rw-------"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("pki")))).isEqualTo("rwx------");
    }

    @Test
    void aBrokenOrMissingFileIsNamedWithItsRemedy() throws Exception {
        PkiFolder pki = PkiFolder.open(folder);
        pki.authority("ca", "kubernetes", NOW);
        Files.delete(folder.resolve("ca.key"));
        assertThatThrownBy(() -> pki.authority("ca", "kubernetes", NOW)).isInstanceOf(PkiException.class)
                .hasMessageContaining("ca.key: is missing").hasMessageContaining("put it back");
        Files.writeString(folder.resolve("ca.key"), "nonsense");
        assertThatThrownBy(() -> pki.authority("ca", "kubernetes", NOW)).isInstanceOf(PkiException.class).hasMessageContaining("ca.key: no PRIVATE KEY");
    }
}
