package io.j8s.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bytes that others resemble. While others are packed there is an index of where eight of them in a row stand.
///
/// The packed form is a sequence of steps: so many bytes of its own, then so many from a place here. Numbers are of seven bits a byte, the lowest first.
///
/// Threads: packing, and [#rest], for one at a time; the bytes of what was packed are for all.
public final class Likeness {

    /// Shorter ones are not worth it, longer ones are rare.
    static final int LEAST_BYTES = 256;
    static final int MOST_BYTES = 32 * 1024;
    private static final int WINDOW = Long.BYTES;
    private static final int SHORTEST_NUMBER_BITS = 7;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int shift;
    /// By the hash of eight bytes, one more than the last place where they stand; 0: nowhere.
    private char @Nullable [] places;

    private Likeness(byte[] bytes) {
        this.bytes = bytes;
        this.shift = Long.SIZE - (Integer.SIZE - Integer.numberOfLeadingZeros(bytes.length));
    }

    /// Whether values of so many bytes are packed at all.
    public static boolean worthwhile(int size) {
        return size >= LEAST_BYTES && size <= MOST_BYTES;
    }

    /// @param value of a size that is [#worthwhile]
    public static Likeness to(Value value) {
        return new Likeness(value.bytes());
    }

    /// Gives the index up; whoever packs again makes it again.
    public void rest() {
        places = null;
    }

    // ---- packing

    private int hash(long eight) {
        return (int) (eight * SPREAD >>> shift);
    }

    private char[] index() {
        char[] index = places;
        if (index == null) {
            index = new char[1 << Long.SIZE - shift];
            for (int place = 0; place <= bytes.length - WINDOW; place++) {
                index[hash((long) LONG.get(bytes, place))] = (char) (place + 1);
            }
            places = index;
        }
        return index;
    }

    /// The packed form, or null when it is not shorter than half.
    byte @Nullable [] packed(byte[] whole) {
        char[] index = index();
        Steps steps = new Steps(whole.length / 2);
        int own = 0;
        int at = 0;
        int drift = 0; // where the last match ended here, less where it ended there: edits are small, so the next one usually goes on in step
        while (at <= whole.length - WINDOW && at - own + steps.length < steps.out.length) {
            int place = place(index, (long) LONG.get(whole, at), at + drift);
            if (place < 0) {
                at++;
                continue;
            }
            while (at > own && place > 0 && whole[at - 1] == bytes[place - 1]) {
                at--;
                place--;
            }
            int length = common(whole, at, place);
            if (!steps.add(whole, own, at, place, length)) {
                return null;
            }
            at += length;
            own = at;
            drift = place + length - at;
        }
        return steps.add(whole, own, whole.length, 0, 0) ? Arrays.copyOf(steps.out, steps.length) : null;
    }

    /// A place where these eight bytes stand: the expected one, or another, or -1.
    private int place(char[] index, long eight, int expected) {
        if (expected >= 0 && expected <= bytes.length - WINDOW && (long) LONG.get(bytes, expected) == eight) {
            return expected;
        }
        int known = index[hash(eight)] - 1;
        return known >= 0 && (long) LONG.get(bytes, known) == eight ? known : -1;
    }

    private int common(byte[] whole, int at, int place) {
        int most = Math.min(whole.length - at, bytes.length - place);
        int differs = Arrays.mismatch(whole, at, at + most, bytes, place, place + most);
        return differs < 0 ? most : differs;
    }

    private static final class Steps {
        private static final int LONGEST_STEP_NUMBERS = 9;
        final byte[] out;
        int length;

        Steps(int most) {
            out = new byte[most];
        }

        /// Answers false when there is no room.
        boolean add(byte[] from, int start, int end, int place, int copied) {
            if (length + LONGEST_STEP_NUMBERS + end - start > out.length) {
                return false;
            }
            number(end - start);
            System.arraycopy(from, start, out, length, end - start);
            length += end - start;
            number(copied);
            if (copied > 0) {
                number(place);
            }
            return true;
        }

        private void number(int value) {
            int rest = value;
            while (rest >>> SHORTEST_NUMBER_BITS != 0) {
                out[length++] = (byte) (rest | 1 << SHORTEST_NUMBER_BITS);
                rest >>>= SHORTEST_NUMBER_BITS;
            }
            out[length++] = (byte) rest;
        }
    }

    // ---- and back

    byte[] restored(byte[] packed, int size) {
        byte[] whole = new byte[size];
        Numbers in = new Numbers(packed);
        int at = 0;
        while (in.at < packed.length) {
            int own = in.next();
            System.arraycopy(packed, in.at, whole, at, own);
            in.at += own;
            at += own;
            int copied = in.next();
            if (copied > 0) {
                System.arraycopy(bytes, in.next(), whole, at, copied);
                at += copied;
            }
        }
        return whole;
    }

    private static final class Numbers {
        private final byte[] from;
        int at;

        Numbers(byte[] from) {
            this.from = from;
        }

        int next() {
            int value = 0;
            int bits = 0;
            int read = from[at++];
            while (read < 0) {
                value |= (read & 0x7F) << bits;
                bits += SHORTEST_NUMBER_BITS;
                read = from[at++];
            }
            return value | read << bits;
        }
    }
}
