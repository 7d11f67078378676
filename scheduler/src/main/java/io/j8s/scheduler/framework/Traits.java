package io.j8s.scheduler.framework;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Numbers that describe a node: nodes with the same numbers are alike to the filters and scores that gave them.
public final class Traits {

    private long[] numbers = new long[4];
    private int size;

    public void add(long number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
    }

    void clear() {
        size = 0;
    }

    /// A copy to keep.
    Traits copy() {
        Traits copy = new Traits();
        copy.numbers = Arrays.copyOf(numbers, Math.max(1, size));
        copy.size = size;
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Traits that && size == that.size && Arrays.equals(numbers, 0, size, that.numbers, 0, size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < size; i++) {
            hash = hash * 31 + Long.hashCode(numbers[i]);
        }
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(numbers, size));
    }
}
