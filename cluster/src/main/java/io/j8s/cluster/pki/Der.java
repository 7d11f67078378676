package io.j8s.cluster.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Date;
import org.apache.kerby.asn1.Asn1;
import org.apache.kerby.asn1.Tag;
import org.apache.kerby.asn1.TaggingOption;
import org.apache.kerby.asn1.parse.Asn1ParseResult;
import org.apache.kerby.asn1.type.Asn1BitString;
import org.apache.kerby.asn1.type.Asn1Boolean;
import org.apache.kerby.asn1.type.Asn1Encodeable;
import org.apache.kerby.asn1.type.Asn1GeneralizedTime;
import org.apache.kerby.asn1.type.Asn1IA5String;
import org.apache.kerby.asn1.type.Asn1Integer;
import org.apache.kerby.asn1.type.Asn1Null;
import org.apache.kerby.asn1.type.Asn1ObjectIdentifier;
import org.apache.kerby.asn1.type.Asn1OctetString;
import org.apache.kerby.asn1.type.Asn1Sequence;
import org.apache.kerby.asn1.type.Asn1Set;
import org.apache.kerby.asn1.type.Asn1Type;
import org.apache.kerby.asn1.type.Asn1UtcTime;
import org.apache.kerby.asn1.type.Asn1Utf8String;

/// The structures that certificates and requests for them are made of (RFC 5280, appendix A; RFC 2986), as ASN.1 values.
final class Der {
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String ORGANIZATION = "2.5.4.10";
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String RSA_WITH_SHA256 = "1.2.840.113549.1.1.11";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    /// From then on times are written with four digits for the year (RFC 5280, 4.1.2.5).
    private static final Instant LONG_YEARS = Instant.parse("2050-01-01T00:00:00Z");

    private Der() {}

    static Asn1Sequence sequence(Asn1Type... items) {
        Asn1Sequence sequence = new Asn1Sequence();
        for (Asn1Type item : items) {
            sequence.addItem(item);
        }
        return sequence;
    }

    static Asn1Set set(Asn1Type... items) {
        Asn1Set set = new Asn1Set();
        for (Asn1Type item : items) {
            set.addItem(item);
        }
        return set;
    }

    static Asn1ObjectIdentifier identifier(String dotted) {
        return new Asn1ObjectIdentifier(dotted);
    }

    static Asn1Integer integer(BigInteger value) {
        return new Asn1Integer(value);
    }

    static Asn1Type time(Instant at) {
        return at.isBefore(LONG_YEARS) ? new Asn1UtcTime(Date.from(at)) : new Asn1GeneralizedTime(Date.from(at));
    }

    /// `[number] EXPLICIT content`
    static Asn1Type explicit(int number, Asn1Encodeable content) {
        return tagged(content, TaggingOption.newExplicitContextSpecific(number));
    }

    /// `[number] IMPLICIT content`
    static Asn1Type implicit(int number, Asn1Encodeable content) {
        return tagged(content, TaggingOption.newImplicitContextSpecific(number));
    }

    private static Asn1Type tagged(Asn1Encodeable content, TaggingOption tag) {
        try {
            return new Encoded(content.taggedEncode(tag));
        } catch (IOException e) {
            throw new PkiException("a value cannot be encoded", e);
        }
    }

    /// What is encoded already, taken over as it is.
    static Asn1Type encoded(byte[] bytes) {
        return new Encoded(bytes);
    }

    private static final class Encoded extends Asn1Encodeable {
        private final byte[] bytes;

        Encoded(byte[] bytes) {
            super(new Tag(bytes[0] & 0xFF));
            this.bytes = bytes;
        }

        @Override
        public int encodingLength() {
            return bytes.length;
        }

        @Override
        public void encode(ByteBuffer target) {
            target.put(bytes);
        }

        @Override
        protected int encodingBodyLength() {
            throw new UnsupportedOperationException("it is encoded as a whole");
        }

        @Override
        protected void decodeBody(Asn1ParseResult parsed) {
            throw new UnsupportedOperationException("it is only written");
        }
    }

    /// The bits of a key, without what says of which kind it is (SubjectPublicKeyInfo).
    static byte[] keyBits(PublicKey key) {
        try {
            return ((Asn1BitString) ((Asn1Sequence) Asn1.decode(key.getEncoded())).getValue().get(1)).getValue();
        } catch (IOException e) {
            throw new PkiException("a " + key.getAlgorithm() + " key is not encoded as X.509 has it", e);
        }
    }

    static byte[] encode(Asn1Type value) {
        try {
            return value.encode();
        } catch (IOException e) {
            throw new PkiException("a value cannot be encoded", e);
        }
    }

    /// The groups, and then the name, each a relative name of its own.
    static Asn1Sequence name(CertificateOrder order) {
        Asn1Sequence name = new Asn1Sequence();
        order.organizations().forEach(group -> name.addItem(attribute(ORGANIZATION, group)));
        name.addItem(attribute(COMMON_NAME, order.commonName()));
        return name;
    }

    static Asn1Sequence name(String commonName) {
        return sequence(attribute(COMMON_NAME, commonName));
    }

    private static Asn1Set attribute(String type, String value) {
        return set(sequence(identifier(type), new Asn1Utf8String(value)));
    }

    static Asn1Sequence extension(String type, boolean critical, Asn1Type value) {
        Asn1OctetString wrapped = new Asn1OctetString(encode(value));
        return critical ? sequence(identifier(type), new Asn1Boolean(true), wrapped) : sequence(identifier(type), wrapped);
    }

    static Asn1Type dnsName(String name) {
        return implicit(DNS_NAME, new Asn1IA5String(name));
    }

    /// What a server answers to (GeneralNames); empty for a pure client.
    static Asn1Sequence alternativeNames(CertificateOrder order) {
        Asn1Sequence names = new Asn1Sequence();
        order.dnsNames().stream().sorted().forEach(name -> names.addItem(dnsName(name)));
        order.addresses().stream().sorted(java.util.Comparator.comparing(InetAddress::getHostAddress))
                .forEach(address -> names.addItem(implicit(IP_ADDRESS, new Asn1OctetString(address.getAddress()))));
        return names;
    }

    /// The algorithm that a key signs with.
    static Asn1Sequence algorithm(PrivateKey key) {
        return isRsa(key) ? sequence(identifier(RSA_WITH_SHA256), Asn1Null.INSTANCE) : sequence(identifier(ECDSA_WITH_SHA256));
    }

    /// `SEQUENCE { content, algorithm, signature of the content }`: a certificate, or a request for one.
    static byte[] signed(Asn1Sequence content, PrivateKey key) {
        String algorithm = isRsa(key) ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(encode(content));
            return encode(sequence(content, algorithm(key), new Asn1BitString(signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new PkiException("a certificate or a request for one cannot be signed with " + algorithm, e);
        }
    }

    private static boolean isRsa(PrivateKey key) {
        return key.getAlgorithm().equals("RSA");
    }
}
