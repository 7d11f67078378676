package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerExtendedResourceRequest;
import io.j8s.model.core.v1.HostIP;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodExtendedResourceClaimStatus;
import io.j8s.model.core.v1.PodIP;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodResourceClaimStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The rules for the addresses and the claims in a pod's status.
final class PodStatusRules {

    private static final FieldPath STATUS = FieldPath.of("status");

    private PodStatusRules() {}

    /// The claims that were made for the pod: each is one of those that it asks for.
    static void claims(Pod pod, FieldErrors errors) {
        Set<String> asked = pod.spec().resourceClaims().stream().map(PodResourceClaim::name).collect(Collectors.toSet());
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < pod.status().resourceClaimStatuses().size(); i++) {
            PodResourceClaimStatus claim = pod.status().resourceClaimStatuses().get(i);
            FieldPath path = STATUS.child("resourceClaimStatuses").index(i);
            if (!asked.contains(claim.name())) {
                errors.invalid(path.child("name"), claim.name(), "must match the name of an entry in `spec.resourceClaims`");
            }
            if (!seen.add(claim.name())) {
                errors.duplicate(path.child("name"), claim.name());
            }
            if (claim.hasResourceClaimName()) {
                Names.dnsSubdomain(claim.resourceClaimName()).forEach(problem -> errors.invalid(path.child("resourceClaimName"), claim.resourceClaimName(), problem));
            }
        }
        extendedResources(pod, errors);
    }

    /// The claim that stands for extended resources: each mapping is of a container that asks for its resource.
    static void extendedResources(Pod pod, FieldErrors errors) {
        if (!pod.status().hasExtendedResourceClaimStatus()) {
            return;
        }
        PodExtendedResourceClaimStatus status = pod.status().extendedResourceClaimStatus();
        FieldPath path = STATUS.child("extendedResourceClaimStatus");
        FieldPath mappings = path.child("requestMappings");
        if (status.requestMappings().isEmpty()) {
            errors.required(mappings, "at least one request mapping is required");
        }
        Map<String, Container> containers = new HashMap<>();
        pod.spec().initContainers().forEach(container -> containers.put(container.name(), container));
        pod.spec().containers().forEach(container -> containers.put(container.name(), container));
        Set<ContainerExtendedResourceRequest> seen = new HashSet<>();
        for (int i = 0; i < status.requestMappings().size(); i++) {
            ContainerExtendedResourceRequest mapping = status.requestMappings().get(i);
            FieldPath here = mappings.index(i);
            Container container = containers.get(mapping.containerName());
            if (container == null) {
                errors.invalid(here.child("containerName"), mapping.containerName(), "must match the name of an entry in spec.initContainers.name or spec.containers.name");
            } else if (!container.resources().requests().containsKey(mapping.resourceName())) {
                errors.invalid(here.child("resourceName"), mapping.resourceName(),
                        "must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests");
            }
            Names.dnsLabel(mapping.requestName()).forEach(problem -> errors.invalid(path.child("requestName"), mapping.requestName(), problem));
            if (!seen.add(mapping)) {
                errors.duplicate(here.child("containerName"), mapping.containerName());
                errors.duplicate(here.child("resourceName"), mapping.resourceName());
                errors.duplicate(here.child("requestName"), mapping.requestName());
            }
        }
        if (status.resourceClaimName().isEmpty()) {
            errors.required(path.child("resourceClaimName"));
        } else {
            Names.dnsSubdomain(status.resourceClaimName()).forEach(problem -> errors.invalid(path.child("resourceClaimName"), status.resourceClaimName(), problem));
        }
    }

    static void addresses(Pod pod, FieldErrors errors) {
        List<String> addresses = pod.status().podIPs().stream().map(PodIP::ip).toList();
        FieldPath path = STATUS.child("podIPs");
        checkAddresses(addresses, path, errors);
        for (int i = 1; i < addresses.size(); i++) {
            if (addresses.indexOf(addresses.get(i)) < i) {
                errors.duplicate(path.index(i), addresses.get(i));
            }
        }
        checkFamilies(addresses, path, errors);
        hosts(pod, errors);
    }

    private static void hosts(Pod pod, FieldErrors errors) {
        List<String> addresses = pod.status().hostIPs().stream().map(HostIP::ip).toList();
        FieldPath path = STATUS.child("hostIPs");
        if (!addresses.isEmpty() && !addresses.getFirst().equals(pod.status().hostIP())) {
            errors.invalid(path.index(0).child("ip"), addresses.getFirst(), "must be equal to `hostIP`");
        }
        checkAddresses(addresses, path, errors);
        if (addresses.size() > 1 && !addresses.stream().allMatch(IpRules::isIp)) {
            errors.internal(path, "failed to check for dual stack");
        }
        checkFamilies(addresses, path, errors);
    }

    private static void checkAddresses(List<String> addresses, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < addresses.size(); i++) {
            IpRules.check(addresses.get(i), path.index(i), errors);
        }
    }

    private static void checkFamilies(List<String> addresses, FieldPath path, FieldErrors errors) {
        long sixes = addresses.stream().filter(address -> address.contains(":")).count();
        if (addresses.size() > 1 && (addresses.size() > 2 || sixes != 1)) {
            errors.invalid(path, addresses, "may specify no more than one IP for each IP family");
        }
    }
}
