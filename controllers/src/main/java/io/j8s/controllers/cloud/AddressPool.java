package io.j8s.controllers.cloud;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Addresses for load balancers: ranges (`192.0.2.10-192.0.2.50`), networks (`192.0.2.0/28`) and single addresses, separated by commas, of either family.
public record AddressPool(List<Range> ranges) {

    public static final AddressPool NONE = new AddressPool(List.of());

    /// Both ends belong to it.
    record Range(BigInteger first, BigInteger last, int bytes) {
        boolean contains(BigInteger address, int length) {
            return length == bytes && address.compareTo(first) >= 0 && address.compareTo(last) <= 0;
        }
    }

    public AddressPool {
        ranges = List.copyOf(ranges);
    }

    /// @throws IllegalArgumentException naming the part that cannot be read
    public static AddressPool parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",")) {
            if (!part.isBlank()) {
                ranges.add(range(part.strip()));
            }
        }
        return new AddressPool(ranges);
    }

    private static Range range(String part) {
        int dash = part.indexOf('-');
        int slash = part.indexOf('/');
        if (dash > 0) {
            byte[] first = bytes(part.substring(0, dash).strip(), part);
            byte[] last = bytes(part.substring(dash + 1).strip(), part);
            if (first.length != last.length || number(first).compareTo(number(last)) > 0) {
                throw new IllegalArgumentException("load balancer pool: \"" + part + "\" must go from a lower to a higher address of one family");
            }
            return new Range(number(first), number(last), first.length);
        }
        if (slash > 0) {
            byte[] base = bytes(part.substring(0, slash), part);
            int host = base.length * 8 - prefix(part.substring(slash + 1), base.length * 8, part);
            BigInteger size = BigInteger.ONE.shiftLeft(host);
            BigInteger first = number(base).divide(size).multiply(size);
            return new Range(first, first.add(size).subtract(BigInteger.ONE), base.length);
        }
        byte[] single = bytes(part, part);
        return new Range(number(single), number(single), single.length);
    }

    private static int prefix(String text, int most, String part) {
        try {
            int prefix = Integer.parseInt(text);
            if (prefix >= 0 && prefix <= most) {
                return prefix;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("load balancer pool: \"" + part + "\" must end in /0 to /" + most);
    }

    private static byte[] bytes(String text, String part) {
        boolean literal = text.indexOf(':') >= 0 || text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        try {
            if (literal && !text.isEmpty()) {
                return InetAddress.getByName(text).getAddress();
            }
        } catch (UnknownHostException e) {
            // told below
        }
        throw new IllegalArgumentException("load balancer pool: \"" + text + "\" in \"" + part + "\" is not an IP address");
    }

    private static BigInteger number(byte[] address) {
        return new BigInteger(1, address);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    public boolean contains(String address) {
        byte[] bytes = bytes(address, address);
        return ranges.stream().anyMatch(range -> range.contains(number(bytes), bytes.length));
    }

    /// The lowest address of a family that is not taken; null when there is none.
    ///
    /// @param family `IPv4` or `IPv6`
    @Nullable String firstFree(String family, Predicate<String> taken) {
        int length = family.equals("IPv6") ? 16 : 4;
        for (Range range : ranges) {
            for (BigInteger at = range.first; range.bytes == length && at.compareTo(range.last) <= 0; at = at.add(BigInteger.ONE)) {
                String address = text(at, length);
                if (!taken.test(address)) {
                    return address;
                }
            }
        }
        return null;
    }

    private static String text(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        byte[] magnitude = number.toByteArray();
        int count = Math.min(magnitude.length, length);
        System.arraycopy(magnitude, magnitude.length - count, bytes, length - count, count);
        return length == 16 ? canonical(bytes) : (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
    }

    /// As RFC 5952 wants it: no leading zeros, and the longest run of two or more zero groups as `::`.
    private static String canonical(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 255) << 8 | (bytes[2 * i + 1] & 255);
        }
        int start = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                longest = end - i;
                start = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
