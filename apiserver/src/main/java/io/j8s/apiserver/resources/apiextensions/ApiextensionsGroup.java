package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `apiextensions.k8s.io`.
public final class ApiextensionsGroup {

    private ApiextensionsGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                CustomResourceDefinitions.resource());
    }
}
