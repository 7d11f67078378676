package io.j8s.cluster.encryption;

import java.security.MessageDigest;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// `secretbox`: XSalsa20 and Poly1305 as NaCl joins them: nonce, tag, then the ciphertext. The first 32 bytes of the stream are Poly1305's key.
record Secretbox(byte[] prefix, byte[] secret) implements Provider {

    private static final int NONCE_BYTES = 24;
    private static final int TAG_BYTES = 16;
    private static final int KEY_BYTES = 32;

    static Secretbox of(String name, byte[] secret) {
        return new Secretbox(AesProviders.prefix("secretbox:v1", name), secret.clone());
    }

    @Override
    public byte[] seal(byte[] place, byte[] value) {
        byte[] sealed = new byte[NONCE_BYTES + TAG_BYTES + value.length];
        byte[] nonce = AesProviders.random(NONCE_BYTES);
        System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
        XSalsa20Engine stream = stream(nonce);
        byte[] tagKey = tagKey(stream);
        stream.processBytes(value, 0, value.length, sealed, NONCE_BYTES + TAG_BYTES);
        System.arraycopy(tag(tagKey, sealed), 0, sealed, NONCE_BYTES, TAG_BYTES);
        return sealed;
    }

    @Override
    public byte[] open(byte[] place, byte[] sealed) {
        AesProviders.requireLength(sealed, NONCE_BYTES + TAG_BYTES);
        byte[] nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
        XSalsa20Engine stream = stream(nonce);
        byte[] expected = tag(tagKey(stream), sealed);
        if (!MessageDigest.isEqual(expected, java.util.Arrays.copyOfRange(sealed, NONCE_BYTES, NONCE_BYTES + TAG_BYTES))) {
            throw new IllegalStateException("the value does not open with this key");
        }
        byte[] value = new byte[sealed.length - NONCE_BYTES - TAG_BYTES];
        stream.processBytes(sealed, NONCE_BYTES + TAG_BYTES, value.length, value, 0);
        return value;
    }

    private XSalsa20Engine stream(byte[] nonce) {
        XSalsa20Engine engine = new XSalsa20Engine();
        engine.init(true, new ParametersWithIV(new KeyParameter(secret), nonce));
        return engine;
    }

    private static byte[] tagKey(XSalsa20Engine stream) {
        byte[] key = new byte[KEY_BYTES];
        stream.processBytes(key, 0, KEY_BYTES, key, 0);
        return key;
    }

    private static byte[] tag(byte[] key, byte[] sealed) {
        Poly1305 mac = new Poly1305();
        mac.init(new KeyParameter(key));
        mac.update(sealed, NONCE_BYTES + TAG_BYTES, sealed.length - NONCE_BYTES - TAG_BYTES);
        byte[] tag = new byte[TAG_BYTES];
        mac.doFinal(tag, 0);
        return tag;
    }
}
