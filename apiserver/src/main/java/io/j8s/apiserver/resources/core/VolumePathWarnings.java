package io.j8s.apiserver.resources.core;

import io.j8s.model.core.v1.DownwardAPIVolumeFile;
import io.j8s.model.core.v1.KeyToPath;
import io.j8s.model.core.v1.PodCertificateProjection;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Warnings of files in one volume that take each other's place, as one path is or contains the other.
final class VolumePathWarnings {

    private final List<String> warnings;

    private VolumePathWarnings(List<String> warnings) {
        this.warnings = warnings;
    }

    static void add(List<Volume> volumes, List<String> warnings) {
        VolumePathWarnings found = new VolumePathWarnings(warnings);
        volumes.forEach(found::volume);
    }

    /// @param source what the file is made from; empty where the volume has only one
    private record File(String path, String source) {
        private File {
            path = path.replaceFirst("/+$", "");
        }

        boolean overlaps(File other) {
            return !path.isEmpty() && !other.path.isEmpty() && ((path + "/").startsWith(other.path + "/") || (other.path + "/").startsWith(path + "/"));
        }

        @Override
        public String toString() {
            return source.isEmpty() ? "\"" + path + "\"" : "\"" + path + "\" (" + source + ")";
        }
    }

    private void volume(Volume volume) {
        if (volume.hasConfigMap()) {
            overlaps(volume, "ConfigMap \"" + volume.configMap().name() + "\"", keys(volume.configMap().items(), ""));
        }
        if (volume.hasSecret()) {
            overlaps(volume, "Secret \"" + volume.secret().secretName() + "\"", keys(volume.secret().items(), ""));
        }
        if (volume.hasDownwardAPI()) {
            overlaps(volume, "DownwardAPI", fields(volume.downwardAPI().items(), ""));
        }
        if (volume.hasProjected()) {
            List<File> files = new ArrayList<>();
            for (VolumeProjection source : volume.projected().sources()) {
                if (source.size() == 0) {
                    warnings.add("volume \"" + volume.name() + "\" (Projected) has no sources provided");
                }
                files.addAll(projected(source));
            }
            overlaps(volume, "Projected", files);
        }
    }

    private static List<File> keys(List<KeyToPath> items, String source) {
        return items.stream().map(item -> new File(item.path(), source)).toList();
    }

    private static List<File> fields(List<DownwardAPIVolumeFile> items, String source) {
        return items.stream().map(item -> new File(item.path(), source)).toList();
    }

    private static List<File> projected(VolumeProjection source) {
        if (source.hasConfigMap()) {
            return keys(source.configMap().items(), "ConfigMap \"" + source.configMap().name() + "\"");
        }
        if (source.hasSecret()) {
            return keys(source.secret().items(), "Secret \"" + source.secret().name() + "\"");
        }
        if (source.hasDownwardAPI()) {
            return fields(source.downwardAPI().items(), "DownwardAPI");
        }
        if (source.hasServiceAccountToken()) {
            return List.of(new File(source.serviceAccountToken().path(), "ServiceAccountToken"));
        }
        if (source.hasClusterTrustBundle()) {
            String name = source.clusterTrustBundle().hasName() ? source.clusterTrustBundle().name() : source.clusterTrustBundle().signerName();
            return List.of(new File(source.clusterTrustBundle().path(), "ClusterTrustBundle \"" + name + "\""));
        }
        PodCertificateProjection certificate = source.podCertificate();
        return Stream.of(
                        new File(certificate.certificateChainPath(), "PodCertificate chain"),
                        new File(certificate.keyPath(), "PodCertificate key"),
                        new File(certificate.credentialBundlePath(), "PodCertificate credential bundle"))
                .filter(file -> !file.path().isEmpty())
                .toList();
    }

    private void overlaps(Volume volume, String what, List<File> files) {
        for (int i = 0; i < files.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (files.get(i).overlaps(files.get(j))) {
                    warnings.add("volume \"" + volume.name() + "\" (" + what + "): overlapping paths: " + files.get(i) + " with " + files.get(j));
                }
            }
        }
    }
}
