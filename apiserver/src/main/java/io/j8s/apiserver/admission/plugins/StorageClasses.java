package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.StorageClass;
import java.util.Comparator;
import java.util.Map;

/// Gives a claim that names no storage class the default one: of several the youngest (plugin `DefaultStorageClass`).
public final class StorageClasses implements AdmissionPlugin {

    private static final String BETA = "volume.beta.kubernetes.io/storage-class";

    @Override
    public String name() {
        return "DefaultStorageClass";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "persistentvolumeclaims");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        PersistentVolumeClaim claim = (PersistentVolumeClaim) object;
        if (claim.spec().hasStorageClassName() || claim.metadata().annotations().containsKey(BETA)) {
            return claim;
        }
        return request.state().list(StorageClass.RESOURCE, "").stream()
                .filter(one -> isDefault(one.metadata().annotations()))
                .min(Defaults.youngest(Comparator.comparing(one -> one.metadata().name())))
                .map(one -> claim.withSpec(spec -> spec.withStorageClassName(one.metadata().name())))
                .orElse(claim);
    }

    private static boolean isDefault(Map<String, String> annotations) {
        return "true".equals(annotations.get("storageclass.kubernetes.io/is-default-class"))
                || "true".equals(annotations.get("storageclass.beta.kubernetes.io/is-default-class"));
    }
}
