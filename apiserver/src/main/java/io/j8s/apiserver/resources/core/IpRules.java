package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Addresses and ranges of addresses, as text.
public final class IpRules {

    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;

    private IpRules() {}

    /// The address's bytes (4 or 16), or null when the text is none. Leading zeros are none, as are scopes.
    public static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? parse6(text) : parse4(text);
    }

    public static boolean isIp(String text) {
        return parse(text) != null;
    }

    /// Whether the text is an address when leading zeros do not count.
    static boolean isLenientIp(String text) {
        return isIp(withoutLeadingZeros(text));
    }

    public static boolean isV6(String text) {
        return text.indexOf(':') >= 0;
    }

    /// An address that others read in one way only: without leading zeros, and not IPv4 in the clothes of IPv6.
    public static void check(String text, FieldPath path, FieldErrors errors) {
        byte[] address = parse(text);
        if (address != null && isMapped(address)) {
            errors.invalid(path, text, "must not be an IPv4-mapped IPv6 address");
        } else if (address == null) {
            boolean zeros = parse(withoutLeadingZeros(text)) != null;
            errors.invalid(path, text, zeros ? "must not have leading 0s" : "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    /// An address in the one form that fields younger than the rule take.
    public static void checkCanonical(String text, FieldPath path, FieldErrors errors) {
        check(text, path, errors);
        byte[] address = parse(text);
        if (address != null && !isMapped(address) && !format(address).equals(text)) {
            errors.invalid(path, text, "must be in canonical form (\"" + format(address) + "\")");
        }
    }

    /// The text without zeros in front of IPv4's numbers (and of a range's length), as lenient parsers take it.
    private static String withoutLeadingZeros(String text) {
        return text.replaceAll("(?<![0-9A-Fa-f:])0+(?=[0-9])", "");
    }

    private static boolean isMapped(byte[] address) {
        if (address.length == 4 || address[10] != -1 || address[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }

    public static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return false;
        }
        String bits = text.substring(slash + 1);
        byte[] address = parse(text.substring(0, slash));
        boolean padded = bits.length() > 1 && bits.charAt(0) == '0';
        if (address == null || bits.isEmpty() || bits.length() > 3 || padded || !bits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        return Integer.parseInt(bits) <= (address.length == 4 ? V4_BITS : V6_BITS);
    }

    public static void checkCidr(String text, FieldPath path, FieldErrors errors) {
        if (!isCidr(text)) {
            boolean zeros = isCidr(withoutLeadingZeros(text));
            errors.invalid(path, text, zeros ? "must not have leading 0s in IP or prefix length" : "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            return;
        }
        int slash = text.indexOf('/');
        byte[] address = Objects.requireNonNull(parse(text.substring(0, slash)));
        if (isMapped(address)) {
            errors.invalid(path, text, "must not have an IPv4-mapped IPv6 address");
        } else if (!Arrays.equals(address, masked(address, Integer.parseInt(text.substring(slash + 1))))) {
            errors.invalid(path, text, "must not have bits set beyond the prefix length");
        }
    }

    /// The address with only its first bits.
    public static byte[] masked(byte[] address, int bits) {
        byte[] first = address.clone();
        for (int bit = bits; bit < first.length * 8; bit++) {
            first[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        return first;
    }

    /// An address at which endpoints are not reached from elsewhere.
    public static void checkReachable(String text, FieldPath path, FieldErrors errors) {
        byte[] address = parse(withoutLeadingZeros(text));
        if (address == null) {
            return;
        }
        if (isUnspecified(address)) {
            errors.invalid(path, text, "may not be unspecified (" + text + ")");
        }
        boolean four = address.length == 4;
        if (four ? address[0] == 127 : isLoopback6(address)) {
            errors.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        boolean linkLocal = four ? address[0] == (byte) 169 && address[1] == (byte) 254 : address[0] == (byte) 0xfe && (address[1] & 0xc0) == 0x80;
        if (linkLocal) {
            errors.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        boolean linkLocalMulticast = four
                ? address[0] == (byte) 224 && address[1] == 0 && address[2] == 0
                : address[0] == (byte) 0xff && (address[1] & 0x0f) == 2;
        if (linkLocalMulticast) {
            errors.invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    private static boolean isUnspecified(byte[] address) {
        for (byte b : address) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLoopback6(byte[] address) {
        for (int i = 0; i < 15; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[15] == 1;
    }

    /// The address as text, of IPv6 the short form (RFC 5952).
    static String format(byte[] address) {
        if (address.length == 4) {
            return (address[0] & 0xff) + "." + (address[1] & 0xff) + "." + (address[2] & 0xff) + "." + (address[3] & 0xff);
        }
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && address[2 * end] == 0 && address[2 * end + 1] == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gapStart = i;
                gapLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString((address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff));
            }
        }
        return text.toString();
    }

    private static byte @Nullable [] parse4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9') || (part.length() > 1 && part.charAt(0) == '0')) {
                return null;
            }
            int value = Integer.parseInt(part);
            if (value > 255) {
                return null;
            }
            address[i] = (byte) value;
        }
        return address;
    }

    private static byte @Nullable [] parse6(String text) {
        int gap = text.indexOf("::");
        List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2), true);
        if (head == null || tail == null) {
            return null;
        }
        int count = head.size() + tail.size();
        if (gap < 0 ? count != 8 : count > 7) {
            return null;
        }
        byte[] address = new byte[16];
        for (int i = 0; i < head.size(); i++) {
            put(address, i, head.get(i));
        }
        for (int i = 0; i < tail.size(); i++) {
            put(address, 8 - tail.size() + i, tail.get(i));
        }
        return address;
    }

    private static void put(byte[] address, int group, int value) {
        address[2 * group] = (byte) (value >> 8);
        address[2 * group + 1] = (byte) value;
    }

    private static @Nullable List<Integer> groups(String text, boolean last) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return groups;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (last && i == parts.length - 1 && part.contains(".")) {
                byte[] four = parse4(part);
                if (four == null) {
                    return null;
                }
                groups.add((four[0] & 0xff) << 8 | four[1] & 0xff);
                groups.add((four[2] & 0xff) << 8 | four[3] & 0xff);
            } else if (part.isEmpty() || part.length() > 4 || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                return null;
            } else {
                groups.add(Integer.parseInt(part, 16));
            }
        }
        return groups;
    }
}
