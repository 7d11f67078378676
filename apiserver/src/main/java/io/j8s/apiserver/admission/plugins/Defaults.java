package io.j8s.apiserver.admission.plugins;

import io.j8s.model.Objects;
import io.j8s.model.Struct;
import java.time.Instant;
import java.util.Comparator;

/// Choosing among several objects that are marked as the default.
final class Defaults {

    private Defaults() {}

    /// The youngest comes first.
    static <T extends Struct> Comparator<T> youngest(Comparator<T> then) {
        Comparator<T> byAge = Comparator.comparing(Defaults::created);
        return byAge.reversed().thenComparing(then);
    }

    private static Instant created(Struct object) {
        Instant created = Objects.metadata(object).creationTimestamp();
        return created == null ? Instant.EPOCH : created;
    }
}
