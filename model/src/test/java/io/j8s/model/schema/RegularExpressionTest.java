package io.j8s.model.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegularExpressionTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "^(a+)+$", "a{1000}", "(a{10}){100}", "(a{1,10}|b{5}){2,100}", "[{]{3}", "a\\{9999\\}", "[a-z{2000}]", "\\Qa{9999}\\E", "a{,9999}", "x{", "^[a-z]([-a-z0-9]*[a-z0-9])?$", "((a{2}){2}){2}"
    })
    void takes_what_is_bounded(String text) {
        assertThat(RegularExpression.compile(text).pattern()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a{1001}", "(a{10}){101}", "((a{1,1000}){1,1000}){1,1000}", "(b(x|a{10,})){101}", "([a]{500}c){3}", "(?:\\pL{40}){40}"})
    void refuses_repetitions_that_multiply(String text) {
        assertThatThrownBy(() -> RegularExpression.compile(text)).isInstanceOf(PatternSyntaxException.class).hasMessageContaining("repeat");
    }

    @Test
    void refuses_what_nests_too_deeply() {
        String text = "(".repeat(100_000) + "a" + ")".repeat(100_000);
        assertThatThrownBy(() -> RegularExpression.compile(text)).isInstanceOf(PatternSyntaxException.class).hasMessageContaining("nests too deeply");
    }
}
