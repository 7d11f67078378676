package io.j8s.apiserver.resource;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One version in which a resource is served, and the way from and to the version that the server works in (its hub).
///
/// @param <T> the hub's type
/// @param <V> this version's type
/// @param defaults fills in what a client left out, before anything else looks at the object
/// @param toHub, fromHub lose nothing that the other version can say
/// @param selectable the fields that selectors may name in this version, besides `metadata.name` and `metadata.namespace`
/// @param rules further rules for writes of the object in this version; its subresources are not its business
/// @param own what it has in place of what the resource has for all versions; null: nothing
/// @param reader makes objects of what is sent and stored, for types made at run time; null: the codecs of the type
public record Version<T extends Struct, V extends Struct>(
        ApiResource<V> resource,
        UnaryOperator<V> defaults,
        Function<V, T> toHub,
        Function<T, V> fromHub,
        List<SelectableField<T>> selectable,
        Strategy.VersionRules<T> rules,
        @Nullable ObjectReader reader,
        @Nullable PerVersion<T> own) {

    public Version {
        selectable = List.copyOf(selectable);
    }

    /// Without rules of its own.
    public Version(ApiResource<V> resource, UnaryOperator<V> defaults, Function<V, T> toHub, Function<T, V> fromHub, List<SelectableField<T>> selectable) {
        this(resource, defaults, toHub, fromHub, selectable, (object, old, errors) -> {}, null, null);
    }

    /// Read and written by the codecs of its type.
    public Version(
            ApiResource<V> resource, UnaryOperator<V> defaults, Function<V, T> toHub, Function<T, V> fromHub, List<SelectableField<T>> selectable,
            Strategy.VersionRules<T> rules) {
        this(resource, defaults, toHub, fromHub, selectable, rules, null, null);
    }

    /// What a client sent, ready for the server to work with.
    @SuppressWarnings("unchecked") // the caller decoded it as this version's type
    public T accept(Struct sent) {
        return toHub.apply(defaults.apply((V) sent));
    }

    /// What a client sent, in this version, with what it left out.
    @SuppressWarnings("unchecked") // the caller decoded it as this version's type
    public Struct withDefaults(Struct sent) {
        return defaults.apply((V) sent);
    }

    /// A value of this version in the hub's, without defaults.
    @SuppressWarnings("unchecked") // the caller has it as this version's type
    public T toHub(Struct value) {
        return toHub.apply((V) value);
    }

    /// The object in the form in which the server works on requests of this version: the hub's, where objects are not held in any version.
    public T working(T object) {
        return own == null ? object : own.working().apply(object);
    }

    /// Whether [#working] can have anything to do for an object.
    public boolean converts(T object) {
        return own != null && object.structType() != resource.type();
    }

    /// Converts many objects at once, as far as they are held in other versions; throws a refusal when one cannot be.
    public void convertTogether(Stream<T> objects) {
        if (own != null) {
            own.together().accept(objects.filter(this::converts).toList());
        }
    }

    /// Whether selectors may name the namespace: of objects without one, too (it is empty then), unless the kind says itself what can be selected.
    public boolean selectsNamespace() {
        return resource.namespaced() || (selectable.isEmpty() && reader == null);
    }

    /// Whether a selector may name this field.
    public boolean selects(String field) {
        return field.equals("metadata.name")
                || (field.equals("metadata.namespace") && selectsNamespace())
                || selectable.stream().anyMatch(f -> f.name().equals(field));
    }
}
