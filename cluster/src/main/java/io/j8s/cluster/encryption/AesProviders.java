package io.j8s.cluster.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// `aescbc`, `aesgcm`, and values that are left as they are (`identity`).
final class AesProviders {

    static final int NONCE_BYTES = 12;
    private static final int BLOCK_BYTES = 16;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private AesProviders() {}

    static byte[] prefix(String kind, String name) {
        return ("k8s:enc:" + kind + ":" + name + ":").getBytes(StandardCharsets.UTF_8);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /// AES-CBC with a random first block and PKCS#7 padding; it notices no change of the stored bytes.
    record Cbc(byte[] prefix, SecretKeySpec key) implements Provider {
        static Cbc of(String name, byte[] secret) {
            return new Cbc(AesProviders.prefix("aescbc:v1", name), new SecretKeySpec(secret, "AES"));
        }

        @Override
        public byte[] seal(byte[] place, byte[] value) {
            byte[] first = random(BLOCK_BYTES);
            return joined(first, cipher("AES/CBC/PKCS5Padding", Cipher.ENCRYPT_MODE, key, new IvParameterSpec(first), null, value, 0));
        }

        @Override
        public byte[] open(byte[] place, byte[] sealed) {
            requireLength(sealed, BLOCK_BYTES);
            return cipher("AES/CBC/PKCS5Padding", Cipher.DECRYPT_MODE, key, new IvParameterSpec(sealed, 0, BLOCK_BYTES), null, sealed, BLOCK_BYTES);
        }
    }

    /// AES-GCM with random nonces, bound to the place.
    record Gcm(byte[] prefix, SecretKeySpec key) implements Provider {
        static Gcm of(String name, byte[] secret) {
            return new Gcm(AesProviders.prefix("aesgcm:v1", name), new SecretKeySpec(secret, "AES"));
        }

        @Override
        public byte[] seal(byte[] place, byte[] value) {
            byte[] nonce = random(NONCE_BYTES);
            return joined(nonce, cipher("AES/GCM/NoPadding", Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce), place, value, 0));
        }

        @Override
        public byte[] open(byte[] place, byte[] sealed) {
            requireLength(sealed, NONCE_BYTES);
            return cipher("AES/GCM/NoPadding", Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES), place, sealed, NONCE_BYTES);
        }
    }

    /// Values as they are.
    enum Identity implements Provider {
        INSTANCE;

        private static final byte[] NONE = {};
        private static final byte[] ENCRYPTED = "k8s:enc:".getBytes(StandardCharsets.UTF_8);

        @Override
        public byte[] prefix() {
            return NONE;
        }

        @Override
        public byte[] seal(byte[] place, byte[] value) {
            return value;
        }

        @Override
        public byte[] open(byte[] place, byte[] sealed) {
            if (startsWith(sealed, ENCRYPTED)) {
                throw new IllegalStateException("identity transformer tried to read encrypted data");
            }
            return sealed;
        }
    }

    static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    static void requireLength(byte[] sealed, int least) {
        if (sealed.length < least) {
            throw new IllegalStateException("the stored data was shorter than the required size");
        }
    }

    private static byte[] cipher(String name, int mode, SecretKeySpec key, java.security.spec.AlgorithmParameterSpec parameters, byte @org.jspecify.annotations.Nullable [] place, byte[] bytes, int from) {
        try {
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(mode, key, parameters);
            if (place != null) {
                cipher.updateAAD(place);
            }
            return cipher.doFinal(bytes, from, bytes.length - from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the value does not open with this key: " + e.getMessage(), e);
        }
    }
}
