package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.LinuxContainerUser;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceHealth;
import io.j8s.model.core.v1.ResourceStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rules for what a pod's status says of its containers: who they run as, and how the resources are that they were given.
final class ContainerStatusRules {

    private static final FieldPath STATUS = FieldPath.of("status");
    private static final List<String> HEALTH = List.of("Healthy", "Unhealthy", "Unknown");
    private static final int LONGEST_MESSAGE = 1024;
    private static final String CLAIM = "claim:";

    private ContainerStatusRules() {}

    static void of(Pod pod, FieldErrors errors) {
        FieldPath containers = STATUS.child("containerStatuses");
        FieldPath initial = STATUS.child("initContainerStatuses");
        FieldPath ephemeral = STATUS.child("ephemeralContainerStatuses");
        boolean windows = pod.spec().os().name().equals("windows");
        users(pod.status().containerStatuses(), windows, containers, errors);
        users(pod.status().initContainerStatuses(), windows, initial, errors);
        users(pod.status().ephemeralContainerStatuses(), windows, ephemeral, errors);
        resources(pod.status().containerStatuses(), pod.spec().containers(), containers, errors);
        resources(pod.status().initContainerStatuses(), pod.spec().initContainers(), initial, errors);
        for (int i = 0; i < pod.status().ephemeralContainerStatuses().size(); i++) {
            if (!pod.status().ephemeralContainerStatuses().get(i).allocatedResourcesStatus().isEmpty()) {
                errors.forbidden(ephemeral.index(i).child("allocatedResourcesStatus"), "must not be specified in container status");
            }
        }
    }

    private static void users(List<ContainerStatus> statuses, boolean windows, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < statuses.size(); i++) {
            if (!statuses.get(i).user().hasLinux()) {
                continue;
            }
            FieldPath here = path.index(i).child("user").child("linux");
            if (windows) {
                errors.forbidden(here, "cannot be set for a windows pod");
                continue;
            }
            LinuxContainerUser user = statuses.get(i).user().linux();
            SecurityRules.id(true, user.uid(), here.child("uid"), errors);
            SecurityRules.id(true, user.gid(), here.child("gid"), errors);
            for (int g = 0; g < user.supplementalGroups().size(); g++) {
                SecurityRules.id(true, user.supplementalGroups().get(g), here.child("supplementalGroups").index(g), errors);
            }
        }
    }

    private static void resources(List<ContainerStatus> statuses, List<Container> containers, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < statuses.size(); i++) {
            ContainerStatus status = statuses.get(i);
            Container container = containers.stream().filter(one -> one.name().equals(status.name())).findFirst().orElse(null);
            for (int j = 0; j < status.allocatedResourcesStatus().size(); j++) {
                ResourceStatus resource = status.allocatedResourcesStatus().get(j);
                FieldPath here = path.index(i).child("allocatedResourcesStatus").index(j);
                if (container != null && !asksFor(container, resource.name())) {
                    errors.invalid(here.child("name"), resource.name(), resource.name().startsWith(CLAIM)
                            ? "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty"
                            : "must match one of the container's resource requests");
                }
                health(resource.resources(), here.child("resources"), errors);
            }
        }
    }

    private static boolean asksFor(Container container, String name) {
        return name.startsWith(CLAIM)
                ? container.resources().claims().stream().anyMatch(claim -> name.equals(CLAIM + claim.name() + (claim.request().isEmpty() ? "" : "/" + claim.request())))
                : container.resources().requests().containsKey(name);
    }

    private static void health(List<ResourceHealth> all, FieldPath path, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            ResourceHealth one = all.get(i);
            if (!HEALTH.contains(one.health())) {
                errors.notSupported(path.index(i).child("health"), one.health(), HEALTH);
            }
            if (one.hasMessage() && one.message().isEmpty()) {
                errors.required(path.index(i).child("message"), "must be non-empty if specified");
            } else if (one.message().length() > LONGEST_MESSAGE) {
                errors.tooLong(path.index(i).child("message"), LONGEST_MESSAGE);
            }
            if (!seen.add(one.resourceID())) {
                errors.duplicate(path.index(i).child("resourceID"), one.resourceID());
            }
        }
    }
}
