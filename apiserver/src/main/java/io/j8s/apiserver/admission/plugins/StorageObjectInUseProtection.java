package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/// Keeps claims, volumes and volume attribute classes from going while they are used, by a finalizer that a controller takes away.
public final class StorageObjectInUseProtection implements AdmissionPlugin {

    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return !finalizer(request).isEmpty();
    }

    private static String finalizer(AdmissionRequest request) {
        if (request.is(Operation.CREATE, "", "persistentvolumeclaims")) {
            return "kubernetes.io/pvc-protection";
        }
        if (request.is(Operation.CREATE, "", "persistentvolumes")) {
            return "kubernetes.io/pv-protection";
        }
        return request.is(Operation.CREATE, "storage.k8s.io", "volumeattributesclasses") ? "kubernetes.io/vac-protection" : "";
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        ObjectMeta meta = Objects.metadata(object);
        String finalizer = finalizer(request);
        if (meta.finalizers().contains(finalizer)) {
            return object;
        }
        List<String> finalizers = new ArrayList<>(meta.finalizers());
        finalizers.add(finalizer);
        return Objects.withMetadata(object, meta.withFinalizers(finalizers));
    }
}
