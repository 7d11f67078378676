package io.j8s.scheduler;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.DeviceSelector;
import io.j8s.model.resource.v1.ExactDeviceRequest;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where a pod's devices can be had: all ways to give devices to requests are tried.
final class ReferenceDevices {

    private final World world;

    /// One device that has to be found, and of which claim it is one.
    private record Wanted(ResourceClaim claim, ExactDeviceRequest request) {}

    ReferenceDevices(World world) {
        this.world = world;
    }

    boolean allow(Pod pod, Node node) {
        List<Wanted> wanted = new ArrayList<>();
        for (var reference : pod.spec().resourceClaims()) {
            ResourceClaim claim = world.deviceClaim(pod.metadata().namespace(), reference.resourceClaimName());
            if (claim == null || claim.metadata().hasDeletionTimestamp()) {
                return false;
            }
            if (claim.status().hasAllocation()) {
                if (claim.status().allocation().hasNodeSelector() && !Matching.node(claim.status().allocation().nodeSelector(), node)) {
                    return false;
                }
                continue;
            }
            for (var request : claim.spec().devices().requests()) {
                for (long i = 0; i < Math.max(1, request.exactly().count()); i++) {
                    wanted.add(new Wanted(claim, request.exactly()));
                }
            }
        }
        if (!addExtended(pod, node, wanted)) {
            return false;
        }
        return wanted.isEmpty() || canBeGiven(wanted, 0, free(node), new ArrayList<>());
    }

    /// Whether a node gives a resource as devices: a class stands for it, and the node has none of its own.
    boolean standFor(String resource, Node node) {
        return world.deviceClasses().stream().anyMatch(one -> one.spec().extendedResourceName().equals(resource))
                && node.status().allocatable().getOrDefault(resource, Quantity.ZERO).value() == 0;
    }

    /// Resources that devices stand for are wanted of their class; false when a claim of an earlier attempt stands in the way.
    private boolean addExtended(Pod pod, Node node, List<Wanted> wanted) {
        for (DeviceClass one : world.deviceClasses()) {
            String resource = one.spec().extendedResourceName();
            long count = resource.isEmpty() ? 0 : ReferenceScheduler.request(pod, resource, Quantity::value);
            if (count > 0 && world.deviceClaims().stream().anyMatch(claim -> claim.metadata().ownerReferences().stream().anyMatch(owner -> owner.uid().equals(pod.metadata().uid())))) {
                return false;
            }
            for (long i = 0; count > 0 && standFor(resource, node) && i < count; i++) {
                wanted.add(new Wanted(ResourceClaim.EMPTY, ExactDeviceRequest.EMPTY.withDeviceClassName(one.metadata().name())));
            }
        }
        return true;
    }

    private Map<String, Device> free(Node node) {
        Set<String> taken = new HashSet<>();
        for (ResourceClaim claim : world.deviceClaims()) {
            claim.status().allocation().devices().results().forEach(one -> taken.add(one.driver() + "/" + one.pool() + "/" + one.device()));
        }
        Map<String, Device> free = new HashMap<>();
        for (ResourceSlice slice : world.slices()) {
            boolean here = slice.spec().nodeName().equals(node.metadata().name()) || slice.spec().allNodes();
            for (Device device : here ? slice.spec().devices() : List.<Device>of()) {
                String id = slice.spec().driver() + "/" + slice.spec().pool().name() + "/" + device.name();
                if (!taken.contains(id)) {
                    free.put(id, device);
                }
            }
        }
        return free;
    }

    private boolean canBeGiven(List<Wanted> wanted, int next, Map<String, Device> free, List<Device> given) {
        if (next == wanted.size()) {
            return alike(wanted, given);
        }
        for (Map.Entry<String, Device> one : List.copyOf(free.entrySet())) {
            if (suits(wanted.get(next).request, one.getValue())) {
                free.remove(one.getKey());
                given.add(one.getValue());
                boolean found = canBeGiven(wanted, next + 1, free, given);
                given.removeLast();
                free.put(one.getKey(), one.getValue());
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean suits(ExactDeviceRequest request, Device device) {
        DeviceClass deviceClass = world.deviceClasses().stream().filter(one -> one.metadata().name().equals(request.deviceClassName())).findFirst().orElse(null);
        return deviceClass != null && all(deviceClass.spec().selectors(), device) && all(request.selectors(), device);
    }

    private static boolean all(List<DeviceSelector> selectors, Device device) {
        return selectors.stream().allMatch(one -> kindOf(device).equals(one.cel().expression()));
    }

    /// In these tests an expression is the value that the attribute `kind` must have.
    static String kindOf(Device device) {
        var kind = device.attributes().get("kind");
        return kind == null ? "" : kind.string();
    }

    /// What a claim wants to be alike in all its devices is.
    private static boolean alike(List<Wanted> wanted, List<Device> given) {
        for (int i = 0; i < given.size(); i++) {
            for (var constraint : wanted.get(i).claim.spec().devices().constraints()) {
                var mine = given.get(i).attributes().get(constraint.matchAttribute());
                for (int j = 0; j < given.size(); j++) {
                    var other = given.get(j).attributes().get(constraint.matchAttribute());
                    if (wanted.get(j).claim.equals(wanted.get(i).claim) && (mine == null || !mine.equals(other))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
