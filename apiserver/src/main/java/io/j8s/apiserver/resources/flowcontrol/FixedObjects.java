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
import org.jspecify.annotations.Nullable;

/// The flow schemas and priority levels that every server must have as they are.
final class FixedObjects {

    private FixedObjects() {}

    /// The default object of this name, or null.
    static <T extends Struct> @Nullable Struct named(ApiResource<T> resource, String name) {
        try (InputStream in = ApiServer.class.getResourceAsStream("default-objects.jsonl")) {
            if (in == null) {
                throw new IllegalStateException("default-objects.jsonl is missing beside " + ApiServer.class.getName());
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.contains("\"" + resource.kind() + "\"") && line.contains("\"" + name + "\"")) {
                    Struct object = Json.read(resource.type(), line);
                    if (Objects.kind(object).equals(resource.kind()) && Objects.metadata(object).name().equals(name)) {
                        return object;
                    }
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
