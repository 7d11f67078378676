package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;

/// Refuses every write: for tests.
public final class AlwaysDeny implements AdmissionPlugin {

    @Override
    public String name() {
        return "AlwaysDeny";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return true;
    }

    @Override
    public void validate(AdmissionRequest request) {
        throw request.forbidden("admission control is denying all modifications");
    }
}
