package io.j8s.it.robust;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Makes wrong bodies of right ones.
final class Mutator {
    private static final List<byte[]> TOKENS = List.of("{", "}", "[", "]", "\"", ",", ":", "null", "true", "-0", "1e999", "99999999999999999999", "-9223372036854775809", "0x10", "NaN", "\\u0000", "\\ud800",
                    "\u0000", "\n---\n", "&a ", "*a", "!!binary ", "<<: ", "? ", "%YAML 9.9\n", "- ", "\t", "\ufeff", "../", "%2f", "1s", "\"\"", "{}", "[]", "[[]]", "{\"\":{}}", "\"$patch\":\"delete\"",
                    "\"$retainKeys\":[]", "\"$setElementOrder/x\":[1]", "\"$deleteFromPrimitiveList/a\":[\"a\"]", "\"kind\":1", "\"metadata\":null", "\"managedFields\":[{}]", "\"name\":\"\"", "/~2/-")
            .stream().map(token -> token.getBytes(StandardCharsets.UTF_8)).toList();
    private final Random random;

    Mutator(Random random) {
        this.random = random;
    }

    byte[] mutated(byte[] body) {
        byte[] made = body;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            made = once(made);
        }
        return made;
    }

    private byte[] once(byte[] body) {
        int length = body.length;
        int at = length == 0 ? 0 : random.nextInt(length);
        int to = Math.min(length, at + random.nextInt(1 + Math.min(64, length)));
        return switch (random.nextInt(8)) {
            case 0 -> length == 0 ? body : flipped(body, at);
            case 1 -> joined(body, at, to, new byte[0]);
            case 2 -> joined(body, at, at, Arrays.copyOfRange(body, at, to));
            case 3 -> joined(body, at, at, TOKENS.get(random.nextInt(TOKENS.size())));
            case 4 -> joined(body, at, to, TOKENS.get(random.nextInt(TOKENS.size())));
            case 5 -> Arrays.copyOf(body, at);
            case 6 -> joined(body, at, at, repeated());
            default -> joined(body, at, to, bytes());
        };
    }

    private static byte[] flipped(byte[] body, int at) {
        byte[] made = body.clone();
        made[at] ^= (byte) (1 << (at % 8));
        return made;
    }

    private byte[] repeated() {
        byte[] token = TOKENS.get(random.nextInt(TOKENS.size()));
        int times = 1 << random.nextInt(12);
        byte[] made = new byte[token.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(token, 0, made, i * token.length, token.length);
        }
        return made;
    }

    private byte[] bytes() {
        byte[] made = new byte[1 + random.nextInt(8)];
        random.nextBytes(made);
        return made;
    }

    private static byte[] joined(byte[] body, int from, int to, byte[] between) {
        byte[] made = new byte[from + between.length + body.length - to];
        System.arraycopy(body, 0, made, 0, from);
        System.arraycopy(between, 0, made, from, between.length);
        System.arraycopy(body, to, made, from + between.length, body.length - to);
        return made;
    }
}
