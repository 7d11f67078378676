package io.j8s.cluster.pki;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/// Just enough DER (X.690) to put older key forms into PKCS #8.
final class Der {
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;

    private Der() {}

    static byte[] wrapRsa(byte[] pkcs1) {
        return element(SEQUENCE, VERSION_0, RSA, element(OCTETS, pkcs1));
    }

    /// The curve stands in the key itself, as its element [0] (RFC 5915).
    static byte[] wrapEc(byte[] sec1, String source) {
        int at = contentStart(sec1, 0);
        while (at < sec1.length) {
            int content = contentStart(sec1, at);
            int end = content + length(sec1, at);
            if ((sec1[at] & 0xff) == PARAMETERS) {
                byte[] curve = Arrays.copyOfRange(sec1, content, end);
                return element(SEQUENCE, VERSION_0, element(SEQUENCE, EC_PUBLIC_KEY, curve), element(OCTETS, sec1));
            }
            at = end;
        }
        throw new PkiException(source + ": the EC key does not name its curve");
    }

    private static byte[] element(int tag, byte[]... parts) {
        int size = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + 4);
        out.write(tag);
        if (size < 0x80) {
            out.write(size);
        } else if (size < 0x100) {
            out.write(0x81);
            out.write(size);
        } else {
            out.write(0x82);
            out.write(size >> 8);
            out.write(size);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static int contentStart(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }
}
