package io.j8s.apiserver.resource;

import io.j8s.model.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The verbs of a resource that is not stored: reviews that are answered on the spot, objects that are worked out.
///
/// @param create answers the body of a POST; null: not served
/// @param get the object of this name, or null; null: not served
/// @param list all objects; null: not served
public record Virtual<T extends Struct>(@Nullable Create<T> create, @Nullable Get<T> get, @Nullable ListAll<T> list) {

    @FunctionalInterface
    public interface Create<T extends Struct> {
        Struct apply(ActionContext context, T sent);
    }

    @FunctionalInterface
    public interface Get<T extends Struct> {
        @Nullable T of(String name);
    }

    @FunctionalInterface
    public interface ListAll<T extends Struct> {
        List<T> all();
    }
}
