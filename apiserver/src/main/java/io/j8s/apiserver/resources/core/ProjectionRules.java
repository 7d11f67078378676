package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.ClusterTrustBundleProjection;
import io.j8s.model.core.v1.DownwardAPIVolumeFile;
import io.j8s.model.core.v1.KeyToPath;
import io.j8s.model.core.v1.ProjectedVolumeSource;
import io.j8s.model.core.v1.ServiceAccountTokenProjection;
import io.j8s.model.core.v1.VolumeProjection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rules for volumes that are put together from several sources.
final class ProjectionRules {

    private static final long LEAST_TOKEN_SECONDS = 600;
    private static final long MOST_TOKEN_SECONDS = 1L << 32;

    private ProjectionRules() {}

    static void projected(ProjectedVolumeSource projected, FieldPath path, FieldErrors errors) {
        VolumeSourceRules.mode(projected.defaultMode(), path.child("defaultMode"), errors);
        Set<String> files = new HashSet<>();
        for (int i = 0; i < projected.sources().size(); i++) {
            source(projected.sources().get(i), path, path.child("sources").index(i), files, errors);
        }
    }

    private static void source(VolumeProjection source, FieldPath volume, FieldPath path, Set<String> files, FieldErrors errors) {
        if (source.hasSecret()) {
            named(source.secret().name(), source.secret().items(), volume, path.child("secret"), files, errors);
        }
        if (source.hasConfigMap()) {
            named(source.configMap().name(), source.configMap().items(), volume, path.child("configMap"), files, errors);
        }
        if (source.hasDownwardAPI()) {
            for (DownwardAPIVolumeFile file : source.downwardAPI().items()) {
                VolumeSourceRules.downward(file, path.child("downwardAPI"), errors);
                once(file.path(), file.path(), volume, files, errors);
            }
        }
        if (source.hasServiceAccountToken()) {
            token(source.serviceAccountToken(), volume, path.child("serviceAccountToken").child("expirationSeconds"), errors);
        }
        if (source.hasClusterTrustBundle()) {
            trustBundle(source.clusterTrustBundle(), path.child("clusterTrustBundle"), errors);
            once(source.clusterTrustBundle().path(), source.clusterTrustBundle().path(), volume, files, errors);
        }
        if (source.size() > 1) {
            errors.forbidden(path, "may not specify more than 1 volume type per source");
        }
    }

    private static void named(String name, List<KeyToPath> items, FieldPath volume, FieldPath path, Set<String> files, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path.child("name"));
        }
        for (int i = 0; i < items.size(); i++) {
            VolumeSourceRules.item(items.get(i), path.child("items").index(i), errors);
            once(items.get(i).path(), name, volume, files, errors);
        }
    }

    private static void once(String file, String shown, FieldPath volume, Set<String> files, FieldErrors errors) {
        if (!file.isEmpty() && !files.add(file)) {
            errors.invalid(volume, shown, "conflicting duplicate paths");
        }
    }

    private static void token(ServiceAccountTokenProjection token, FieldPath volume, FieldPath seconds, FieldErrors errors) {
        if (token.expirationSeconds() < LEAST_TOKEN_SECONDS) {
            errors.invalid(seconds, token.expirationSeconds(), "may not specify a duration less than 10 minutes");
        }
        if (token.expirationSeconds() > MOST_TOKEN_SECONDS) {
            errors.invalid(seconds, token.expirationSeconds(), "may not specify a duration larger than 2^32 seconds");
        }
        if (token.path().isEmpty()) {
            errors.required(volume.child("path"));
        } else {
            VolumeSourceRules.localPath(token.path(), volume.child("path"), errors);
        }
    }

    private static void trustBundle(ClusterTrustBundleProjection bundle, FieldPath path, FieldErrors errors) {
        if (bundle.hasName() && bundle.hasSignerName()) {
            errors.invalid(path, bundle, "only one of name and signerName may be used");
        } else if (!bundle.hasName() && !bundle.hasSignerName()) {
            errors.required(path, "either name or signerName must be specified");
        }
        if (bundle.hasName() && bundle.hasLabelSelector()) {
            errors.invalid(path.child("labelSelector"), bundle.labelSelector(), "labelSelector must be unset if name is specified");
        }
        if (bundle.path().isEmpty()) {
            errors.required(path.child("path"));
        }
        VolumeSourceRules.localPath(bundle.path(), path.child("path"), errors);
    }
}
