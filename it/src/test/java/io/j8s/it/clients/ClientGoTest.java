package io.j8s.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What operators do through client-go: `it/clients/go/main.go`.
@ExtendWith(J8sExtension.class)
class ClientGoTest {
    private final J8s cluster;

    ClientGoTest(J8s cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(strings = {"informers", "protobuf", "conflicts", "pages", "apply", "leader", "dynamic", "metadata", "scale", "tokens", "events"})
    void a_program_on_client_go_finds_what_it_expects(String check, @TempDir Path home) {
        assertThat(new ForeignClient("client-go", cluster.kubeconfigFile(), home).ok(check)).contains("ok " + check);
    }
}
