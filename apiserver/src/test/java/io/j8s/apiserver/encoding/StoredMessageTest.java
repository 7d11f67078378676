package io.j8s.apiserver.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.Protobuf;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class StoredMessageTest {

    @Test
    void theStoredBytesBecomeTheMessageWithItsVersion() {
        ConfigMap stored = ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("a").withNamespace("b").withLabels(Map.of("x", "y".repeat(200))))
                .withData(Map.of("k", "v"));
        byte[] message = Objects.requireNonNull(StoredMessage.of(Protobuf.write(stored), 123_456_789_012L));
        assertThat(Protobuf.readMessage(ConfigMap.TYPE, message)).isEqualTo(stored.withMetadata(meta -> meta.withResourceVersion("123456789012")));
    }

    @Test
    void bytesOfAnotherLayoutAreLeftToTheCodec() {
        assertThat(StoredMessage.of("{\"kind\":\"ConfigMap\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8), 1)).isNull();
        assertThat(StoredMessage.of(new byte[] {'k', '8', 's', 0}, 1)).isNull();
        assertThat(StoredMessage.of(new byte[0], 1)).isNull();
    }
}
