package io.j8s.model.apply;

import io.j8s.model.Struct;
import io.j8s.model.Type;
import org.jspecify.annotations.Nullable;

/// The versions of an object, for managers that wrote it in another one than the request's.
public interface Versions {

    /// The type in this version; null when it is not served (any more): whoever owns fields in it owns nothing.
    @Nullable Type type(String apiVersion);

    /// The object in another version.
    Struct convert(Struct object, String apiVersion);

    /// A resource with a single version.
    static Versions only(String apiVersion, Type type) {
        return new Versions() {
            @Override
            public @Nullable Type type(String version) {
                return version.equals(apiVersion) ? type : null;
            }

            @Override
            public Struct convert(Struct object, String version) {
                return object;
            }
        };
    }
}
