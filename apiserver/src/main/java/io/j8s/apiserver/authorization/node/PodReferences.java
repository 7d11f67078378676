package io.j8s.apiserver.authorization.node;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.EnvFromSource;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.LocalObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodResourceClaimStatus;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeProjection;
import java.util.List;
import java.util.function.Predicate;

/// The names of other objects in a pod's own namespace that it refers to. Each method says whether any of them is such a one.
public final class PodReferences {

    private PodReferences() {}

    public static boolean anySecret(Pod pod, Predicate<String> name) {
        return pod.spec().imagePullSecrets().stream().map(LocalObjectReference::name).anyMatch(named(name))
                || anyEnvironment(pod.spec(), PodReferences::secretOf, source -> source.secretRef().name(), named(name))
                || pod.spec().volumes().stream().anyMatch(volume -> anySecretOf(volume, named(name)));
    }

    private static String secretOf(EnvVar variable) {
        return variable.valueFrom().secretKeyRef().name();
    }

    private static boolean anySecretOf(Volume volume, Predicate<String> name) {
        if (name.test(volume.secret().secretName()) || name.test(volume.azureFile().secretName()) || name.test(volume.cephfs().secretRef().name())
                || name.test(volume.cinder().secretRef().name()) || name.test(volume.flexVolume().secretRef().name()) || name.test(volume.rbd().secretRef().name())
                || name.test(volume.scaleIO().secretRef().name()) || name.test(volume.iscsi().secretRef().name())
                || name.test(volume.storageos().secretRef().name()) || name.test(volume.csi().nodePublishSecretRef().name())) {
            return true;
        }
        return volume.projected().sources().stream().map(source -> source.secret().name()).anyMatch(name);
    }

    public static boolean anyConfigMap(Pod pod, Predicate<String> name) {
        return anyEnvironment(pod.spec(), variable -> variable.valueFrom().configMapKeyRef().name(), source -> source.configMapRef().name(), named(name))
                || pod.spec().volumes().stream().anyMatch(volume -> named(name).test(volume.configMap().name())
                        || volume.projected().sources().stream().map(source -> source.configMap().name()).anyMatch(named(name)));
    }

    public static boolean anyClaim(Pod pod, Predicate<String> name) {
        return pod.spec().volumes().stream().anyMatch(volume -> named(name).test(volume.persistentVolumeClaim().claimName())
                || (volume.hasEphemeral() && name.test(pod.metadata().name() + "-" + volume.name())));
    }

    public static boolean anyResourceClaim(Pod pod, Predicate<String> name) {
        return pod.spec().resourceClaims().stream().map(PodResourceClaim::resourceClaimName).anyMatch(named(name))
                || pod.status().resourceClaimStatuses().stream().map(PodResourceClaimStatus::resourceClaimName).anyMatch(named(name))
                || named(name).test(pod.status().extendedResourceClaimStatus().resourceClaimName());
    }

    /// Whether a volume of the pod holds a token of its service account.
    public static boolean projectsToken(Pod pod) {
        return pod.spec().volumes().stream().anyMatch(volume -> volume.projected().sources().stream().anyMatch(VolumeProjection::hasServiceAccountToken));
    }

    private static Predicate<String> named(Predicate<String> name) {
        return candidate -> !candidate.isEmpty() && name.test(candidate);
    }

    private static boolean anyEnvironment(
            PodSpec spec, java.util.function.Function<EnvVar, String> variable, java.util.function.Function<EnvFromSource, String> source, Predicate<String> name) {
        for (Container container : spec.containers()) {
            if (any(container.env(), container.envFrom(), variable, source, name)) {
                return true;
            }
        }
        for (Container container : spec.initContainers()) {
            if (any(container.env(), container.envFrom(), variable, source, name)) {
                return true;
            }
        }
        for (EphemeralContainer container : spec.ephemeralContainers()) {
            if (any(container.env(), container.envFrom(), variable, source, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean any(
            List<EnvVar> variables,
            List<EnvFromSource> sources,
            java.util.function.Function<EnvVar, String> variable,
            java.util.function.Function<EnvFromSource, String> source,
            Predicate<String> name) {
        return variables.stream().map(variable).anyMatch(name) || sources.stream().map(source).anyMatch(name);
    }
}
