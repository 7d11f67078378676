package io.j8s.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The official Python client: `it/clients/python/check.py`.
@ExtendWith(J8sExtension.class)
class PythonClientTest {
    @Test
    void a_program_on_the_python_client_finds_what_it_expects(J8s cluster, @TempDir Path home) {
        ForeignClient python = new ForeignClient("python/bin/python", cluster.kubeconfigFile(), home);
        assertThat(python.ok(ForeignClient.SOURCES.resolve("python/check.py").toString()).lines())
                .containsExactly("ok objects", "ok watching", "ok deployments", "ok from_files", "ok dynamically", "ok reviews");
    }
}
