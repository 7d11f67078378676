package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.ApiServer;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The flow schemas and priority levels that every server must have as they are.
final class FixedObjects {

    private FixedObjects() {}

    /// The default object of this name, or null.
    static <T extends Struct> @Nullable Struct named(ApiResource<T> resource, String name) {
        for (String line : Lines.FLOW_CONTROL) {
            if (line.contains("\"" + resource.kind() + "\"") && line.contains("\"" + name + "\"")) {
                Struct object = Json.read(resource.type(), line);
                if (Objects.kind(object).equals(resource.kind()) && Objects.metadata(object).name().equals(name)) {
                    return object;
                }
            }
        }
        return null;
    }

    /// Read once, when first needed.
    private static final class Lines {
        static final List<String> FLOW_CONTROL = read();

        private static List<String> read() {
            try (InputStream in = ApiServer.class.getResourceAsStream("default-objects.jsonl")) {
                if (in == null) {
                    throw new IllegalStateException("default-objects.jsonl is missing beside " + ApiServer.class.getName());
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> line.contains("flowcontrol.apiserver.k8s.io/")).toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
