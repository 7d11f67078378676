package io.j8s.controllers.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.LocalObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Volume;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Which secrets of their namespace pods name, anywhere in their specs.
public final class SecretReferences {
    private SecretReferences() {}

    /// The names for all of these pods together.
    public static Set<String> ofAll(Collection<Pod> pods) {
        Set<String> names = new HashSet<>();
        pods.forEach(pod -> add(pod.spec(), names));
        names.remove("");
        return names;
    }

    private static void add(PodSpec spec, Set<String> names) {
        spec.imagePullSecrets().stream().map(LocalObjectReference::name).forEach(names::add);
        spec.initContainers().forEach(container -> add(container, names));
        spec.containers().forEach(container -> add(container, names));
        spec.ephemeralContainers().forEach(container -> {
            container.envFrom().forEach(source -> names.add(source.secretRef().name()));
            container.env().forEach(variable -> names.add(variable.valueFrom().secretKeyRef().name()));
        });
        spec.volumes().forEach(volume -> add(volume, names));
    }

    private static void add(Container container, Set<String> names) {
        container.envFrom().forEach(source -> names.add(source.secretRef().name()));
        container.env().forEach(variable -> names.add(variable.valueFrom().secretKeyRef().name()));
    }

    private static void add(Volume volume, Set<String> names) {
        names.add(volume.secret().secretName());
        names.add(volume.azureFile().secretName());
        names.add(volume.cephfs().secretRef().name());
        names.add(volume.cinder().secretRef().name());
        names.add(volume.flexVolume().secretRef().name());
        names.add(volume.rbd().secretRef().name());
        names.add(volume.scaleIO().secretRef().name());
        names.add(volume.iscsi().secretRef().name());
        names.add(volume.storageos().secretRef().name());
        names.add(volume.csi().nodePublishSecretRef().name());
        volume.projected().sources().forEach(source -> names.add(source.secret().name()));
    }
}
