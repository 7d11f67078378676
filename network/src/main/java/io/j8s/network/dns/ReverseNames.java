package io.j8s.network.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// Addresses written as names: `7.0.244.10.in-addr.arpa`, `….ip6.arpa` (RFC 1035, RFC 3596), and `10-244-0-7`.
final class ReverseNames {

    static final Name V4 = Name.fromConstantString("in-addr.arpa.");
    static final Name V6 = Name.fromConstantString("ip6.arpa.");

    private ReverseNames() {}

    /// The address that a reverse name stands for; null when it is not a whole one.
    static @Nullable InetAddress address(Name name) {
        if (name.subdomain(V4) && name.labels() == V4.labels() + 4) {
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int part = number(name.getLabelString(3 - i), 10, 255);
                if (part < 0) {
                    return null;
                }
                bytes[i] = (byte) part;
            }
            return of(bytes);
        }
        if (name.subdomain(V6) && name.labels() == V6.labels() + 32) {
            byte[] bytes = new byte[16];
            for (int i = 0; i < 32; i++) {
                int digit = number(name.getLabelString(31 - i), 16, 15);
                if (digit < 0) {
                    return null;
                }
                bytes[i / 2] = (byte) (bytes[i / 2] << 4 | digit);
            }
            return of(bytes);
        }
        return null;
    }

    /// The address in a label such as `10-244-0-7` or `fd00--1`; null when it is none.
    static @Nullable InetAddress dashed(String label) {
        String dotted = label.replace('-', '.');
        String coloned = label.replace('-', ':');
        if (dotted.chars().allMatch(c -> c == '.' || Character.digit(c, 10) >= 0) && dotted.chars().filter(c -> c == '.').count() == 3) {
            return literal(dotted);
        }
        if (coloned.chars().allMatch(c -> c == ':' || Character.digit(c, 16) >= 0) && coloned.indexOf(':') >= 0) {
            return literal(coloned);
        }
        return null;
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static int number(String text, int radix, int most) {
        try {
            int number = Integer.parseInt(text, radix);
            return number >= 0 && number <= most ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
