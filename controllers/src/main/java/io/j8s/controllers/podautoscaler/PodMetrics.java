package io.j8s.controllers.podautoscaler;

import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.Unstructured;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What pods use, in thousandths, by pod and container, from the resource metrics API (`metrics.k8s.io`).
final class PodMetrics {
    private static final ApiResource<Struct> RESOURCE = new ApiResource<>("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", true, Unstructured.TYPE, Unstructured.TYPE);

    private final Map<String, Map<String, Map<String, Long>>> usage = new HashMap<>();

    private PodMetrics() {}

    /// @throws io.j8s.client.ApiException when no metrics are served
    static PodMetrics read(Client client, String namespace, String selector) {
        PodMetrics metrics = new PodMetrics();
        for (Struct item : client.list(RESOURCE, namespace, ListOptions.labels(selector)).items()) {
            Map<String, Map<String, Long>> containers = new HashMap<>();
            if (item.unknown().get("containers") instanceof List<?> list) {
                list.forEach(each -> add(containers, each));
            }
            metrics.usage.put(Objects.metadata(item).name(), containers);
        }
        return metrics;
    }

    private static void add(Map<String, Map<String, Long>> containers, Object container) {
        if (container instanceof Map<?, ?> fields && fields.get("name") instanceof String name && fields.get("usage") instanceof Map<?, ?> usage) {
            Map<String, Long> amounts = new HashMap<>();
            usage.forEach((resource, amount) -> amounts.put(String.valueOf(resource), Quantity.parse(String.valueOf(amount)).milliValue()));
            containers.put(name, amounts);
        }
    }

    /// What each pod uses of a resource, in all containers or in one (`container` not empty); pods without a figure are left out.
    Map<String, Long> of(String resource, String container) {
        Map<String, Long> result = new HashMap<>();
        usage.forEach((pod, containers) -> {
            long sum = 0;
            boolean complete = !containers.isEmpty() && (container.isEmpty() || containers.containsKey(container));
            for (Map.Entry<String, Map<String, Long>> each : containers.entrySet()) {
                if (container.isEmpty() || each.getKey().equals(container)) {
                    Long amount = each.getValue().get(resource);
                    complete &= amount != null;
                    sum += amount == null ? 0 : amount;
                }
            }
            if (complete) {
                result.put(pod, sum);
            }
        });
        return result;
    }
}
