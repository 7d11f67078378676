package io.j8s.apiserver.cel;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/// `ip('…')` and `cidr('…')`, and what can be asked of them.
final class AddressFunctions {

    private static final OpaqueType IP = OpaqueType.create("net.IP");
    private static final OpaqueType CIDR = OpaqueType.create("net.CIDR");
    private static final Pattern V4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private AddressFunctions() {}

    record Ip(InetAddress address) {
        boolean v6() {
            return address instanceof Inet6Address;
        }

        String text() {
            return v6() ? shortest(address.getAddress()) : address.getHostAddress();
        }
    }

    record Cidr(Ip ip, int prefix) {
        boolean contains(Ip other) {
            return other.v6() == ip.v6() && masked(other, prefix).equals(masked(ip, prefix));
        }

        @Override
        public String toString() {
            return ip.text() + "/" + prefix;
        }
    }

    static void addTo(Functions f) {
        f.global("ip", "k8s_ip", IP, args -> parse((String) args[0]), SimpleType.STRING);
        f.global("isIP", "k8s_is_ip", SimpleType.BOOL, args -> looksLike((String) args[0]), SimpleType.STRING);
        f.global("ip.isCanonical", "k8s_ip_is_canonical", SimpleType.BOOL, args -> parse((String) args[0]).text().equals(args[0]), SimpleType.STRING);
        f.member("family", "k8s_ip_family", SimpleType.INT, args -> ((Ip) args[0]).v6() ? 6L : 4L, IP);
        f.member("isUnspecified", "k8s_ip_is_unspecified", SimpleType.BOOL, args -> address(args[0]).isAnyLocalAddress(), IP);
        f.member("isLoopback", "k8s_ip_is_loopback", SimpleType.BOOL, args -> address(args[0]).isLoopbackAddress(), IP);
        f.member("isLinkLocalMulticast", "k8s_ip_is_llm", SimpleType.BOOL, args -> address(args[0]).isMCLinkLocal(), IP);
        f.member("isLinkLocalUnicast", "k8s_ip_is_llu", SimpleType.BOOL, args -> address(args[0]).isLinkLocalAddress(), IP);
        f.member("isGlobalUnicast", "k8s_ip_is_global", SimpleType.BOOL, args -> global(address(args[0])), IP);
        f.global("string", "k8s_ip_to_string", SimpleType.STRING, args -> ((Ip) args[0]).text(), IP);
        f.global("cidr", "k8s_cidr", CIDR, args -> parseCidr((String) args[0]), SimpleType.STRING);
        f.global("isCIDR", "k8s_is_cidr", SimpleType.BOOL, args -> isCidr((String) args[0]), SimpleType.STRING);
        f.member("containsIP", "k8s_cidr_contains_ip", SimpleType.BOOL, args -> ((Cidr) args[0]).contains((Ip) args[1]), CIDR, IP);
        f.member("containsIP", "cidr_contains_ip_string", SimpleType.BOOL, args -> ((Cidr) args[0]).contains(parse((String) args[1])), CIDR, SimpleType.STRING);
        f.member("containsCIDR", "k8s_cidr_contains", SimpleType.BOOL, args -> contains((Cidr) args[0], (Cidr) args[1]), CIDR, CIDR);
        f.member("containsCIDR", "cidr_contains_cidr_string", SimpleType.BOOL, args -> contains((Cidr) args[0], parseCidr((String) args[1])), CIDR, SimpleType.STRING);
        f.member("ip", "cidr_ip", IP, args -> ((Cidr) args[0]).ip, CIDR);
        f.member("masked", "k8s_cidr_masked", CIDR, args -> new Cidr(masked(((Cidr) args[0]).ip, ((Cidr) args[0]).prefix), ((Cidr) args[0]).prefix), CIDR);
        f.member("prefixLength", "k8s_cidr_prefix", SimpleType.INT, args -> (long) ((Cidr) args[0]).prefix, CIDR);
        f.global("string", "k8s_cidr_to_string", SimpleType.STRING, args -> args[0].toString(), CIDR);
    }

    private static InetAddress address(Object ip) {
        return ((Ip) ip).address;
    }

    private static boolean global(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isLoopbackAddress() && !address.isMulticastAddress() && !address.isLinkLocalAddress();
    }

    private static boolean looksLike(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Ip parse(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            throw new IllegalArgumentException("IP Address '" + text + "' parse error during conversion from string");
        }
        InetAddress address = InetAddress.ofLiteral(text);
        if (text.indexOf(':') >= 0 && !(address instanceof Inet6Address)) {
            throw new IllegalArgumentException("IPv4-mapped IPv6 address \"" + text + "\" is not allowed");
        }
        return new Ip(address);
    }

    private static boolean isCidr(String text) {
        try {
            parseCidr(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Cidr parseCidr(String text) {
        int slash = text.indexOf('/');
        String digits = slash < 0 ? "" : text.substring(slash + 1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("network address '" + text + "' parse error during conversion from string");
        }
        Ip ip = parse(text.substring(0, slash));
        int prefix = Integer.parseInt(digits);
        if (prefix > (ip.v6() ? 128 : 32)) {
            throw new IllegalArgumentException("network address '" + text + "' parse error: its prefix is too long");
        }
        return new Cidr(ip, prefix);
    }

    private static boolean contains(Cidr outer, Cidr inner) {
        return inner.prefix >= outer.prefix && outer.contains(inner.ip);
    }

    private static Ip masked(Ip ip, int prefix) {
        byte[] bytes = ip.address.getAddress();
        int bits = bytes.length * 8;
        BigInteger mask = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE).shiftRight(bits - prefix).shiftLeft(bits - prefix);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= mask.shiftRight(bits - 8 * (i + 1)).byteValue();
        }
        try {
            return new Ip(InetAddress.getByAddress(bytes));
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }

    /// RFC 5952: the longest run of zeros is left out.
    private static String shortest(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF;
        }
        int from = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                from = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == from) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
