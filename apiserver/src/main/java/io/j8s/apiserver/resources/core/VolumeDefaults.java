package io.j8s.apiserver.resources.core;

import io.j8s.model.core.v1.AzureDiskVolumeSource;
import io.j8s.model.core.v1.DownwardAPIVolumeFile;
import io.j8s.model.core.v1.EmptyDirVolumeSource;
import io.j8s.model.core.v1.ImageVolumeSource;
import io.j8s.model.core.v1.ISCSIVolumeSource;
import io.j8s.model.core.v1.PersistentVolumeClaimSpec;
import io.j8s.model.core.v1.ProjectedVolumeSource;
import io.j8s.model.core.v1.RBDVolumeSource;
import io.j8s.model.core.v1.ScaleIOVolumeSource;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeProjection;
import java.util.List;

/// What the volumes of pods get when nothing is said.
final class VolumeDefaults {

    private static final int FILE_MODE = 0644;
    private static final long TOKEN_SECONDS = 3600;

    private VolumeDefaults() {}

    static Volume volume(Volume sent) {
        Volume volume = sent;
        if (volume.size() == (volume.hasName() ? 1 : 0)) {
            return volume.withEmptyDir(EmptyDirVolumeSource.EMPTY);
        }
        if (volume.hasSecret() && !volume.secret().hasDefaultMode()) {
            volume = volume.withSecret(source -> source.withDefaultMode(FILE_MODE));
        }
        if (volume.hasConfigMap() && !volume.configMap().hasDefaultMode()) {
            volume = volume.withConfigMap(source -> source.withDefaultMode(FILE_MODE));
        }
        if (volume.hasDownwardAPI()) {
            volume = volume.withDownwardAPI(source -> source.withItems(files(source.items()))
                    .withDefaultMode(source.hasDefaultMode() ? source.defaultMode() : FILE_MODE));
        }
        if (volume.hasProjected()) {
            volume = volume.withProjected(projected(volume.projected()));
        }
        if (volume.hasHostPath() && !volume.hostPath().hasType()) {
            volume = volume.withHostPath(source -> source.withType(""));
        }
        if (volume.hasEphemeral() && volume.ephemeral().hasVolumeClaimTemplate()) {
            volume = volume.withEphemeral(source -> source.withVolumeClaimTemplate(template -> template.withSpec(VolumeDefaults::claim)));
        }
        if (volume.hasImage() && volume.image().pullPolicy().isEmpty()) {
            ImageVolumeSource image = volume.image();
            volume = volume.withImage(image.withPullPolicy(ImageNames.pullPolicy(image.reference())));
        }
        return drivers(volume);
    }

    private static Volume drivers(Volume sent) {
        Volume volume = sent;
        if (volume.hasIscsi()) {
            ISCSIVolumeSource iscsi = volume.iscsi();
            volume = iscsi.iscsiInterface().isEmpty() ? volume.withIscsi(iscsi.withIscsiInterface("default")) : volume;
        }
        if (volume.hasRbd()) {
            RBDVolumeSource rbd = volume.rbd();
            volume = volume.withRbd(rbd.withPool(or(rbd.pool(), "rbd")).withUser(or(rbd.user(), "admin")).withKeyring(or(rbd.keyring(), "/etc/ceph/keyring")));
        }
        if (volume.hasAzureDisk()) {
            volume = volume.withAzureDisk(azureDisk(volume.azureDisk()));
        }
        if (volume.hasScaleIO()) {
            ScaleIOVolumeSource source = volume.scaleIO();
            volume = volume.withScaleIO(source.withStorageMode(or(source.storageMode(), "ThinProvisioned")).withFsType(or(source.fsType(), "xfs")));
        }
        return volume;
    }

    static AzureDiskVolumeSource azureDisk(AzureDiskVolumeSource sent) {
        AzureDiskVolumeSource disk = sent.hasCachingMode() ? sent : sent.withCachingMode("ReadWrite");
        disk = disk.hasKind() ? disk : disk.withKind("Shared");
        disk = disk.hasFsType() ? disk : disk.withFsType("ext4");
        return disk.hasReadOnly() ? disk : disk.withReadOnly(false);
    }

    /// A claim as such, in a pod, or as the template of a stateful set.
    static PersistentVolumeClaimSpec claim(PersistentVolumeClaimSpec sent) {
        PersistentVolumeClaimSpec claim = sent.hasVolumeMode() ? sent : sent.withVolumeMode("Filesystem");
        if (!claim.hasResources()) {
            return claim;
        }
        return claim.withResources(resources -> {
            var rounded = resources.hasLimits() ? resources.withLimits(ResourceAmounts.rounded(resources.limits())) : resources;
            return rounded.hasRequests() ? rounded.withRequests(ResourceAmounts.rounded(rounded.requests())) : rounded;
        });
    }

    static String or(String value, String otherwise) {
        return value.isEmpty() ? otherwise : value;
    }

    private static List<DownwardAPIVolumeFile> files(List<DownwardAPIVolumeFile> files) {
        return Elements.map(
                files, file -> file.hasFieldRef() && file.fieldRef().apiVersion().isEmpty() ? file.withFieldRef(ContainerDefaults::field) : file);
    }

    private static ProjectedVolumeSource projected(ProjectedVolumeSource sent) {
        ProjectedVolumeSource projected = sent.hasDefaultMode() ? sent : sent.withDefaultMode(FILE_MODE);
        List<VolumeProjection> sources = Elements.map(projected.sources(), VolumeDefaults::projection);
        return sources == projected.sources() ? projected : projected.withSources(sources);
    }

    private static VolumeProjection projection(VolumeProjection source) {
        if (source.hasServiceAccountToken() && !source.serviceAccountToken().hasExpirationSeconds()) {
            return source.withServiceAccountToken(token -> token.withExpirationSeconds(TOKEN_SECONDS));
        }
        if (source.hasDownwardAPI()) {
            return source.withDownwardAPI(downward -> downward.withItems(files(downward.items())));
        }
        return source;
    }
}
