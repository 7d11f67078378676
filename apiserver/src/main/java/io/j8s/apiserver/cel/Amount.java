package io.j8s.apiserver.cel;

/// The least and the most of a size or a cost. Additions and products end at [#UNBOUNDED].
record Amount(long least, long most) {

    static final long UNBOUNDED = Long.MAX_VALUE;
    static final Amount NONE = new Amount(0, 0);
    static final Amount UNKNOWN = new Amount(0, UNBOUNDED);

    static Amount exactly(long amount) {
        return new Amount(amount, amount);
    }

    Amount plus(Amount other) {
        return new Amount(sum(least, other.least), sum(most, other.most));
    }

    Amount times(Amount other) {
        return new Amount(product(least, other.least), product(most, other.most));
    }

    Amount times(double factor) {
        return new Amount(scaled(least, factor), scaled(most, factor));
    }

    /// What covers both.
    Amount or(Amount other) {
        return new Amount(Math.min(least, other.least), Math.max(most, other.most));
    }

    static long sum(long a, long b) {
        return a > UNBOUNDED - b ? UNBOUNDED : a + b;
    }

    static long product(long a, long b) {
        return b != 0 && a > UNBOUNDED / b ? UNBOUNDED : a * b;
    }

    static long scaled(long amount, double factor) {
        double scaled = Math.ceil(amount * factor);
        return amount == UNBOUNDED && factor > 0 || scaled >= UNBOUNDED ? UNBOUNDED : (long) scaled;
    }
}
