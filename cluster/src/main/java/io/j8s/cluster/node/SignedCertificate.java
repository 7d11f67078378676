package io.j8s.cluster.node;

import io.j8s.client.Client;
import io.j8s.client.WriteOptions;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.CertificateRequest;
import io.j8s.cluster.pki.PrivateFile;
import io.j8s.http.TlsIdentity;
import io.j8s.model.Bytes;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A certificate that the cluster's signers make for a node (Kubernetes documentation, "TLS bootstrapping"): asked for by a CertificateSigningRequest, kept with its key in
/// `NAME-TIME.pem`, to which the link `NAME-current.pem` leads. Used by one thread at a time.
final class SignedCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(SignedCertificate.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss").withZone(ZoneOffset.UTC);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Path folder;
    private final String name;
    private final String signer;
    private final CertificateOrder order;
    private final Timeline timeline;

    /// @param name of the files, such as `kubelet-client`
    /// @param signer such as `kubernetes.io/kubelet-serving`
    SignedCertificate(Path folder, String name, String signer, CertificateOrder order, Timeline timeline) {
        this.folder = folder;
        this.name = name;
        this.signer = signer;
        this.order = order;
        this.timeline = timeline;
    }

    Path file() {
        return folder.resolve(name + "-current.pem");
    }

    /// What is there and has not ended; null: nothing.
    @Nullable TlsIdentity current() {
        try {
            if (!Files.exists(file())) {
                return null;
            }
            String pem = Files.readString(file());
            TlsIdentity identity = TlsIdentity.fromPem(pem, pem);
            return identity.chain().getFirst().getNotAfter().toInstant().isAfter(timeline.now()) ? identity : null;
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is not usable, another one is asked for: {}", file(), e.getMessage());
            return null;
        }
    }

    /// When the current one is to be replaced: after seven to nine tenths of its life, so that nodes do not ask all at once. In the past when there is none.
    Instant renewalTime() {
        TlsIdentity identity = current();
        if (identity == null) {
            return Instant.EPOCH;
        }
        X509Certificate certificate = identity.chain().getFirst();
        Instant from = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
        double share = 0.7 + 0.2 * (certificate.getSerialNumber().intValue() & 0xff) / 255;
        return from.plusMillis((long) (life.toMillis() * share));
    }

    /// Asks for one and waits until it is signed.
    ///
    /// @throws IOException when it is denied, or not signed in time, or cannot be written
    void obtain(Client client) throws IOException, InterruptedException {
        CertificateRequest request = CertificateRequest.of(order);
        List<String> usages = new ArrayList<>(List.of("digital signature"));
        if (order.client()) {
            usages.add("client auth");
        }
        if (order.server()) {
            usages.add("server auth");
        }
        CertificateSigningRequest made = client.create(CertificateSigningRequest.RESOURCE, "", CertificateSigningRequest.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withGenerateName(order.server() ? "csr-" : "node-csr-"))
                .withSpec(s -> s.withRequest(Bytes.of(request.pem())).withSignerName(signer).withUsages(usages)), WriteOptions.NONE);
        LOG.info("Waiting for certificate signing request {} of {} to be approved and signed", made.metadata().name(), signer);
        byte[] certificate = signed(client, made.metadata().name());
        write(new String(certificate, StandardCharsets.UTF_8) + request.keyPem());
    }

    private byte[] signed(Client client, String requestName) throws IOException, InterruptedException {
        Instant end = timeline.now().plus(PATIENCE);
        while (timeline.now().isBefore(end)) {
            CertificateSigningRequest found = client.find(CertificateSigningRequest.RESOURCE, "", requestName);
            if (found == null) {
                throw new IOException("certificate signing request " + requestName + " is gone before it was signed");
            }
            for (var condition : found.status().conditions()) {
                if (condition.type().equals("Denied") || condition.type().equals("Failed")) {
                    throw new IOException("certificate signing request " + requestName + " is not approved, reason: \"" + condition.reason() + "\", message: \"" + condition.message() + "\"");
                }
            }
            byte[] certificate = found.status().certificate().toArray();
            if (certificate.length > 0) {
                return certificate;
            }
            timeline.sleep(LOOK_AGAIN);
        }
        throw new IOException("certificate signing request " + requestName + " was not signed within " + PATIENCE.toMinutes() + " minutes; approve it: kubectl certificate approve " + requestName);
    }

    private void write(String pem) throws IOException {
        TlsIdentity.fromPem(pem, pem); // what does not fit is never put in place
        Files.createDirectories(folder);
        Path file = folder.resolve(name + "-" + STAMP.format(timeline.now()) + ".pem");
        PrivateFile.write(file, pem);
        Path link = folder.resolve("." + name + ".new");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, file.toAbsolutePath());
        Files.move(link, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
