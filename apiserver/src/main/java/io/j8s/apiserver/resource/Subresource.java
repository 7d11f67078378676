package io.j8s.apiserver.resource;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.http.Exchange;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// What stands behind a further segment of an object's path.
///
/// @param <T> the type of the object it belongs to
public sealed interface Subresource<T extends Struct> {

    String name();

    Set<Verb> verbs();

    /// The object itself, of which a write changes only a part: `status`, `ephemeralcontainers`, `resize`, `approval`, `finalize`.
    ///
    /// @param prepare takes from what was sent (first) only what this part may change, on top of what is stored (second)
    /// @param validate the rules for the change: the new object, the stored one
    record Part<T extends Struct>(String name, Set<Verb> verbs, Prepare<T> prepare, UpdateRules<T> validate) implements Subresource<T> {
        /// With GET, PUT and PATCH.
        public Part(String name, Prepare<T> prepare, UpdateRules<T> validate) {
            this(name, EnumSet.of(Verb.GET, Verb.PATCH, Verb.UPDATE), prepare, validate);
        }
    }

    /// The object seen as another kind: `scale`. GET, PUT and PATCH.
    ///
    /// @param type the other kind's type, with `group`, `version` and `kind`
    /// @param before the view that a write begins with, and that it is answered with: there where nothing can be read, too
    record View<T extends Struct, V extends Struct>(
            String name, String group, String version, String kind, Type type, Function<T, V> read, Function<T, V> before, Write<T, V> write,
            List<Column<V>> columns) implements Subresource<T> {
        /// Where everything can always be read.
        public View(String name, String group, String version, String kind, Type type, Function<T, V> read, Write<T, V> write) {
            this(name, group, version, kind, type, read, read, write, List.of());
        }

        @Override
        public Set<Verb> verbs() {
            return EnumSet.of(Verb.GET, Verb.PATCH, Verb.UPDATE);
        }

        /// The object after the view was written: checks what was sent, and reports errors into `errors`.
        @FunctionalInterface
        public interface Write<T extends Struct, V extends Struct> {
            T apply(T object, V sent, FieldErrors errors);
        }
    }

    /// Something that is done with an object by POSTing a body of another kind: `binding`, `eviction`, `token`.
    ///
    /// @param body the body's type, with its `group`, `version` and `kind`
    /// @param defaults fills in what a client left out of the body, before anything else looks at it
    record Action<T extends Struct, B extends Struct>(
            String name, String group, String version, String kind, Type body, UnaryOperator<B> defaults, Perform<B> perform, Set<String> olderVersions)
            implements Subresource<T> {
        /// With nothing to fill in.
        public Action(String name, String group, String version, String kind, Type body, Perform<B> perform) {
            this(name, group, version, kind, body, UnaryOperator.identity(), perform, Set.of());
        }

        public Action(String name, String group, String version, String kind, Type body, UnaryOperator<B> defaults, Perform<B> perform) {
            this(name, group, version, kind, body, defaults, perform, Set.of());
        }

        /// Which also takes bodies of these versions (`policy/v1beta1`), that have the same fields.
        public Action<T, B> alsoIn(String... apiVersions) {
            return new Action<>(name, group, version, kind, body, defaults, perform, Set.of(apiVersions));
        }

        @Override
        public Set<Verb> verbs() {
            return EnumSet.of(Verb.CREATE);
        }

        /// Answers the body of the answer (201; a Status answers with its own code). Throws refusals.
        @FunctionalInterface
        public interface Perform<B extends Struct> {
            Struct apply(ActionContext context, B body);
        }
    }

    /// The request itself is handed over, to stream or to be passed on: `log`, `exec`, `attach`, `portforward`, `proxy`.
    ///
    /// @param kind the kind that discovery names (`PodExecOptions`)
    /// @param objectName the object's name, out of what stands in the path in its place (`proxy` takes `https:name:port` there)
    record Connection<T extends Struct>(String name, Set<Verb> verbs, String kind, UnaryOperator<String> objectName, Connect<T> connect) implements Subresource<T> {
        /// Where the path names the object as it is.
        public Connection(String name, Set<Verb> verbs, String kind, Connect<T> connect) {
            this(name, verbs, kind, UnaryOperator.identity(), connect);
        }

        /// Answers the exchange. Throws refusals as long as nothing was answered.
        @FunctionalInterface
        public interface Connect<T extends Struct> {
            void handle(T object, Opened opened) throws Exception;
        }

        /// A request for a connection.
        ///
        /// @param segment what stands in the path in the place of the object's name
        /// @param rest the path after the subresource's name, decoded; empty, or beginning with `/`
        public record Opened(String segment, String rest, User user, Exchange exchange) {}
    }

    /// See [Part].
    @FunctionalInterface
    interface Prepare<T extends Struct> {
        T apply(T sent, T stored, WriteContext context);
    }

    /// See [Part].
    @FunctionalInterface
    interface UpdateRules<T extends Struct> {
        void check(T object, T old, FieldErrors errors);
    }
}
