package io.j8s.apiserver.admission.plugins;

import io.j8s.model.core.v1.ConfigMapProjection;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.DownwardAPIProjection;
import io.j8s.model.core.v1.DownwardAPIVolumeFile;
import io.j8s.model.core.v1.KeyToPath;
import io.j8s.model.core.v1.ObjectFieldSelector;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ProjectedVolumeSource;
import io.j8s.model.core.v1.ServiceAccountTokenProjection;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeMount;
import io.j8s.model.core.v1.VolumeProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Puts a token, the certificate of the API server's authority and the pod's namespace where programs in pods look for them.
final class ServiceAccountMount {

    private static final String VOLUME = "kube-api-access-";
    private static final String PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String NAME_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789";
    /// An hour, and the seconds by which the server tells tokens of this kind.
    private static final long TOKEN_SECONDS = 3607;
    private static final int MODE = 0644;

    private static final ProjectedVolumeSource SOURCE = source();

    private ServiceAccountMount() {}

    /// The pod with the volume, mounted into every container that mounts nothing else at that place.
    static PodSpec in(PodSpec spec, RandomGenerator random) {
        String existing = existing(spec.volumes());
        String name = existing.isEmpty() ? VOLUME + suffix(random) : existing;
        VolumeMount mount = VolumeMount.EMPTY.withName(name).withReadOnly(true).withMountPath(PATH);
        if (!wanted(spec.initContainers()) && !wanted(spec.containers())) {
            return spec;
        }
        List<Container> init = mounted(spec.initContainers(), mount);
        List<Container> containers = mounted(spec.containers(), mount);
        PodSpec changed = spec.withContainers(containers);
        changed = init.isEmpty() ? changed : changed.withInitContainers(init);
        if (!existing.isEmpty()) {
            return changed;
        }
        List<Volume> volumes = new ArrayList<>(spec.volumes());
        volumes.add(Volume.EMPTY.withName(name).withProjected(SOURCE));
        return changed.withVolumes(volumes);
    }

    /// The name of such a volume that is there already; empty for none.
    private static String existing(List<Volume> volumes) {
        for (Volume volume : volumes) {
            if (volume.name().startsWith(VOLUME)) {
                return volume.name();
            }
        }
        return "";
    }

    private static boolean wanted(List<Container> containers) {
        for (Container container : containers) {
            if (!mounts(container)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mounts(Container container) {
        for (VolumeMount mount : container.volumeMounts()) {
            if (mount.mountPath().equals(PATH)) {
                return true;
            }
        }
        return false;
    }

    private static String suffix(RandomGenerator random) {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            suffix.append(NAME_CHARACTERS.charAt(random.nextInt(NAME_CHARACTERS.length())));
        }
        return suffix.toString();
    }

    private static List<Container> mounted(List<Container> containers, VolumeMount mount) {
        List<Container> changed = new ArrayList<>();
        for (Container container : containers) {
            if (mounts(container)) {
                changed.add(container);
            } else {
                List<VolumeMount> mounts = new ArrayList<>(container.volumeMounts());
                mounts.add(mount);
                changed.add(container.withVolumeMounts(mounts));
            }
        }
        return changed;
    }

    private static ProjectedVolumeSource source() {
        VolumeProjection token = VolumeProjection.EMPTY.withServiceAccountToken(
                ServiceAccountTokenProjection.EMPTY.withExpirationSeconds(TOKEN_SECONDS).withPath("token"));
        VolumeProjection authority = VolumeProjection.EMPTY.withConfigMap(
                ConfigMapProjection.EMPTY.withName("kube-root-ca.crt").withItems(List.of(KeyToPath.EMPTY.withKey("ca.crt").withPath("ca.crt"))));
        VolumeProjection namespace = VolumeProjection.EMPTY.withDownwardAPI(DownwardAPIProjection.EMPTY.withItems(List.of(
                DownwardAPIVolumeFile.EMPTY.withPath("namespace")
                        .withFieldRef(ObjectFieldSelector.EMPTY.withApiVersion("v1").withFieldPath("metadata.namespace")))));
        return ProjectedVolumeSource.EMPTY.withDefaultMode(MODE).withSources(List.of(token, authority, namespace));
    }
}
