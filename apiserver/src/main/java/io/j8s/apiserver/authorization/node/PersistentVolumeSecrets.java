package io.j8s.apiserver.authorization.node;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import io.j8s.model.core.v1.SecretReference;
import java.util.stream.Stream;

/// The secrets that kubelets need to mount a volume.
final class PersistentVolumeSecrets {

    private PersistentVolumeSecrets() {}

    static boolean any(PersistentVolume volume, String namespace, String name) {
        PersistentVolumeSpec spec = volume.spec();
        String home = spec.claimRef().namespace();
        if (spec.azureFile().secretName().equals(name)) {
            String named = spec.azureFile().secretNamespace();
            return (named.isEmpty() ? home : named).equals(namespace);
        }
        return Stream.of(
                        spec.cephfs().secretRef(), spec.cinder().secretRef(), spec.flexVolume().secretRef(), spec.rbd().secretRef(), spec.scaleIO().secretRef(),
                        spec.iscsi().secretRef(), spec.csi().nodePublishSecretRef(), spec.csi().nodeStageSecretRef(), spec.csi().nodeExpandSecretRef())
                .anyMatch(reference -> is(reference, namespace, name, home));
    }

    private static boolean is(SecretReference reference, String namespace, String name, String home) {
        return reference.name().equals(name) && (reference.namespace().isEmpty() ? home : reference.namespace()).equals(namespace);
    }
}
