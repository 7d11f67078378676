package io.j8s.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.BootstrapTokens;
import io.j8s.model.Bytes;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BootstrapTokensTest {

    @Test
    void a_token_counts_until_it_expires() throws Exception {
        try (GuardedServer guarded = new GuardedServer()) {
            guarded.administrator().create(Secret.RESOURCE, "kube-system", Secret.EMPTY
                    .withMetadata(ObjectMeta.EMPTY.withName("bootstrap-token-abcdef")).withType("bootstrap.kubernetes.io/token")
                    .withData(Map.of("token-id", Bytes.of("abcdef"), "token-secret", Bytes.of("0123456789abcdef"), "usage-bootstrap-authentication", Bytes.of("true"),
                            "expiration", Bytes.of("2030-01-01T00:00:00Z"), "auth-extra-groups", Bytes.of("system:bootstrappers:join"))));
            BootstrapTokens tokens = new BootstrapTokens(guarded.server().state(), () -> Instant.parse("2029-12-31T00:00:00Z"));
            assertThat(tokens.authenticate("abcdef.0123456789abcdef", List.of())).isInstanceOfSatisfying(Authentication.Known.class, known -> {
                assertThat(known.user().name()).isEqualTo("system:bootstrap:abcdef");
                assertThat(known.user().groups()).containsExactly("system:bootstrappers", "system:bootstrappers:join");
            });
            assertThat(tokens.authenticate("abcdef.0123456789abcdee", List.of())).isEqualTo(Authentication.NONE);
            assertThat(new BootstrapTokens(guarded.server().state(), () -> Instant.parse("2030-01-02T00:00:00Z")).authenticate("abcdef.0123456789abcdef", List.of()))
                    .isEqualTo(Authentication.NONE);
        }
    }
}
