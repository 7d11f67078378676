package io.j8s.controllers.certificates;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.model.Bytes;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequestCondition;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

class CertificatesTest {

    @Test
    void anApprovedNodeGetsACertificateOfTheAuthority() throws Exception {
        KeyPair authorityKeys = keys();
        X509Certificate authority = authority(authorityKeys);
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new SigningController(context, new CertificateSettings(authority, authorityKeys.getPrivate(), Duration.ofDays(365)), 5));
            create(simulation, "good", "O=system:nodes,CN=system:node:n1", List.of("digital signature", "client auth"));
            create(simulation, "bad", "CN=somebody", List.of("digital signature", "client auth"));
            simulation.settle();
            assertThat(SigningRequest.issued(get(simulation, "good"))).isFalse();
            approve(simulation, "good");
            approve(simulation, "bad");
            simulation.settle();
            Bytes issued = get(simulation, "good").status().certificate();
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(issued.toArray()));
            certificate.verify(authority.getPublicKey());
            assertThat(certificate.getSubjectX500Principal().getName()).contains("CN=system:node:n1").contains("O=system:nodes");
            assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
            assertThat(Duration.between(simulation.time.now(), certificate.getNotAfter().toInstant()).toDays()).isBetween(364L, 365L);
            assertThat(get(simulation, "bad").status().conditions()).extracting(c -> c.type() + " " + c.reason() + ": " + c.message()).contains("Failed SignerValidationFailure: subject organization is not system:nodes");
            assertThat(SigningRequest.issued(get(simulation, "bad"))).isFalse();
            simulation.assertQuiet();
        }
    }

    @Test
    void oldRequestsAreClearedAway() throws Exception {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(CleaningController::new);
            create(simulation, "denied", "CN=x", List.of());
            create(simulation, "pending", "CN=x", List.of());
            CertificateSigningRequest denied = get(simulation, "denied");
            CertificateSigningRequestCondition condition = CertificateSigningRequestCondition.EMPTY.withType("Denied").withStatus("True").withLastUpdateTime(simulation.time.now());
            simulation.api.updateStatus(CertificateSigningRequest.RESOURCE, "", denied.withStatus(s -> s.withConditions(List.of(condition))));
            simulation.advance(Duration.ofHours(3));
            assertThat(simulation.api.peek(CertificateSigningRequest.RESOURCE, "")).extracting(r -> r.metadata().name()).containsExactly("pending");
            simulation.advance(Duration.ofHours(24));
            assertThat(simulation.api.peek(CertificateSigningRequest.RESOURCE, "")).isEmpty();
        }
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate authority(KeyPair keys) throws Exception {
        X500Name name = new X500Name("CN=kubernetes");
        Instant now = Instant.parse("2025-12-01T00:00:00Z");
        var builder = new JcaX509v3CertificateBuilder(name, BigInteger.ONE, Date.from(now), Date.from(now.plus(Duration.ofDays(3650))), name, keys.getPublic());
        return new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static void create(Simulation simulation, String name, String subject, List<String> usages) throws Exception {
        KeyPair keys = keys();
        var request = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), keys.getPublic()).build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(request);
        }
        simulation.api.create(
                CertificateSigningRequest.RESOURCE,
                "",
                CertificateSigningRequest.EMPTY.withMetadata(named(name)).withSpec(s -> s.withRequest(Bytes.of(text.toString())).withSignerName(SigningRequest.NODE_CLIENT).withUsages(usages)));
    }

    private static void approve(Simulation simulation, String name) {
        CertificateSigningRequestCondition condition = CertificateSigningRequestCondition.EMPTY.withType("Approved").withStatus("True");
        simulation.api.updateStatus(CertificateSigningRequest.RESOURCE, "", get(simulation, name).withStatus(s -> s.withConditions(List.of(condition))));
    }

    private static CertificateSigningRequest get(Simulation simulation, String name) {
        return simulation.api.get(CertificateSigningRequest.RESOURCE, "", name);
    }
}
