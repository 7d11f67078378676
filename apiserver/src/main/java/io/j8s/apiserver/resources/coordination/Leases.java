package io.j8s.apiserver.resources.coordination;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.coordination.v1.Lease;

/// `leases.coordination.k8s.io`
final class Leases {

    private Leases() {}

    static Resource<Lease> resource() {
        return Resource.of(Lease.RESOURCE)
                .createsOnUpdate()
                .updatesOnlyConditionally()
                .build();
    }
}
