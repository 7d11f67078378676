package io.j8s.apiserver.resource;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The functions of a resource's declaration, by what they do. All must be pure but for what [WriteContext] offers; they run on the thread of the request.
public final class Strategy {

    private Strategy() {}

    /// The object as it is to be stored, from what was sent (after admission and defaults). Name, uid and times are already set. May throw a refusal.
    @FunctionalInterface
    public interface Create<T extends Struct> {
        T prepare(T sent, WriteContext context);
    }

    /// The object as it is to be stored, from what was sent and what is stored. Uid and times are already kept. May throw a refusal.
    @FunctionalInterface
    public interface Update<T extends Struct> {
        T prepare(T sent, T stored, WriteContext context);
    }

    /// Rules for the object as such: asked on create and on update. The common rules of `metadata` are not its business.
    @FunctionalInterface
    public interface Rules<T extends Struct> {
        void check(T object, FieldErrors errors);
    }

    /// Rules for the object when a client writes it in one version. `old` is null on create.
    @FunctionalInterface
    public interface VersionRules<T extends Struct> {
        void check(T object, @Nullable T old, FieldErrors errors);

        /// Whether the rules for the metadata of most kinds hold in this version, though they do not in others.
        default boolean checksMetadata() {
            return false;
        }

        /// The rules for a write of a part or a view of the object.
        default void checkPart(String subresource, T object, T old, FieldErrors errors) {}
    }

    /// Texts for the client that do not keep the write from happening.
    ///
    /// `old` is null on create.
    @FunctionalInterface
    public interface Warnings<T extends Struct> {
        List<String> of(T object, @Nullable T old);
    }

    /// How long an object is given to end before it is removed.
    ///
    /// `asked` is the request's gracePeriodSeconds, null when it has none. Answers seconds; 0: remove at once.
    @FunctionalInterface
    public interface Grace<T extends Struct> {
        long seconds(T object, @Nullable Long asked);
    }

    /// Whether something of the object changed that raises its generation.
    @FunctionalInterface
    public interface Changed<T extends Struct> {
        boolean between(T object, T old);
    }

    /// Runs when an object is about to be removed in a transaction.
    @FunctionalInterface
    public interface Removal<T extends Struct> {
        void of(T object, WriteContext context);
    }

    /// Runs when an object was written or removed, before the client is answered.
    @FunctionalInterface
    public interface After<T extends Struct> {
        void of(T object, Upkeep upkeep);
    }
}
