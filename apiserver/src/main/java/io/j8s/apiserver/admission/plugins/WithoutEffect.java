package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;

/// A plugin that may be named and never does anything: `AlwaysAdmit`, and those that look at resources which v1.36 does not serve unless alpha features are turned on
/// (pod groups and workloads, cluster trust bundles).
public record WithoutEffect(String name) implements AdmissionPlugin {

    @Override
    public boolean handles(AdmissionRequest request) {
        return false;
    }
}
