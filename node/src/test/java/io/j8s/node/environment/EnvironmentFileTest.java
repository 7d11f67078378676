package io.j8s.node.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentFileTest {

    @Test
    void values_stand_in_single_quotes_and_may_span_lines() throws Exception {
        EnvironmentFile file = EnvironmentFile.of("# a comment\n\n  A='one two' # more\nEMPTY= 'x'\nB='first\n second $A\n'\nC='last'\n");
        assertThat(file.value("A")).isEqualTo("one two");
        assertThat(file.value("B")).isEqualTo("first\n second $A\n");
        assertThat(file.value("C")).isEqualTo("last");
        assertThat(file.value("EMPTY")).isNull();
        assertThat(file.value("NONE")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=plain", "A =' '", "nothing", "='x'", "A='open", "A='x' y", "A=\"x\""})
    void other_lines_are_refused(String line) {
        assertThatThrownBy(() -> EnvironmentFile.of(line + "\nB='x'").value("B")).isInstanceOf(ConfigurationException.class).hasMessage("couldn't parse env file");
    }

    @Test
    void a_link_does_not_lead_out_of_the_volume(@TempDir Path folder) throws Exception {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Files.writeString(folder.resolve("secret"), "A='x'");
        Files.createSymbolicLink(volume.resolve("link"), folder.resolve("secret"));
        Files.writeString(volume.resolve("own"), "A='y'");
        assertThat(EnvironmentFile.value(volume, "own", "A")).isEqualTo("y");
        assertThatThrownBy(() -> EnvironmentFile.value(volume, "link", "A")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> EnvironmentFile.value(volume, "../secret", "A")).isInstanceOf(ConfigurationException.class);
    }
}
