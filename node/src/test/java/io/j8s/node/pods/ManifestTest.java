package io.j8s.node.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestTest {
    @Test
    void a_mistake_is_said_with_file_line_and_field(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> read(folder, "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: a\n    image: i\n    ports:\n    - containerPort: http\n"))
                .isInstanceOf(IOException.class).hasMessageStartingWith(folder.resolve("m.yaml") + ":9: spec.containers[0].ports[0].containerPort: ");
        assertThatThrownBy(() -> read(folder, "apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\nspec:\n  containers:\n  - image: i\n  - name: b\n"))
                .hasMessageContaining(":3: metadata.name: Required value").hasMessageContaining(":7: spec.containers[0].name: Required value").hasMessageContaining(":8: spec.containers[1].image: Required value");
        assertThatThrownBy(() -> read(folder, "apiVersion: v1\nkind: Pod\n  metadata: {\n")).hasMessageContaining("m.yaml").hasMessageContaining("line 3");
        assertThatThrownBy(() -> read(folder, "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n")).hasMessageContaining("m.yaml:2: kind: Unsupported value: \"Service\"");
    }

    @Test
    void what_is_not_known_is_warned_about(@TempDir Path folder) throws Exception {
        Manifest manifest = read(folder, "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: a\n    image: i\n    imege: j\n");
        assertThat(manifest.pod().spec().containers()).hasSize(1);
        assertThat(manifest.warnings()).containsExactly(folder.resolve("m.yaml") + ":8: unknown field \"spec.containers[0].imege\"");
    }

    private static Manifest read(Path folder, String text) throws IOException {
        return Manifest.read(Files.writeString(folder.resolve("m.yaml"), text));
    }
}
