package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the core group.
public final class CoreGroup {

    private CoreGroup() {}

    public static List<Resource<?>> resources(ServiceRanges services) {
        return List.of(
                Bindings.resource(),
                ComponentStatuses.resource(),
                ConfigMaps.resource(),
                EndpointsObjects.resource(),
                Events.resource(),
                LimitRanges.resource(),
                Namespaces.resource(),
                Nodes.resource(),
                PersistentVolumeClaims.resource(),
                PersistentVolumes.resource(),
                PodTemplates.resource(),
                Pods.resource(),
                ReplicationControllers.resource(),
                ResourceQuotas.resource(),
                Secrets.resource(),
                ServiceAccounts.resource(),
                Services.resource(services));
    }
}
