package io.j8s.apiserver.resources.autoscaling;

import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.Column;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.autoscaling.v1.Scale;
import io.j8s.model.autoscaling.v1.ScaleSpec;
import io.j8s.model.autoscaling.v1.ScaleStatus;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.List;
import java.util.function.Function;

/// The subresource `scale`: how many replicas a workload has and shall have, in the same form for each kind of workload.
public final class Scales {

    /// What a table of scales shows.
    public static final List<Column<Scale>> COLUMNS = List.of(
            new Column<>("Name", "string", "", "Name must be unique within a namespace.", 0, (scale, now) -> scale.metadata().name()),
            new Column<>("Desired", "integer", "", "replicas is how many there shall be.", 0, (scale, now) -> scale.spec().replicas()),
            new Column<>("Available", "integer", "", "replicas is how many there are.", 0, (scale, now) -> scale.status().replicas()),
            new Column<>("Age", "string", "", "CreationTimestamp is a timestamp representing the server time when this object was created.", 0,
                    (scale, now) -> Cells.age(scale.metadata().creationTimestamp(), now)));

    private Scales() {}

    /// Changes the number of replicas that an object shall have.
    @FunctionalInterface
    public interface SetReplicas<T extends Struct> {
        T apply(T object, int replicas);
    }

    /// @param selector the pods that are counted, as the text of a selector
    public static <T extends Struct> Subresource<T> of(
            Function<T, Integer> wanted, SetReplicas<T> change, Function<T, Integer> current, Function<T, String> selector) {
        return new Subresource.View<>(
                "scale", "autoscaling", "v1", "Scale", Scale.TYPE,
                object -> scale(object, wanted.apply(object), current.apply(object), selector.apply(object)),
                object -> scale(object, wanted.apply(object), current.apply(object), selector.apply(object)),
                (object, sent, errors) -> written(object, sent, change, errors), COLUMNS);
    }

    private static Scale scale(Struct object, int wanted, int current, String selector) {
        ObjectMeta meta = Objects.metadata(object);
        ObjectMeta own = ObjectMeta.EMPTY
                .withName(meta.name())
                .withNamespace(meta.namespace())
                .withUid(meta.uid())
                .withResourceVersion(meta.resourceVersion())
                .withCreationTimestamp(meta.creationTimestamp());
        return Scale.EMPTY
                .withMetadata(own)
                .withSpec(ScaleSpec.EMPTY.withReplicas(wanted))
                .withStatus(ScaleStatus.EMPTY.withReplicas(current).withSelector(selector));
    }

    private static <T extends Struct> T written(T object, Scale sent, SetReplicas<T> change, FieldErrors errors) {
        String name = Objects.metadata(object).name();
        if (!sent.metadata().name().isEmpty() && !sent.metadata().name().equals(name)) {
            throw Refusal.badRequest("the name of the object (" + sent.metadata().name() + ") does not match the name in the path (" + name + ")");
        }
        if (sent.spec().replicas() < 0) {
            errors.invalid(FieldPath.of("spec").child("replicas"), sent.spec().replicas(), "must be greater than or equal to 0");
        }
        return change.apply(object, sent.spec().replicas());
    }
}
