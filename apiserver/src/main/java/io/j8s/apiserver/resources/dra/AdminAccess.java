package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.DeviceRequestAllocationResult;
import java.util.List;

/// Devices that are in use may be asked for by administrators: in namespaces that say so (KEP-5018).
final class AdminAccess {

    private static final String LABEL = "resource.kubernetes.io/admin-access";

    private AdminAccess() {}

    /// Refuses a new object that asks for such access elsewhere.
    ///
    /// @param kind of the object that has the requests
    static void check(List<DeviceRequest> requests, String kind, String name, WriteContext context) {
        for (int i = 0; i < requests.size(); i++) {
            if (requests.get(i).exactly().adminAccess()) {
                require(FieldPath.of("spec").child("devices").child("requests").index(i).child("adminAccess"), kind, name, context);
                return;
            }
        }
    }

    /// Refuses results of an allocation that grant such access elsewhere.
    static void checkResults(List<DeviceRequestAllocationResult> results, String name, WriteContext context) {
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).adminAccess()) {
                require(FieldPath.of("status").child("allocation").child("devices").child("results").index(i).child("adminAccess"), "ResourceClaim", name, context);
                return;
            }
        }
    }

    private static void require(FieldPath path, String kind, String name, WriteContext context) {
        Namespace namespace = context.state().get(Namespace.RESOURCE, "", context.namespace());
        if (namespace == null || !"true".equals(namespace.metadata().labels().get(LABEL))) {
            FieldErrors errors = new FieldErrors();
            errors.forbidden(path, "admin access to devices requires the `" + LABEL + ": true` label on the containing namespace");
            throw Refusal.invalid("resource.k8s.io", kind, name, errors.list());
        }
    }
}
