package io.j8s.apiserver.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.apiserver.status.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AcceptedTest {

    @Test
    void takesJsonWhenTheClientDoesNotSay() {
        assertThat(accept(null).type()).isEqualTo(MediaType.JSON);
        assertThat(accept("*/*").type()).isEqualTo(MediaType.JSON);
    }

    @Test
    void takesTheFirstThatIsOffered() {
        assertThat(accept("application/vnd.kubernetes.protobuf,application/json").type()).isEqualTo(MediaType.PROTOBUF);
        assertThat(accept("text/html,application/json;q=0.5,application/yaml;q=0.9").type()).isEqualTo(MediaType.YAML);
        assertThat(accept("application/json;as=Table;v=v1;g=meta.k8s.io,application/json").shape()).isEqualTo(Accepted.Shape.TABLE);
        assertThat(accept("application/json;as=Other;v=v1;g=meta.k8s.io,application/json").shape()).isEqualTo(Accepted.Shape.WHOLE);
    }

    @Test
    void refusesWhatItCannotMake() {
        assertThatThrownBy(() -> accept("text/html")).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(406));
        assertThatThrownBy(() -> accept("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io")).isInstanceOf(Refusal.class);
    }

    private static Accepted accept(@Nullable String header) {
        return Accepted.negotiate(header, MediaType.ALL, Accepted.Offer.ANY);
    }
}
