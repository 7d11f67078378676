package io.j8s.apiserver.resources.core;

import java.math.BigInteger;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A range of addresses for services. Its first part is left to those who ask for certain addresses; others are taken at random from the rest, and from the first part
/// when the rest is used up (KEP-3070).
final class AddressRange {

    private static final int SMALLEST_STATIC_PART = 16;
    private static final int LARGEST_STATIC_PART = 256;
    private static final int STATIC_SHARE = 16;
    private static final int TRIES = 32;
    private static final long LARGEST_SCAN = 1L << 16;

    private final String cidr;
    private final boolean v6;
    private final BigInteger base;
    private final long size;
    private final long staticPart;

    AddressRange(String cidr) {
        this.cidr = cidr;
        int slash = cidr.indexOf('/');
        byte[] address = Objects.requireNonNull(IpRules.parse(cidr.substring(0, slash)));
        int bits = address.length * Byte.SIZE;
        int hostBits = Math.min(bits - Integer.parseInt(cidr.substring(slash + 1)), 62);
        this.v6 = address.length == 16;
        BigInteger number = new BigInteger(1, address);
        this.base = number.shiftRight(hostBits).shiftLeft(hostBits);
        long all = 1L << hostBits;
        this.size = Math.max(0, v6 ? all - 1 : all - 2);
        this.staticPart = size < SMALLEST_STATIC_PART ? 0 : Math.max(SMALLEST_STATIC_PART, Math.min(size / STATIC_SHARE, LARGEST_STATIC_PART));
    }

    String family() {
        return v6 ? "IPv6" : "IPv4";
    }

    @Override
    public String toString() {
        return cidr;
    }

    /// How many addresses it has for services.
    long size() {
        return size;
    }

    boolean contains(String address) {
        byte[] bytes = IpRules.parse(address);
        if (bytes == null || (bytes.length == 16) != v6) {
            return false;
        }
        BigInteger offset = new BigInteger(1, bytes).subtract(base);
        return offset.signum() > 0 && offset.compareTo(BigInteger.valueOf(size)) <= 0;
    }

    /// A free address, which `take` has taken; null when there is none.
    @Nullable String any(RandomGenerator random, Predicate<String> take) {
        for (int i = 0; i < TRIES && size > staticPart; i++) {
            String address = at(staticPart + 1 + random.nextLong(size - staticPart));
            if (take.test(address)) {
                return address;
            }
        }
        long count = Math.min(size, LARGEST_SCAN);
        long start = size == 0 ? 0 : random.nextLong(size);
        String inStaticPart = null;
        for (long i = 0; i < count; i++) {
            long offset = 1 + (start + i) % size;
            if (offset > staticPart && take.test(at(offset))) {
                return at(offset);
            }
        }
        for (long offset = 1; offset <= staticPart && inStaticPart == null; offset++) {
            inStaticPart = take.test(at(offset)) ? at(offset) : null;
        }
        return inStaticPart;
    }

    private String at(long offset) {
        byte[] number = base.add(BigInteger.valueOf(offset)).toByteArray();
        byte[] address = new byte[v6 ? 16 : 4];
        int length = Math.min(number.length, address.length);
        System.arraycopy(number, number.length - length, address, address.length - length, length);
        return IpRules.format(address);
    }
}
