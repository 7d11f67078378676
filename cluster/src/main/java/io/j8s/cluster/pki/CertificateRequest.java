package io.j8s.cluster.pki;

import java.io.IOException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A key of one's own and the request to have it certified (PKCS #10, RFC 2986).
///
/// @param pem the request
public record CertificateRequest(KeyPair keys, String pem) {

    /// A new key, and the request for a certificate that says this.
    public static CertificateRequest of(CertificateOrder order) {
        KeyPair keys = Issuer.newKeys();
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        order.organizations().forEach(group -> subject.addRDN(BCStyle.O, group));
        X500Name name = subject.addRDN(BCStyle.CN, order.commonName()).build();
        try {
            JcaPKCS10CertificationRequestBuilder builder = new JcaPKCS10CertificationRequestBuilder(name, keys.getPublic());
            List<GeneralName> names = new ArrayList<>();
            order.dnsNames().stream().sorted().forEach(each -> names.add(new GeneralName(GeneralName.dNSName, each)));
            order.addresses().stream().map(java.net.InetAddress::getHostAddress).sorted().forEach(each -> names.add(new GeneralName(GeneralName.iPAddress, each)));
            if (!names.isEmpty()) {
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
                builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            }
            byte[] encoded = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())).getEncoded();
            return new CertificateRequest(keys, "-----BEGIN CERTIFICATE REQUEST-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END CERTIFICATE REQUEST-----\n");
        } catch (OperatorCreationException | IOException e) {
            throw new PkiException("a certificate request of " + order.commonName() + " cannot be made", e);
        }
    }

    /// The key as PEM text.
    public String keyPem() {
        return PemText.privateKey(keys.getPrivate(), keys.getPublic());
    }
}
