package io.j8s.apiserver.resources;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.admissionregistration.AdmissionregistrationGroup;
import io.j8s.apiserver.resources.apiextensions.ApiextensionsGroup;
import io.j8s.apiserver.resources.apiregistration.ApiregistrationGroup;
import io.j8s.apiserver.resources.apps.AppsGroup;
import io.j8s.apiserver.resources.autoscaling.AutoscalingGroup;
import io.j8s.apiserver.resources.batch.BatchGroup;
import io.j8s.apiserver.resources.certificates.CertificatesGroup;
import io.j8s.apiserver.resources.coordination.CoordinationGroup;
import io.j8s.apiserver.resources.core.CoreGroup;
import io.j8s.apiserver.resources.core.PodSpecs;
import io.j8s.apiserver.resources.core.ServiceRanges;
import io.j8s.apiserver.resources.discovery.DiscoveryGroup;
import io.j8s.apiserver.resources.dra.DynamicResourcesGroup;
import io.j8s.apiserver.resources.flowcontrol.FlowcontrolGroup;
import io.j8s.apiserver.resources.networking.NetworkingGroup;
import io.j8s.apiserver.resources.node.NodeGroup;
import io.j8s.apiserver.resources.policy.PolicyGroup;
import io.j8s.apiserver.resources.rbac.RbacGroup;
import io.j8s.apiserver.resources.scheduling.SchedulingGroup;
import io.j8s.apiserver.resources.storage.StorageGroup;
import java.util.List;
import java.util.stream.Stream;

/// All built-in resources. Discovery, storage and routing follow from this list; a new resource is a file like its neighbours and a line in its group's list.
public final class Resources {

    private Resources() {}

    /// All, with the ranges that services get their addresses and ports from when nothing is said; containers may be privileged.
    public static List<Resource<?>> all() {
        return all(ServiceRanges.DEFAULT, true);
    }

    /// All, for one server: what is allocated in memory belongs to it.
    ///
    /// @param allowPrivileged whether containers may be privileged
    public static List<Resource<?>> all(ServiceRanges services, boolean allowPrivileged) {
        return declared(services).<Resource<?>>map(resource -> PodSpecs.decorated(resource, allowPrivileged)).toList();
    }

    private static Stream<Resource<?>> declared(ServiceRanges services) {
        return Stream.of(
                        CoreGroup.resources(services),
                        AppsGroup.resources(),
                        BatchGroup.resources(),
                        AutoscalingGroup.resources(),
                        PolicyGroup.resources(),
                        NetworkingGroup.resources(services),
                        DiscoveryGroup.resources(),
                        StorageGroup.resources(),
                        RbacGroup.resources(),
                        CoordinationGroup.resources(),
                        CertificatesGroup.resources(),
                        SchedulingGroup.resources(),
                        NodeGroup.resources(),
                        FlowcontrolGroup.resources(),
                        AdmissionregistrationGroup.resources(),
                        ApiextensionsGroup.resources(),
                        ApiregistrationGroup.resources(),
                        DynamicResourcesGroup.resources())
                .flatMap(List::stream);
    }
}
