package io.j8s.node.simulated;

/// A range of IPv4 addresses, in CIDR notation.
record Ipv4Range(int first, int bits) {

    Ipv4Range(String text) {
        this(parse(text), Integer.parseInt(text.substring(text.indexOf('/') + 1)));
    }

    long size() {
        return 1L << (32 - bits);
    }

    String address(long offset) {
        if (offset < 0 || offset >= size()) {
            throw new IllegalArgumentException("offset " + offset + " is not in " + this);
        }
        int address = (int) (first + offset);
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    /// The range of `size` bits with this number, counted from the beginning.
    Ipv4Range part(int number, int size) {
        long count = 1L << (size - bits);
        if (number >= count) {
            throw new IllegalArgumentException(this + " has " + count + " ranges of /" + size + ", no number " + number + "; give a larger network or fewer nodes");
        }
        return new Ipv4Range(first + (number << (32 - size)), size);
    }

    @Override
    public String toString() {
        return address(0) + "/" + bits;
    }

    private static int parse(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 range such as 10.244.0.0/16");
        }
        int address = 0;
        for (String part : text.substring(0, text.indexOf('/')).split("\\.")) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }
}
