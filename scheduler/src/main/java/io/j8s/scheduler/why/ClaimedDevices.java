package io.j8s.scheduler.why;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceClaimTemplate;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.why.Explanation.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is the matter with the devices that a pod claims.
final class ClaimedDevices {

    private final Reading reading;

    ClaimedDevices(Reading reading) {
        this.reading = reading;
    }

    /// Claims, templates and classes that are not there.
    void explain(Pod pod, List<Finding> findings) {
        String namespace = pod.metadata().namespace();
        for (PodResourceClaim reference : pod.spec().resourceClaims()) {
            String name = nameOf(pod, reference);
            String template = reference.resourceClaimTemplateName();
            if (name.isEmpty()) {
                findings.add(reading.isMissing(ResourceClaimTemplate.RESOURCE, namespace, template)
                        ? new Finding("Devices", "resource claim " + reference.name() + ": the ResourceClaimTemplate " + template + " does not exist", "create it")
                        : new Finding("Devices", "resource claim " + reference.name() + " has not been made from its template " + template + " yet", "see that the controller manager runs"));
                continue;
            }
            ResourceClaim claim = reading.one(ResourceClaim.RESOURCE, namespace, name);
            if (claim == null) {
                if (reading.isMissing(ResourceClaim.RESOURCE, namespace, name)) {
                    findings.add(new Finding("Devices", "resource claim " + reference.name() + ": the ResourceClaim " + name + " does not exist", "create it"));
                }
                continue;
            }
            classes(claim).stream().filter(one -> reading.isMissing(DeviceClass.RESOURCE, "", one))
                    .forEach(one -> findings.add(new Finding("Devices", "the ResourceClaim " + name + " asks for the DeviceClass " + one + ", which does not exist", "create the class, or name another")));
        }
    }

    private static String nameOf(Pod pod, PodResourceClaim reference) {
        return reference.hasResourceClaimName() ? reference.resourceClaimName()
                : pod.status().resourceClaimStatuses().stream().filter(one -> one.name().equals(reference.name())).map(one -> one.resourceClaimName()).findFirst().orElse("");
    }

    private static Set<String> classes(ResourceClaim claim) {
        return claim.spec().devices().requests().stream().filter(DeviceRequest::hasExactly).map(one -> one.exactly().deviceClassName()).collect(Collectors.toSet());
    }

    /// What is asked for, and what there is on these nodes: `: asks for 5 of class gpu (claim big), where 3 devices are, 1 of them taken`.
    String wanted(Pod pod, List<NodeInfo> nodes) {
        List<String> asked = new ArrayList<>();
        for (PodResourceClaim reference : pod.spec().resourceClaims()) {
            @Nullable ResourceClaim claim = reading.one(ResourceClaim.RESOURCE, pod.metadata().namespace(), nameOf(pod, reference));
            if (claim != null && claim.status().hasAllocation()) {
                asked.add("claim " + claim.metadata().name() + " has its devices elsewhere already");
            } else if (claim != null) {
                claim.spec().devices().requests().stream().filter(DeviceRequest::hasExactly).forEach(one -> asked.add("asks for "
                        + (one.exactly().allocationMode().equals("All") ? "all" : String.valueOf(Math.max(1, one.exactly().count()))) + " of class " + one.exactly().deviceClassName()
                        + " (claim " + claim.metadata().name() + ")"));
            }
        }
        pod.spec().containers().forEach(container -> container.resources().requests().forEach((resource, amount) -> {
            if (new SeenDevices(reading).classFor(resource) != null) {
                asked.add("asks for " + amount + " " + resource);
            }
        }));
        Set<String> names = nodes.stream().map(NodeInfo::name).collect(Collectors.toSet());
        List<ResourceSlice> slices = reading.all(ResourceSlice.RESOURCE, "").stream().filter(slice -> slice.spec().allNodes() || names.contains(slice.spec().nodeName())).toList();
        Set<String> taken = reading.all(ResourceClaim.RESOURCE, "").stream().flatMap(claim -> claim.status().allocation().devices().results().stream())
                .map(one -> one.driver() + "/" + one.pool() + "/" + one.device()).collect(Collectors.toSet());
        long all = slices.stream().mapToLong(slice -> slice.spec().devices().size()).sum();
        long held = slices.stream().mapToLong(slice -> slice.spec().devices().stream()
                .filter(device -> taken.contains(slice.spec().driver() + "/" + slice.spec().pool().name() + "/" + device.name())).count()).sum();
        return (asked.isEmpty() ? "" : ": " + String.join(", ", asked)) + "; there " + (all == 1 ? "is 1 device" : "are " + all + " devices") + " there, " + held + " of them taken";
    }
}
