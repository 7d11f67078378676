package io.j8s.apiserver.admission.plugins;

import io.j8s.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// Reads the subject of a certificate signing request (PKCS#10, RFC 2986) in PEM.
final class CertificateSubjects {

    private CertificateSubjects() {}

    /// The common name; empty when there is none or the request cannot be read.
    static String commonName(Bytes pem) {
        List<String> names = values(pem, "CN");
        return names.isEmpty() ? "" : names.getFirst();
    }

    static List<String> organizations(Bytes pem) {
        return values(pem, "O");
    }

    private static List<String> values(Bytes pem, String attribute) {
        List<String> values = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(subject(pem).getName()).getRdns()) {
                var found = rdn.toAttributes().get(attribute);
                if (found != null) {
                    values.add(String.valueOf(found.get()));
                }
            }
        } catch (InvalidNameException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return List.of();
        } catch (NamingException e) {
            return List.of();
        }
        return values;
    }

    /// CertificationRequest ::= SEQUENCE { info SEQUENCE { version INTEGER, subject Name, … }, … }
    private static X500Principal subject(Bytes pem) {
        String text = new String(pem.toArray(), StandardCharsets.US_ASCII);
        int begin = text.indexOf("-----BEGIN CERTIFICATE REQUEST-----");
        int end = text.indexOf("-----END CERTIFICATE REQUEST-----");
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("no CERTIFICATE REQUEST block");
        }
        byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + "-----BEGIN CERTIFICATE REQUEST-----".length(), end));
        int request = content(der, 0);
        int info = content(der, request);
        int version = content(der, info);
        int subject = version + length(der, info);
        int size = content(der, subject) - subject + length(der, subject);
        return new X500Principal(java.util.Arrays.copyOfRange(der, subject, subject + size));
    }

    /// Where the content of the element at a place begins.
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = length << 8 | der[at + 2 + i] & 0xFF;
        }
        return length;
    }
}
