package io.j8s.apiserver.customresources;

import io.j8s.apiserver.discovery.Versions;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;

/// What requests for a deprecated version are warned of.
final class Deprecation {

    private Deprecation() {}

    /// Empty for a version that is not deprecated.
    static String of(CustomResourceDefinitionSpec spec, CustomResourceDefinitionVersion version) {
        if (!version.deprecated()) {
            return "";
        }
        if (version.hasDeprecationWarning()) {
            return version.deprecationWarning();
        }
        String instead = spec.versions().stream()
                .filter(other -> other.served() && !other.deprecated())
                .map(CustomResourceDefinitionVersion::name)
                .filter(other -> Versions.NEWEST_FIRST.compare(other, version.name()) < 0)
                .min(Versions.NEWEST_FIRST)
                .map(other -> "; use " + spec.group() + "/" + other + " " + spec.names().kind())
                .orElse("");
        return spec.group() + "/" + version.name() + " " + spec.names().kind() + " is deprecated" + instead;
    }
}
