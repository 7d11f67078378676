package io.j8s.apiserver.resources.certificates;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `certificates.k8s.io`.
public final class CertificatesGroup {

    private CertificatesGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                CertificateSigningRequests.resource());
    }
}
