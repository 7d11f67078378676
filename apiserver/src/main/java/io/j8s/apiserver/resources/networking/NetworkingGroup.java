package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.ServiceRanges;
import java.util.List;

/// The resources of the group `networking.k8s.io`.
public final class NetworkingGroup {

    private NetworkingGroup() {}

    public static List<Resource<?>> resources(ServiceRanges services) {
        return List.of(
                IPAddresses.resource(),
                IngressClasses.resource(),
                Ingresses.resource(),
                NetworkPolicies.resource(),
                ServiceCIDRs.resource(services));
    }
}
