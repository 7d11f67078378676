package io.j8s.apiserver.authentication;

import io.j8s.http.Exchange;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// Users by client certificate: the common name is the user, each organization a group. A chain is checked once for each connection and set of authorities (which may be
/// exchanged while the server runs), and its validity at each request.
public final class ClientCertificates implements Authenticator {

    private static final String FOR_CLIENTS = "1.3.6.1.5.5.7.3.2";
    private static final String FOR_ANYTHING = "2.5.29.37.0";

    /// The attribute with the user's uid (KEP-4785).
    private static final String UID_OID = "1.3.6.1.4.1.57683.2";
    private static final String UID_NAME = "k8sUid";

    private final Supplier<List<X509Certificate>> authorities;
    private final Supplier<Instant> now;

    /// @param authorities those that clients' certificates must lead to; asked at each request, and must be quick
    public ClientCertificates(Supplier<List<X509Certificate>> authorities, Supplier<Instant> now) {
        this.authorities = authorities;
        this.now = now;
    }

    private record Checked(List<X509Certificate> authorities, Authentication outcome, Instant until) {}

    @Override
    public Authentication authenticate(Exchange exchange) {
        List<X509Certificate> chain = exchange.peerCertificates();
        if (chain.isEmpty()) {
            return Authentication.NONE;
        }
        List<X509Certificate> current = authorities.get();
        Instant time = now.get();
        if (exchange.connectionState().get(this) instanceof Checked checked && checked.authorities.equals(current) && time.isBefore(checked.until)) {
            return checked.outcome;
        }
        Checked checked = new Checked(current, check(chain, current, time), chain.getFirst().getNotAfter().toInstant());
        exchange.connectionState().put(this, checked);
        return checked.outcome;
    }

    /// Who the leaf of a chain stands for, if the chain leads to one of the authorities at that time.
    static Authentication check(List<X509Certificate> chain, List<X509Certificate> authorities, Instant time) {
        try {
            verify(chain, authorities, time);
            return known(chain.getFirst());
        } catch (GeneralSecurityException | InvalidNameException e) {
            return new Authentication.Failed("the client certificate of " + chain.getFirst().getSubjectX500Principal() + " is not accepted: " + e.getMessage());
        }
    }

    static void verify(List<X509Certificate> chain, List<X509Certificate> authorities, Instant time) throws GeneralSecurityException {
        if (authorities.isEmpty()) {
            throw new GeneralSecurityException("the server trusts no authority for client certificates");
        }
        List<X509Certificate> path = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            if (authorities.contains(certificate) && !path.isEmpty()) {
                break;
            }
            path.add(certificate);
        }
        Set<TrustAnchor> anchors = authorities.stream().map(authority -> new TrustAnchor(authority, null)).collect(Collectors.toSet());
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(time));
        CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        List<String> usages = chain.getFirst().getExtendedKeyUsage();
        if (usages != null && !usages.contains(FOR_CLIENTS) && !usages.contains(FOR_ANYTHING)) {
            throw new GeneralSecurityException("its extended key usage is " + usages + ", which does not include client authentication");
        }
    }

    private static Authentication known(X509Certificate leaf) throws InvalidNameException, GeneralSecurityException {
        String name = "";
        List<String> groups = new ArrayList<>();
        List<String> uids = new ArrayList<>(0);
        for (Rdn rdn : new LdapName(leaf.getSubjectX500Principal().getName(X500Principal.RFC2253, Map.of(UID_OID, UID_NAME))).getRdns()) {
            var attributes = rdn.toAttributes().getAll();
            while (attributes.hasMoreElements()) {
                var attribute = attributes.nextElement();
                String value = value(attribute);
                if (attribute.getID().equalsIgnoreCase("CN")) {
                    name = value;
                } else if (attribute.getID().equalsIgnoreCase("O")) {
                    groups.add(value);
                } else if (attribute.getID().equals(UID_NAME)) {
                    uids.add(value);
                }
            }
        }
        if (uids.size() > 1) {
            throw new GeneralSecurityException("expected 1 UID, but found multiple: " + uids);
        }
        if (uids.contains("")) {
            throw new GeneralSecurityException("UID cannot be an empty string");
        }
        return name.isEmpty() ? Authentication.NONE : new Authentication.Known(new User(name, uids.isEmpty() ? "" : uids.getFirst(), groups, extra(leaf)));
    }

    private static String value(javax.naming.directory.Attribute attribute) throws GeneralSecurityException {
        try {
            return String.valueOf(attribute.get());
        } catch (javax.naming.NamingException e) {
            throw new GeneralSecurityException("its subject cannot be read", e);
        }
    }

    /// The credential's identity, for audit: the digest of the certificate.
    private static Map<String, List<String>> extra(X509Certificate leaf) throws GeneralSecurityException {
        byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded());
        return Map.of("authentication.kubernetes.io/credential-id", List.of("X509SHA256=" + java.util.HexFormat.of().formatHex(digest)));
    }
}
