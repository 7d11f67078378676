package io.j8s.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Values that are kept as what differs from others.
class LikenessTest {

    private static final int SIZE = 2_000;

    private static byte[] random(Random random, int size, int letters) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) random.nextInt(letters);
        }
        return bytes;
    }

    @Test
    void a_value_that_differs_little_takes_little_and_says_the_same() {
        byte[] template = random(new Random(1), SIZE, 256);
        byte[] like = template.clone();
        byte[] name = "another-name".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, like, 100, name.length);

        Value value = Value.of(like.clone());
        assertThat(value.pack(Likeness.to(Value.of(template)))).isTrue();

        assertThat(value.isPacked()).isTrue();
        assertThat(value.size()).isEqualTo(SIZE);
        assertThat(value.bytes()).isEqualTo(like);
        assertThat(Likeness.to(Value.of(template)).packed(like)).hasSizeLessThan(SIZE / 20);
    }

    @Test
    void a_value_that_differs_much_stays_whole() {
        byte[] other = random(new Random(2), SIZE, 256);
        Value value = Value.of(other);
        assertThat(value.pack(Likeness.to(Value.of(random(new Random(3), SIZE, 256))))).isFalse();
        assertThat(value.isPacked()).isFalse();
        assertThat(value.bytes()).isSameAs(other);
    }

    @Test
    void whatever_was_cut_out_put_in_or_moved_comes_back_as_it_was() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            int letters = 1 << (1 + random.nextInt(8));
            byte[] template = random(random, Likeness.LEAST_BYTES + random.nextInt(SIZE), letters);
            byte[] edited = edited(random, template, letters);
            Likeness likeness = Likeness.to(Value.of(template));
            byte[] packed = likeness.packed(edited);
            if (packed != null) {
                assertThat(packed.length).as("seed %s", seed).isLessThanOrEqualTo(edited.length / 2);
                assertThat(likeness.restored(packed, edited.length)).as("seed %s", seed).isEqualTo(edited);
            }
            likeness.rest();
            assertThat(likeness.packed(edited)).as("seed %s", seed).isEqualTo(packed);
        }
    }

    private static byte[] edited(Random random, byte[] template, int letters) {
        byte[] bytes = template;
        for (int edit = random.nextInt(6); edit > 0; edit--) {
            int at = random.nextInt(bytes.length);
            int cut = Math.min(bytes.length - at, random.nextInt(300));
            byte[] put = random.nextBoolean() ? random(random, random.nextInt(300), letters) : Arrays.copyOfRange(template, 0, random.nextInt(template.length));
            byte[] next = new byte[bytes.length - cut + put.length];
            System.arraycopy(bytes, 0, next, 0, at);
            System.arraycopy(put, 0, next, at, put.length);
            System.arraycopy(bytes, at + cut, next, at + put.length, bytes.length - at - cut);
            bytes = next.length == 0 ? bytes : next;
        }
        return bytes;
    }
}
