package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.StorageClass;

/// A claim may grow only when it is bound, and its storage class allows it.
public final class PersistentVolumeClaimResize implements AdmissionPlugin {

    @Override
    public String name() {
        return "PersistentVolumeClaimResize";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.UPDATE, "", "persistentvolumeclaims");
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!(request.object() instanceof PersistentVolumeClaim claim) || !(request.old() instanceof PersistentVolumeClaim old) || !grows(claim, old)) {
            return;
        }
        if (!old.status().phase().equals("Bound")) {
            throw request.forbidden("Only bound persistent volume claims can be expanded");
        }
        String name = storageClass(claim);
        StorageClass storageClass = name.isEmpty() || !name.equals(storageClass(old)) ? null : request.state().get(StorageClass.RESOURCE, "", name);
        if (storageClass == null || !storageClass.allowVolumeExpansion()) {
            throw request.forbidden("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
        }
    }

    private static boolean grows(PersistentVolumeClaim claim, PersistentVolumeClaim old) {
        Quantity size = claim.spec().resources().requests().getOrDefault("storage", Quantity.ZERO);
        return size.compareTo(old.spec().resources().requests().getOrDefault("storage", Quantity.ZERO)) > 0;
    }

    private static String storageClass(PersistentVolumeClaim claim) {
        return claim.metadata().annotations().getOrDefault("volume.beta.kubernetes.io/storage-class", claim.spec().storageClassName());
    }
}
