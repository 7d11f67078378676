package io.j8s.controllers.nodeipam;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The equal parts of a network, and which of them are taken. For one thread.
final class CidrSet {
    private static final int MOST_BITS = 16;

    private final byte[] base;
    private final int prefix;
    private final int mask;
    private final int count;
    private final BitSet taken = new BitSet();
    private int next;

    /// @throws IllegalArgumentException when the network is none, or has no parts of this size
    CidrSet(String cidr, int maskV4, int maskV6) {
        int slash = cidr.indexOf('/');
        try {
            base = InetAddress.getByName(slash < 0 ? cidr : cidr.substring(0, slash)).getAddress();
            prefix = Integer.parseInt(cidr.substring(slash + 1));
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("\"" + cidr + "\" is no network such as 10.244.0.0/16", e);
        }
        mask = base.length == 4 ? maskV4 : maskV6;
        if (mask < prefix || mask > base.length * 8 || mask - prefix > MOST_BITS) {
            throw new IllegalArgumentException("the node mask /" + mask + " does not divide " + cidr + ": it must be within /" + prefix + " and /" + Math.min(prefix + MOST_BITS, base.length * 8));
        }
        count = 1 << (mask - prefix);
    }

    /// The next free part; null when none is left.
    @Nullable String take() {
        for (int i = 0; i < count; i++) {
            int index = (next + i) % count;
            if (!taken.get(index)) {
                taken.set(index);
                next = (index + 1) % count;
                return name(index);
            }
        }
        return null;
    }

    /// Marks a part as taken; a range that is none of the parts is ignored.
    void occupy(String cidr) {
        int index = index(cidr);
        if (index >= 0) {
            taken.set(index);
        }
    }

    /// Marks every part that has an address in common with another network as taken.
    ///
    /// @throws IllegalArgumentException when it is no network
    void exclude(String cidr) {
        int slash = cidr.indexOf('/');
        try {
            byte[] address = InetAddress.getByName(cidr.substring(0, Math.max(0, slash))).getAddress();
            int length = Integer.parseInt(cidr.substring(slash + 1));
            if (address.length != base.length) {
                return;
            }
            int bits = base.length * 8;
            BigInteger first = new BigInteger(1, address).shiftRight(bits - length).shiftLeft(bits - length);
            BigInteger last = first.add(BigInteger.ONE.shiftLeft(bits - length)).subtract(BigInteger.ONE);
            BigInteger start = new BigInteger(1, base);
            BigInteger from = first.subtract(start).shiftRight(bits - mask).max(BigInteger.ZERO);
            BigInteger to = last.subtract(start).shiftRight(bits - mask).min(BigInteger.valueOf(count - 1L));
            for (int i = from.bitLength() > 31 ? count : from.intValue(); i <= to.intValue(); i++) {
                taken.set(i);
            }
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("--service-cluster-ip-range: \"" + cidr + "\" is no network such as 10.96.0.0/12", e);
        }
    }

    /// The share of the parts that are taken.
    double usage() {
        return (double) taken.cardinality() / count;
    }

    int count() {
        return count;
    }

    void release(String cidr) {
        int index = index(cidr);
        if (index >= 0) {
            taken.clear(index);
        }
    }

    private String name(int index) {
        BigInteger offset = BigInteger.valueOf(index).shiftLeft(base.length * 8 - mask);
        byte[] sum = new BigInteger(1, base).add(offset).toByteArray();
        byte[] address = new byte[base.length];
        for (int i = 0; i < Math.min(sum.length, address.length); i++) {
            address[address.length - 1 - i] = sum[sum.length - 1 - i];
        }
        try {
            return text(InetAddress.getByAddress(address)) + "/" + mask;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has the wrong length", e);
        }
    }

    /// IPv6 in its short form (RFC 5952).
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? text.replaceFirst("(^|:)(0(:|$)){2,}", "::") : text;
    }

    private int index(String cidr) {
        int slash = cidr.indexOf('/');
        try {
            byte[] address = InetAddress.getByName(cidr.substring(0, Math.max(0, slash))).getAddress();
            if (slash < 0 || address.length != base.length || Integer.parseInt(cidr.substring(slash + 1)) != mask) {
                return -1;
            }
            BigInteger offset = new BigInteger(1, address).subtract(new BigInteger(1, base)).shiftRight(base.length * 8 - mask);
            return offset.signum() < 0 || offset.compareTo(BigInteger.valueOf(count)) >= 0 ? -1 : offset.intValue();
        } catch (UnknownHostException | NumberFormatException e) {
            return -1;
        }
    }
}
