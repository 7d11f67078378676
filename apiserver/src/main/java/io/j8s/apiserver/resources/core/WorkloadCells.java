package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.selector.Selector;
import io.j8s.model.selector.SelectorException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the tables of workloads have in common.
public final class WorkloadCells {

    private WorkloadCells() {}

    /// Adds the wide columns with the names and the images of the containers.
    public static <T extends Struct> ResourceBuilder<T> containers(ResourceBuilder<T> workload, Function<T, PodSpec> pods) {
        return workload.table(table -> table.wideColumn("Containers", "string", "The names of the containers in the pod template.", (object, now) -> names(pods.apply(object).containers()))
                        .wideColumn("Images", "string", "The images of the containers in the pod template.", (object, now) -> images(pods.apply(object).containers())));
    }

    /// Adds, besides, the wide column with the selector.
    public static <T extends Struct> ResourceBuilder<T> containersAndSelector(
            ResourceBuilder<T> workload, Function<T, PodSpec> pods, Function<T, String> selector) {
        return containers(workload, pods).table(table -> table.wideColumn("Selector", "string", "The labels of the pods that belong to it.", (object, now) -> selector.apply(object)));
    }

    static String names(List<Container> containers) {
        return containers.stream().map(Container::name).collect(Collectors.joining(","));
    }

    static String images(List<Container> containers) {
        return containers.stream().map(Container::image).collect(Collectors.joining(","));
    }

    /// A selector as text; `<none>` when it selects everything.
    public static String selector(LabelSelector selector) {
        String text = selectorText(selector);
        return text.isEmpty() ? "<none>" : text;
    }

    public static String selectorText(LabelSelector selector) {
        try {
            return Selector.of(selector).toString();
        } catch (SelectorException e) {
            return "<error>";
        }
    }

    /// Labels as text in the order of their keys; `<none>` for none.
    public static String labels(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return "<none>";
        }
        return new TreeMap<>(labels).entrySet().stream().map(label -> label.getKey() + "=" + label.getValue()).collect(Collectors.joining(","));
    }
}
