package io.j8s.controllers.volumebinding;

import io.j8s.client.informer.Lister;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How many volumes and claims there are, bound and free, as upstream's `pv_collector_*` series: counted when they are asked for.
final class BindingMetrics {
    private static final String BOUND = "Bound";

    private BindingMetrics() {}

    static void register(MetricRegistry registry, Lister<PersistentVolume> volumes, Lister<PersistentVolumeClaim> claims) {
        registry.gauge("pv_collector_total_pv_count", "[ALPHA] Gauge measuring total number of persistent volumes", "plugin_name", "volume_mode")
                .ofAll(() -> count(volumes, v -> true, v -> List.of(plugin(v.spec()), v.spec().volumeMode().isEmpty() ? "Filesystem" : v.spec().volumeMode())));
        registry.gauge("pv_collector_bound_pv_count", "[ALPHA] Gauge measuring number of persistent volume currently bound", "storage_class")
                .ofAll(() -> count(volumes, v -> v.status().phase().equals(BOUND), v -> List.of(Matching.storageClass(v))));
        registry.gauge("pv_collector_unbound_pv_count", "[ALPHA] Gauge measuring number of persistent volume currently unbound", "storage_class")
                .ofAll(() -> count(volumes, v -> !v.status().phase().equals(BOUND), v -> List.of(Matching.storageClass(v))));
        registry.gauge("pv_collector_bound_pvc_count", "[ALPHA] Gauge measuring number of persistent volume claim currently bound", "namespace", "storage_class", "volume_attributes_class")
                .ofAll(() -> count(claims, c -> c.status().phase().equals(BOUND), BindingMetrics::labels));
        registry.gauge("pv_collector_unbound_pvc_count", "[ALPHA] Gauge measuring number of persistent volume claim currently unbound", "namespace", "storage_class", "volume_attributes_class")
                .ofAll(() -> count(claims, c -> !c.status().phase().equals(BOUND), BindingMetrics::labels));
    }

    private static List<String> labels(PersistentVolumeClaim claim) {
        return List.of(claim.metadata().namespace(), Matching.storageClass(claim), claim.spec().volumeAttributesClassName());
    }

    private static <T extends io.j8s.model.Struct> Map<List<String>, Double> count(Lister<T> objects, Predicate<T> which, Function<T, List<String>> labels) {
        Stream<T> counted = objects.list().stream().filter(which);
        return counted.collect(Collectors.groupingBy(labels, Collectors.collectingAndThen(Collectors.counting(), Long::doubleValue)));
    }

    private static String plugin(PersistentVolumeSpec spec) {
        return spec.hasHostPath() ? "kubernetes.io/host-path" : spec.hasNfs() ? "kubernetes.io/nfs" : spec.hasFc() ? "kubernetes.io/fc" : spec.hasIscsi() ? "kubernetes.io/iscsi" : spec.hasCsi() ? "kubernetes.io/csi" : "N/A";
    }
}
