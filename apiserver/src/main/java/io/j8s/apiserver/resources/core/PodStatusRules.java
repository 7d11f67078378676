package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Pod;
import java.util.List;

/// The rules for the addresses in a pod's status.
final class PodStatusRules {

    private PodStatusRules() {}

    static void addresses(Pod pod, FieldErrors errors) {
        checkAddresses(pod.status().podIPs().stream().map(io.j8s.model.core.v1.PodIP::ip).toList(), FieldPath.of("status").child("podIPs"), "may specify no more than one IP for each IP family", errors);
        checkAddresses(pod.status().hostIPs().stream().map(io.j8s.model.core.v1.HostIP::ip).toList(), FieldPath.of("status").child("hostIPs"), "may specify no more than one IP for each IP family", errors);
    }

    private static void checkAddresses(List<String> addresses, FieldPath path, String tooMany, FieldErrors errors) {
        for (int i = 0; i < addresses.size(); i++) {
            IpRules.check(addresses.get(i), path.index(i), errors);
        }
        if (addresses.size() <= 1) {
            return;
        }
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.indexOf(addresses.get(i)) < i) {
                errors.duplicate(path.index(i), addresses.get(i));
            }
        }
        long sixes = addresses.stream().filter(address -> address.contains(":")).count();
        if (addresses.size() > 2 || sixes != 1) {
            errors.invalid(path, addresses, tooMany);
        }
    }
}
