package io.j8s.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The built-in types: which there are, and which one an object is of. Types of custom resources are not here; whoever makes them keeps them.
public final class Types {

    private Types() {}

    /// The type of objects that say this of themselves, or null when none is built in.
    public static @Nullable Type of(String apiVersion, String kind) {
        return GeneratedTypes.ofKind(apiVersion + "/" + kind);
    }

    /// The type with this OpenAPI name (`io.k8s.api.core.v1.Pod`), or null.
    public static @Nullable Type named(String name) {
        return GeneratedTypes.find(name);
    }

    /// All types of objects, those of lists and of options among them, by API version and kind.
    public static List<Type> all() {
        return GeneratedTypes.kinds().stream().map(GeneratedTypes::ofKind).map(Types::known).toList();
    }

    /// All types, also those that are only parts of objects, by name.
    public static List<Type> allMessages() {
        return GeneratedTypes.names().stream().map(GeneratedTypes::named).toList();
    }

    /// All resources of the built-in API, in every served version.
    public static List<ApiResource<?>> resources() {
        return GeneratedTypes.resources();
    }

    private static Type known(@Nullable Type type) {
        if (type == null) {
            throw new IllegalStateException("a kind without a type");
        }
        return type;
    }
}
