package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.core.v1.Service;
import java.util.HashSet;
import java.util.Set;

/// Services take no external addresses that they do not have already.
public final class DenyServiceExternalIPs implements AdmissionPlugin {

    @Override
    public String name() {
        return "DenyServiceExternalIPs";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "services") || request.is(Operation.UPDATE, "", "services");
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.object() instanceof Service service) {
            Set<String> added = new HashSet<>(service.spec().externalIPs());
            if (request.old() instanceof Service old) {
                added.removeAll(old.spec().externalIPs());
            }
            if (!added.isEmpty()) {
                throw request.forbidden("Use of external IPs is denied by admission control");
            }
        }
    }
}
