package io.j8s.apiserver.resources;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// All built-in resources. Discovery, storage and routing follow from this list; a new resource is a file like its neighbours and a line here.
public final class Resources {

    private Resources() {}

    public static List<Resource<?>> all() {
        return List.of(
                // core
                ConfigMaps.resource(),
                Namespaces.resource(),
                Pods.resource());
    }
}
