package io.j8s.controllers.certificates;

import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequestCondition;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/// What a request asks for, read from its PKCS#10.
///
/// @param commonName of the subject; empty when there is none
/// @param organizations of the subject
/// @param names the alternative names
record SigningRequest(PKCS10CertificationRequest request, String commonName, List<String> organizations, List<GeneralName> names, Set<String> usages) {
    static final String KUBE_CLIENT = "kubernetes.io/kube-apiserver-client";
    static final String NODE_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    static final String NODE_SERVING = "kubernetes.io/kubelet-serving";
    static final String LEGACY = "kubernetes.io/legacy-unknown";
    private static final String NODE_PREFIX = "system:node:";
    private static final String NODES = "system:nodes";

    /// @throws IllegalArgumentException when it is none
    static SigningRequest read(CertificateSigningRequest object) {
        byte[] pem = object.spec().request().toArray();
        try (PEMParser parser = new PEMParser(new StringReader(new String(pem, StandardCharsets.UTF_8)))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                throw new IllegalArgumentException("spec.request holds no PEM block of the type CERTIFICATE REQUEST");
            }
            List<String> organizations = values(request, BCStyle.O);
            List<String> commonNames = values(request, BCStyle.CN);
            return new SigningRequest(request, commonNames.isEmpty() ? "" : commonNames.getFirst(), organizations, names(request), Set.copyOf(object.spec().usages()));
        } catch (IOException e) {
            throw new IllegalArgumentException("spec.request is no PKCS#10 request: " + e.getMessage(), e);
        }
    }

    private static List<String> values(PKCS10CertificationRequest request, org.bouncycastle.asn1.ASN1ObjectIdentifier type) {
        List<String> values = new ArrayList<>();
        for (RDN rdn : request.getSubject().getRDNs(type)) {
            values.add(IETFUtils.valueToString(rdn.getFirst().getValue()));
        }
        return values;
    }

    private static List<GeneralName> names(PKCS10CertificationRequest request) {
        var attributes = request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest);
        if (attributes.length == 0) {
            return List.of();
        }
        Extensions extensions = Extensions.getInstance(attributes[0].getAttrValues().getObjectAt(0));
        GeneralNames names = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        return names == null ? List.of() : List.of(names.getNames());
    }

    /// Why the signer must refuse it; null when it may sign.
    @Nullable String violation(String signer) {
        return switch (signer) {
            case KUBE_CLIENT -> usages(Set.of("client auth"), Set.of("client auth", "digital signature", "key encipherment"));
            case NODE_CLIENT -> !node() ? "the subject must be a node: organization system:nodes, common name system:node:NAME" : !names.isEmpty() ? "a node's client certificate must have no alternative names" : nodeUsages("client auth");
            case NODE_SERVING -> !node() ? "the subject must be a node: organization system:nodes, common name system:node:NAME" : !served() ? "there must be DNS or IP names, and no others" : nodeUsages("server auth");
            default -> null;
        };
    }

    private boolean node() {
        return organizations.equals(List.of(NODES)) && commonName.startsWith(NODE_PREFIX) && commonName.length() > NODE_PREFIX.length();
    }

    private boolean served() {
        return !names.isEmpty() && names.stream().allMatch(n -> n.getTagNo() == GeneralName.dNSName || n.getTagNo() == GeneralName.iPAddress);
    }

    private @Nullable String nodeUsages(String purpose) {
        return usages(Set.of(purpose, "digital signature"), Set.of(purpose, "digital signature", "key encipherment"));
    }

    private @Nullable String usages(Set<String> required, Set<String> allowed) {
        return usages.containsAll(required) && allowed.containsAll(usages) ? null : "usages must have " + required.stream().sorted().toList() + " and may only have " + allowed.stream().sorted().toList();
    }

    static boolean has(CertificateSigningRequest object, String condition) {
        return object.status().conditions().stream().map(CertificateSigningRequestCondition::type).anyMatch(condition::equals);
    }

    static boolean issued(CertificateSigningRequest object) {
        return object.status().certificate().length() > 0;
    }
}
