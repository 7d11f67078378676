package io.j8s.apiserver.resources.apiregistration;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `apiregistration.k8s.io`.
public final class ApiregistrationGroup {

    private ApiregistrationGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                APIServices.resource());
    }
}
