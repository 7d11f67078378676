package io.j8s.client.testing;

import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.autoscaling.v1.Scale;
import io.j8s.model.autoscaling.v1.ScaleSpec;
import io.j8s.model.autoscaling.v1.ScaleStatus;
import io.j8s.model.selector.Selector;

/// The scale subresource of anything with `spec.replicas`.
final class Scaling {
    private Scaling() {}

    static Scale read(Struct object) {
        ScaleStatus status = ScaleStatus.EMPTY.withReplicas(number(Paths.get(object, "status.replicas")));
        if (Paths.get(object, "spec.selector") instanceof Struct selector) {
            status = status.withSelector(Selector.of(selector).toString());
        }
        return Scale.EMPTY.withMetadata(Objects.metadata(object)).withSpec(ScaleSpec.EMPTY.withReplicas(number(Paths.get(object, "spec.replicas")))).withStatus(status);
    }

    /// The object with the scale's replicas.
    static Struct applied(Struct object, Struct scale) {
        if (scale instanceof Scale given && Paths.get(object, "spec") instanceof Struct spec) {
            return Paths.with(object, "spec", Paths.with(spec, "replicas", given.spec().replicas()));
        }
        throw new IllegalArgumentException("cannot scale " + object.structType() + " by " + scale.structType());
    }

    private static int number(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Integer i ? i : 0;
    }
}
