package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.model.Field;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What holds for pods wherever they are described: in pods themselves and in every kind of template.
public final class PodSpecs {

    private static final List<List<String>> PLACES = List.of(
            List.of("spec"),
            List.of("template", "spec"),
            List.of("spec", "template", "spec"),
            List.of("spec", "jobTemplate", "spec", "template", "spec"));

    private PodSpecs() {}

    /// The resource without the fields of pods that belong to features which are off; with the rule, if asked, that containers are not privileged
    /// (a server that was not started with `--allow-privileged`).
    public static <T extends Struct> Resource<T> decorated(Resource<T> resource, boolean allowPrivileged) {
        List<String> place = place(resource.hub().type());
        if (place == null) {
            return resource;
        }
        Resource<T> decorated = resource.prepared(object -> resource.cast(changed(object, place, PodSpecs::withoutDisabled)));
        return allowPrivileged ? decorated : withoutPrivileged(decorated);
    }

    private static <T extends Struct> Resource<T> withoutPrivileged(Resource<T> resource) {
        Resource<T> strict = resource.withRules((object, errors) -> errors.refusePrivileged());
        for (Subresource<T> subresource : resource.subresources().values()) {
            if (subresource instanceof Subresource.Part<T> part) {
                strict = strict.with(new Subresource.Part<>(part.name(), part.verbs(), part.prepare(), (object, old, errors) -> {
                    errors.refusePrivileged();
                    part.validate().check(object, old, errors);
                }));
            }
        }
        return strict;
    }

    private static @Nullable List<String> place(Type type) {
        for (List<String> place : PLACES) {
            Type at = type;
            for (String name : place) {
                Field field = at == null ? null : at.field(name);
                at = field != null && field.shape() instanceof Shape.Message message ? message.type() : null;
            }
            if (PodSpec.TYPE.equals(at)) {
                return place;
            }
        }
        return null;
    }

    private static Struct changed(Struct object, List<String> place, UnaryOperator<PodSpec> change) {
        Field field = java.util.Objects.requireNonNull(object.structType().field(place.getFirst()));
        if (!(object.get(field) instanceof Struct inner)) {
            return object;
        }
        Struct now = place.size() == 1 ? change.apply((PodSpec) inner) : changed(inner, place.subList(1, place.size()), change);
        return now.equals(inner) ? object : object.with(field, now);
    }

    /// ContainerStopSignals and GenericWorkload are off in v1.36.
    private static PodSpec withoutDisabled(PodSpec spec) {
        PodSpec left = spec.hasSchedulingGroup() ? spec.withoutSchedulingGroup() : spec;
        left = anyStopSignal(left.containers()) ? left.withContainers(withoutStopSignals(left.containers())) : left;
        return anyStopSignal(left.initContainers()) ? left.withInitContainers(withoutStopSignals(left.initContainers())) : left;
    }

    private static boolean anyStopSignal(List<Container> containers) {
        return containers.stream().anyMatch(container -> container.lifecycle().hasStopSignal());
    }

    private static List<Container> withoutStopSignals(List<Container> containers) {
        List<Container> left = new ArrayList<>(containers.size());
        for (Container container : containers) {
            boolean nothingElse = container.lifecycle().hasStopSignal() && container.lifecycle().size() == 1;
            left.add(nothingElse ? container.withoutLifecycle() : container.hasLifecycle() ? container.withLifecycle(lifecycle -> lifecycle.withoutStopSignal()) : container);
        }
        return left;
    }
}
