package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resources.autoscaling.Scales;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DynamicStruct;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.apiextensions.v1.CustomResourceSubresourceScale;
import io.j8s.model.autoscaling.v1.Scale;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// `scale` of a custom resource: the replicas that the definition's paths lead to, seen as autoscaling/v1 Scale.
final class ScaleView {

    private final CustomVersion version;
    private final UnaryOperator<DynamicStruct> working;
    private final JsonPath specReplicas;
    private final JsonPath statusReplicas;
    private final String selectorPath;

    private ScaleView(CustomVersion version, CustomResourceSubresourceScale scale, UnaryOperator<DynamicStruct> working) {
        this.version = version;
        this.working = working;
        this.specReplicas = JsonPath.of(scale.specReplicasPath());
        this.statusReplicas = JsonPath.of(scale.statusReplicasPath());
        this.selectorPath = scale.labelSelectorPath();
    }

    static Subresource<DynamicStruct> of(CustomVersion version, CustomResourceSubresourceScale scale, UnaryOperator<DynamicStruct> working) {
        ScaleView view = new ScaleView(version, scale, working);
        return new Subresource.View<>("scale", "autoscaling", "v1", "Scale", Scale.TYPE, view::read, view::before, view::write, Scales.COLUMNS);
    }

    private Scale read(DynamicStruct held) {
        if (!(specReplicas.first(PlainJson.of(working.apply(held))) instanceof Number)) {
            throw Refusal.internal("the spec replicas field \"" + specReplicas + "\" does not exist");
        }
        return before(held);
    }

    private Scale before(DynamicStruct held) {
        DynamicStruct object = working.apply(held);
        Map<String, Object> plain = PlainJson.of(object);
        ObjectMeta meta = Objects.metadata(object);
        int now = statusReplicas.first(plain) instanceof Number number ? number.intValue() : 0;
        String selector = !selectorPath.isEmpty() && JsonPath.of(selectorPath).first(plain) instanceof String text ? text : "";
        return Scale.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(meta.name()).withNamespace(meta.namespace()).withUid(meta.uid())
                        .withResourceVersion(meta.resourceVersion()).withCreationTimestamp(meta.creationTimestamp()))
                .withSpec(spec -> specReplicas.first(plain) instanceof Number wanted ? spec.withReplicas(wanted.intValue()) : spec)
                .withStatus(status -> status.withReplicas(now).withSelector(selector));
    }

    private DynamicStruct write(DynamicStruct held, Scale sent, FieldErrors errors) {
        DynamicStruct object = working.apply(held);
        if (!sent.spec().hasReplicas() && !(specReplicas.first(PlainJson.of(object)) instanceof Number)) {
            throw Refusal.badRequest("the spec replicas field \"" + specReplicas + "\" cannot be empty");
        }
        if (sent.spec().replicas() < 0) {
            String detail = "must be greater than or equal to 0";
            errors.invalid(FieldPath.of("spec").child("replicas"), sent.spec().replicas(), detail);
            errors.invalid(FieldPath.of(specReplicas.toString()), sent.spec().replicas(), "should be a non-negative integer");
            // The object is refused, not the scale.
            var resource = version.resource();
            throw Refusal.invalid(resource.group(), resource.kind(), Objects.metadata(object).name(), errors.list());
        }
        List<String> names = java.util.Objects.requireNonNull(specReplicas.names());
        Map<String, Object> plain = with(PlainJson.of(object), names, (long) sent.spec().replicas());
        return (DynamicStruct) version.readStored(plain);
    }

    @SuppressWarnings("unchecked") // keys of plain JSON objects are strings
    private static Map<String, Object> with(Map<String, Object> object, List<String> names, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(object);
        String name = names.getFirst();
        Object child = changed.get(name);
        changed.put(name, names.size() == 1
                ? value
                : with(child instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of(), names.subList(1, names.size()), value));
        return changed;
    }
}
