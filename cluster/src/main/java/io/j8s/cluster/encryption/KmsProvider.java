package io.j8s.cluster.encryption;

import io.j8s.etcd.KmsPlugin;
import io.j8s.etcd.KmsPlugin.Encrypted;
import io.j8s.etcd.KmsPlugin.Envelope;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// `kms` v2 (KEP-3299): values are encrypted here, with keys derived from a seed that only the plugin can open. A seed is used until the plugin names another key; for each value a key of its own
/// is derived from it by HKDF (RFC 5869, expansion only), so that random nonces never wear out.
final class KmsProvider implements Provider, AutoCloseable {

    private static final int SEED_BYTES = 32;
    private static final int INFO_BYTES = 32;
    private static final int MOST_SEEDS = 1000;
    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);
    private static final Duration ASK_AFTER_FAILURE = Duration.ofSeconds(10);

    private final byte[] prefix;
    private final String name;
    private final KmsPlugin plugin;
    private final KmsMetrics metrics;
    private final Timeline timeline;
    /// Seeds that were opened before. Guarded by itself.
    private final Map<String, byte[]> opened = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > MOST_SEEDS;
        }
    });
    private volatile @Nullable Current current;
    private volatile @Nullable String problem;
    private volatile long askedNanos;

    private record Current(byte[] seed, Encrypted source) {}

    KmsProvider(String name, KmsPlugin plugin, KmsMetrics metrics, Timeline timeline) {
        this.metrics = metrics;
        this.prefix = AesProviders.prefix("kms:v2", name);
        this.name = name;
        this.plugin = plugin;
        this.timeline = timeline;
        metrics.cache(name, opened::size);
    }

    @Override
    public byte[] prefix() {
        return prefix;
    }

    @Override
    public byte[] seal(byte[] place, byte[] value) {
        Current use = current();
        metrics.used(name, use.source.keyId(), false);
        byte[] info = AesProviders.random(INFO_BYTES);
        byte[] data = AesProviders.joined(info, AesProviders.Gcm.of(name, derived(use.seed, info)).seal(place, value));
        return new Envelope(data, use.source, true).toBytes();
    }

    @Override
    public byte[] open(byte[] place, byte[] sealed) {
        Envelope envelope = Envelope.read(sealed);
        metrics.used(name, envelope.source().keyId(), true);
        byte[] secret = secret(envelope.source());
        if (!envelope.seed()) {
            return AesProviders.Gcm.of(name, secret).open(place, envelope.data());
        }
        AesProviders.requireLength(envelope.data(), INFO_BYTES);
        byte[] info = Arrays.copyOf(envelope.data(), INFO_BYTES);
        return AesProviders.Gcm.of(name, derived(secret, info)).open(place, Arrays.copyOfRange(envelope.data(), INFO_BYTES, envelope.data().length));
    }

    @Override
    public boolean outdated(byte[] sealed) {
        Current use = current();
        Envelope envelope = Envelope.read(sealed);
        return !envelope.seed() || !envelope.source().keyId().equals(use.source.keyId()) || !Arrays.equals(envelope.source().ciphertext(), use.source.ciphertext());
    }

    private byte[] secret(Encrypted source) {
        String known = new String(source.ciphertext(), StandardCharsets.ISO_8859_1) + "/" + source.keyId();
        byte[] secret = opened.get(known);
        if (secret == null) {
            try {
                secret = metrics.timed(name, "Decrypt", () -> plugin.decrypt(source, UUID.randomUUID().toString()));
            } catch (IOException e) {
                throw new IllegalStateException("failed to decrypt DEK, error: " + e.getMessage(), e);
            }
            opened.put(known, secret);
        }
        return secret;
    }

    /// The seed for new values; a new one when the plugin has another key.
    private synchronized Current current() {
        Current known = current;
        long pause = (problem == null ? ASK_AGAIN : ASK_AFTER_FAILURE).toNanos();
        if (known != null && timeline.nanoTime() - askedNanos < pause) {
            return known;
        }
        askedNanos = timeline.nanoTime();
        try {
            KmsPlugin.Status status = metrics.timed(name, "Status", plugin::status);
            if (status.keyId().isEmpty()) {
                metrics.noKey(name);
            }
            if (!status.healthz().equals("ok") || status.keyId().isEmpty() || !(status.version().equals("v2") || status.version().equals("v2beta1"))) {
                throw new IOException("got unexpected healthz status: " + status.healthz() + ", version: " + status.version());
            }
            if (known == null || !known.source.keyId().equals(status.keyId())) {
                byte[] seed = AesProviders.random(SEED_BYTES);
                known = new Current(seed, metrics.timed(name, "Encrypt", () -> plugin.encrypt(seed, UUID.randomUUID().toString())));
                current = known;
            }
            problem = null;
        } catch (IOException e) {
            problem = "kms provider " + name + ": " + e.getMessage();
        }
        if (known == null) {
            throw new IllegalStateException(String.valueOf(problem));
        }
        return known;
    }

    @Override
    public @Nullable String problem() {
        try {
            current();
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
        return problem;
    }

    /// HKDF-Expand with SHA-256, one block.
    private static byte[] derived(byte[] seed, byte[] info) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(seed, "HmacSHA256"));
            mac.update(info);
            mac.update((byte) 1);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }

    @Override
    public void close() {
        plugin.close();
    }
}
