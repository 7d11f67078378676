package io.j8s.controllers.certificates;

import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequestCondition;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
    private static final String NO_NODE_ORGANIZATION = "subject organization is not system:nodes";
    private static final String NO_NODE_NAME = "subject common name does not begin with system:node:";
    private static final String CLIENT_AUTH = "client auth";
    private static final String DIGITAL_SIGNATURE = "digital signature";
    private static final String KEY_ENCIPHERMENT = "key encipherment";
    private static final Set<String> CLIENT_USAGES = Set.of(CLIENT_AUTH, DIGITAL_SIGNATURE, KEY_ENCIPHERMENT);

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

    /// Why the signer must refuse it, in upstream's words; null when it may sign.
    @Nullable String violation(String signer) {
        return switch (signer) {
            case KUBE_CLIENT -> clientUsages();
            case NODE_CLIENT -> nodeClient();
            case NODE_SERVING -> nodeServing();
            default -> null;
        };
    }

    private @Nullable String clientUsages() {
        for (String usage : usages) {
            if (!CLIENT_USAGES.contains(usage)) {
                return "invalid usage for client certificate: " + usage;
            }
        }
        return usages.contains(CLIENT_AUTH) ? null : "missing required usage for client certificate: " + CLIENT_AUTH;
    }

    private @Nullable String nodeClient() {
        if (!organizations.equals(List.of(NODES))) {
            return NO_NODE_ORGANIZATION;
        }
        String named = anyNamed(GeneralName.dNSName) ? "DNS" : anyNamed(GeneralName.rfc822Name) ? "Email" : anyNamed(GeneralName.iPAddress) ? "IP" : anyNamed(GeneralName.uniformResourceIdentifier) ? "URI" : "";
        if (!named.isEmpty()) {
            return named + " subjectAltNames are not allowed";
        }
        return commonName.startsWith(NODE_PREFIX) ? nodeUsages(CLIENT_AUTH) : NO_NODE_NAME;
    }

    private @Nullable String nodeServing() {
        if (!organizations.equals(List.of(NODES))) {
            return NO_NODE_ORGANIZATION;
        }
        if (!anyNamed(GeneralName.dNSName) && !anyNamed(GeneralName.iPAddress)) {
            return "DNS or IP subjectAltName is required";
        }
        if (anyNamed(GeneralName.rfc822Name) || anyNamed(GeneralName.uniformResourceIdentifier)) {
            return (anyNamed(GeneralName.rfc822Name) ? "Email" : "URI") + " subjectAltNames are not allowed";
        }
        String wrong = nodeUsages("server auth");
        return wrong != null ? wrong : commonName.startsWith(NODE_PREFIX) ? null : NO_NODE_NAME;
    }

    private boolean anyNamed(int tag) {
        return names.stream().anyMatch(name -> name.getTagNo() == tag);
    }

    private @Nullable String nodeUsages(String purpose) {
        boolean right = usages.equals(Set.of(purpose, DIGITAL_SIGNATURE, KEY_ENCIPHERMENT)) || usages.equals(Set.of(purpose, DIGITAL_SIGNATURE));
        return right ? null : "usages did not match [" + String.join(" ", Stream.of(purpose, DIGITAL_SIGNATURE, KEY_ENCIPHERMENT).sorted().toList()) + "]";
    }

    static boolean has(CertificateSigningRequest object, String condition) {
        return object.status().conditions().stream().map(CertificateSigningRequestCondition::type).anyMatch(condition::equals);
    }

    static boolean issued(CertificateSigningRequest object) {
        return object.status().certificate().length() > 0;
    }
}
