package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.HostIP;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodIP;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodResourceClaimStatus;
import java.util.HashSet;
import java.util.List;
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
