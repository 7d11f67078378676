package io.j8s.scheduler.devices;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerExtendedResourceRequest;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.ExactDeviceRequest;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Resources that a pod asks for as if nodes counted them, and that device classes stand for: on a node that has none of its own they become requests of a claim of the pod's (KEP-5004).
///
/// @param names the resources of the pod that a device class stands for
/// @param classOf the name of the class for a resource
record ExtendedResources(PodInfo pod, Set<String> names, Function<String, String> classOf) {

    static final String ANNOTATION = "resource.kubernetes.io/extended-resource-claim";
    /// No name that a claim can have: what is assumed under it is written under another.
    private static final String NAME = "<extended-resources>-";

    /// The claim of a pod on one node, and which of its containers' resources are which requests of it.
    record OnNode(ResourceClaim claim, List<ContainerExtendedResourceRequest> mappings) {}

    /// Those of a pod; null when it has none.
    static @Nullable ExtendedResources of(PodInfo pod, Devices devices) {
        Set<String> names = null;
        for (Map.Entry<String, Long> one : pod.requests().others().entrySet()) {
            if (one.getValue() > 0 && one.getKey().indexOf('/') > 0 && devices.classFor(one.getKey()) != null) {
                names = names == null ? new TreeSet<>() : names;
                names.add(one.getKey());
            }
        }
        return names == null ? null : new ExtendedResources(pod, names, resource -> {
            var found = devices.classFor(resource);
            return found == null ? "" : found.metadata().name();
        });
    }

    /// What has to be had as devices on a node; null when the node has all of it itself.
    @Nullable OnNode on(NodeInfo node) {
        List<String> needed = names.stream().filter(name -> node.allocatable().get(name) == 0).toList();
        if (needed.isEmpty()) {
            return null;
        }
        List<DeviceRequest> requests = new ArrayList<>();
        List<ContainerExtendedResourceRequest> mappings = new ArrayList<>();
        needed.forEach(name -> add(name, requests, mappings));
        requests.sort(Comparator.comparing(DeviceRequest::name));
        Pod owner = pod.pod();
        ObjectMeta meta = ObjectMeta.EMPTY.withNamespace(pod.namespace()).withName(NAME + pod.uid()).withGenerateName(pod.name() + "-extended-resources-")
                .withAnnotations(Map.of(ANNOTATION, "true"))
                .withOwnerReferences(List.of(OwnerReference.EMPTY.withApiVersion("v1").withKind("Pod").withName(owner.metadata().name()).withUid(pod.uid()).withController(true)));
        return new OnNode(ResourceClaim.EMPTY.withMetadata(meta).withSpec(spec -> spec.withDevices(devices -> devices.withRequests(requests))), List.copyOf(mappings));
    }

    /// Containers that run side by side have requests of their own; those that run before them use the devices of those after, and need more only as far as these do not suffice.
    private void add(String resource, List<DeviceRequest> requests, List<ContainerExtendedResourceRequest> mappings) {
        List<Container> all = new ArrayList<>(pod.pod().spec().initContainers());
        int before = all.size();
        all.addAll(pod.pod().spec().containers());
        Map<Integer, DeviceRequest> lasting = new HashMap<>();
        List<ContainerExtendedResourceRequest> later = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (i >= before || all.get(i).restartPolicy().equals("Always")) {
                DeviceRequest request = request(i, all.get(i), resource, List.of(), mappings);
                if (request != null) {
                    lasting.put(i, request);
                }
            }
        }
        DeviceRequest most = null;
        Set<String> replaced = new TreeSet<>();
        for (int i = 0; i < before; i++) {
            if (!all.get(i).restartPolicy().equals("Always")) {
                int from = i;
                List<DeviceRequest> reusable = lasting.entrySet().stream().filter(one -> one.getKey() >= from).sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue).toList();
                DeviceRequest request = request(i, all.get(i), resource, reusable, later);
                if (request != null) {
                    replaced.add(request.name());
                    most = most == null || most.exactly().count() < request.exactly().count() ? request : most;
                }
            }
        }
        requests.addAll(lasting.values());
        if (most != null) {
            requests.add(most);
            String name = most.name();
            later.replaceAll(one -> replaced.contains(one.requestName()) ? one.withRequestName(name) : one);
        }
        mappings.addAll(later);
    }

    private @Nullable DeviceRequest request(int index, Container container, String resource, List<DeviceRequest> reusable, List<ContainerExtendedResourceRequest> mappings) {
        Map<String, Quantity> asked = container.resources().requests();
        long wanted = asked.getOrDefault(resource, Quantity.ZERO).value();
        if (wanted == 0) {
            return null;
        }
        ContainerExtendedResourceRequest mapping = ContainerExtendedResourceRequest.EMPTY.withContainerName(container.name()).withResourceName(resource);
        long had = 0;
        for (DeviceRequest other : reusable) {
            had += other.exactly().count();
            mappings.add(mapping.withRequestName(other.name()));
            if (had >= wanted) {
                return null;
            }
        }
        String name = "container-" + index + "-request-" + new ArrayList<>(new TreeSet<>(asked.keySet())).indexOf(resource);
        mappings.add(mapping.withRequestName(name));
        return DeviceRequest.EMPTY.withName(name).withExactly(
                ExactDeviceRequest.EMPTY.withDeviceClassName(classOf.apply(resource)).withAllocationMode("ExactCount").withCount(wanted - had));
    }
}
