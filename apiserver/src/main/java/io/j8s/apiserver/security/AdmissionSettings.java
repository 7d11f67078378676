package io.j8s.apiserver.security;

import io.j8s.apiserver.admission.configuration.AdmissionConfiguration;
import java.util.Set;

/// Which admission plugins run, and how they are set up.
///
/// @param enabled besides the default ones (`--enable-admission-plugins`)
/// @param disabled of the default ones (`--disable-admission-plugins`)
/// @param configuration what `--admission-control-config-file` says
/// @param notReadySeconds, unreachableSeconds how long pods stay on such nodes by default (`--default-…-toleration-seconds`)
public record AdmissionSettings(Set<String> enabled, Set<String> disabled, AdmissionConfiguration configuration, long notReadySeconds, long unreachableSeconds) {

    private static final int STAY_SECONDS = 300;

    /// The default plugins and NodeRestriction.
    public static final AdmissionSettings DEFAULT = new AdmissionSettings(Set.of("NodeRestriction"), Set.of(), AdmissionConfiguration.NONE, STAY_SECONDS, STAY_SECONDS);

    public AdmissionSettings {
        enabled = Set.copyOf(enabled);
        disabled = Set.copyOf(disabled);
    }

    public AdmissionSettings withPlugins(Set<String> newEnabled, Set<String> newDisabled) {
        return new AdmissionSettings(newEnabled, newDisabled, configuration, notReadySeconds, unreachableSeconds);
    }

    public AdmissionSettings withConfiguration(AdmissionConfiguration newConfiguration) {
        return new AdmissionSettings(enabled, disabled, newConfiguration, notReadySeconds, unreachableSeconds);
    }

    public AdmissionSettings withStay(long newNotReadySeconds, long newUnreachableSeconds) {
        return new AdmissionSettings(enabled, disabled, configuration, newNotReadySeconds, newUnreachableSeconds);
    }
}
