package io.j8s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0,0", "00,0", "1,1", "1000m,1", "0.5,500m", "1.5,1500m", "1024Mi,1Gi", "1.5Gi,1536Mi", "100Ki,100Ki", "1000,1k", "1500,1500", "1e3,1e3", "1E3,1E3",
        "12e6,12e6", "0.1n,1n", "-1000m,-1", "+5,+5", "1023,1023", "1025Ki,1025Ki", "1Ei,1Ei", "8Ei,9223372036854775807", "0.5Mi,512Ki", "0.0005Ki,512m",
        "123456789,123456789", "5.,5.", ".5,500m", "1000000k,1G", "1e-3,1e-3", "0.001,1m", "1.1Ki,1126400m", "10000e-3,10"
    })
    void isSpelledCanonically(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical);
        assertThat(Quantity.parse(canonical)).isEqualTo(Quantity.parse(text));
    }

    @Test
    void malformedTextsAreRefused() {
        for (String text : List.of("", "a", "1x", "1.2.3", "--1", "1 Gi", "Mi", "1mi", "1ee3", "1e", ".")) {
            assertThatThrownBy(() -> Quantity.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void calculatesExactly() {
        assertThat(Quantity.parse("100m").add(Quantity.parse("0.2"))).hasToString("300m");
        assertThat(Quantity.parse("1Gi").subtract(Quantity.parse("512Mi"))).hasToString("512Mi");
        assertThat(Quantity.ZERO.add(Quantity.parse("1Mi"))).hasToString("1Mi");
        assertThat(Quantity.parse("1100m").value()).isEqualTo(2);
        assertThat(Quantity.parse("1100m").milliValue()).isEqualTo(1100);
        assertThat(Quantity.parse("1")).isEqualTo(Quantity.parse("1000m")).hasSameHashCodeAs(Quantity.parse("1000m"));
        assertThat(Quantity.parse("1Ki")).isGreaterThan(Quantity.parse("1k"));
        assertThat(Quantity.of(128 << 20, Quantity.Format.BINARY_SI)).hasToString("128Mi");
    }
}
