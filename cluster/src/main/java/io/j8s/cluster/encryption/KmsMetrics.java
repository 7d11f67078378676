package io.j8s.cluster.encryption;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntSupplier;

/// What is counted of KMS plugins, under upstream's names. Ids of keys are shown as hashes.
final class KmsMetrics {

    private static final double[] SECONDS = {0.0001, 0.0002, 0.0004, 0.0008, 0.0016, 0.0032, 0.0064, 0.0128, 0.0256, 0.0512, 0.1024, 0.2048, 0.4096, 0.8192, 1.6384, 3.2768, 6.5536, 13.1072};
    private static final String PREFIX = "apiserver_envelope_encryption_";

    private final Timeline timeline;
    private final Histogram calls;
    private final Counter uses;
    private final Counter invalid;
    private final Gauge known;

    KmsMetrics(MetricRegistry registry, Timeline timeline) {
        this.timeline = timeline;
        calls = registry.histogram(PREFIX + "kms_operations_latency_seconds", "[ALPHA] KMS operation duration with gRPC error code status total.", SECONDS,
                "grpc_status_code", "method_name", "provider_name");
        uses = registry.counter(PREFIX + "key_id_hash_total", "[ALPHA] Number of times a keyID is used split by transformation type and provider.", "key_id_hash", "provider_name", "transformation_type");
        invalid = registry.counter(PREFIX + "invalid_key_id_from_status_total", "[ALPHA] Number of times an invalid keyID is returned by the Status RPC call split by error.", "error", "provider_name");
        known = registry.gauge(PREFIX + "dek_source_cache_size", "[ALPHA] Number of records in data encryption key (DEK) source cache.", "provider_name");
    }

    /// A call to a plugin.
    interface Call<T> {
        T run() throws IOException;
    }

    <T> T timed(String provider, String method, Call<T> call) throws IOException {
        long start = timeline.nanoTime();
        String code = "unknown-non-grpc";
        try {
            T result = call.run();
            code = "OK";
            return result;
        } finally {
            calls.observe((timeline.nanoTime() - start) / 1e9, code, "/v2.KeyManagementService/" + method, provider);
        }
    }

    void cache(String provider, IntSupplier size) {
        known.of(size::getAsInt, provider);
    }

    void used(String provider, String keyId, boolean reads) {
        uses.increment(hash(keyId), provider, reads ? "from_storage" : "to_storage");
    }

    void noKey(String provider) {
        invalid.increment("empty", provider);
    }

    private static String hash(String keyId) {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(keyId.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
