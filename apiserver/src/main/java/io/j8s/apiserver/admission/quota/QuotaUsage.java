package io.j8s.apiserver.admission.quota;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.ResourceClaim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What an object takes of a quota, by the names that quotas have for it ("Resource Quotas" in the documentation of Kubernetes).
final class QuotaUsage {

    private static final Quantity ONE = Quantity.of(1);
    private static final String CLASS = ".storageclass.storage.k8s.io/";
    private static final String DEVICE_CLASS = ".deviceclass.resource.k8s.io/devices";
    private static final Set<String> COUNTED_BY_PLURAL = Set.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets");
    private static final Set<String> OF_PODS = Set.of(
            "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
            "limits.ephemeral-storage", "pods");
    private static final Set<String> MUST_BE_SAID = Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

    private QuotaUsage() {}

    /// Whether such a write may take more than was taken before.
    static boolean counts(AdmissionRequest request) {
        Operation operation = request.operation();
        String sub = request.subresource();
        boolean write = operation == Operation.CREATE || operation == Operation.UPDATE;
        return switch (request.object()) {
            case Pod pod when request.about("", "pods") -> sub.equals("resize")
                    ? operation == Operation.UPDATE
                    : sub.isEmpty() && (operation == Operation.CREATE || (request.old() instanceof Pod old && QuotaScopes.terminating(old) != QuotaScopes.terminating(pod)));
            case Service _ -> sub.isEmpty() && write;
            case PersistentVolumeClaim _ -> sub.isEmpty() && write;
            case ResourceClaim _ -> sub.isEmpty() && write;
            case null -> false;
            default -> sub.isEmpty() && operation == Operation.CREATE;
        };
    }

    static Map<String, Quantity> of(AdmissionRequest request, Struct object) {
        Map<String, Quantity> usage = new HashMap<>();
        String plural = request.requested().plural();
        usage.put("count/" + request.resource().hub().qualifiedName(), ONE);
        if (request.group().isEmpty() && COUNTED_BY_PLURAL.contains(plural)) {
            usage.put(plural, ONE);
        }
        switch (object) {
            case Pod pod -> ofPod(pod, usage);
            case Service service -> ofService(service, usage);
            case PersistentVolumeClaim claim -> ofClaim(claim, usage);
            case ResourceClaim claim -> ofDevices(claim, usage);
            default -> { }
        }
        return usage;
    }

    /// Which of a quota's names this kind of object can take of.
    static Set<String> concerned(AdmissionRequest request, Set<String> hard) {
        String plural = request.requested().plural();
        return hard.stream().filter(name -> concerns(request, plural, name)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean concerns(AdmissionRequest request, String plural, String name) {
        if (name.equals("count/" + request.resource().hub().qualifiedName()) || (request.group().isEmpty() && name.equals(plural) && COUNTED_BY_PLURAL.contains(plural))) {
            return true;
        }
        return switch (request.object()) {
            case Pod _ -> OF_PODS.contains(name) || name.startsWith("hugepages-") || name.startsWith("requests.hugepages-")
                    || (name.startsWith("requests.") && name.contains("/"));
            case Service _ -> Set.of("services", "services.nodeports", "services.loadbalancers").contains(name);
            case PersistentVolumeClaim _ -> name.equals("persistentvolumeclaims") || name.equals("requests.storage") || name.contains(CLASS);
            case ResourceClaim _ -> name.endsWith(DEVICE_CLASS);
            case null, default -> false;
        };
    }

    /// What a quota demands to be said for each container, and is not; empty when all is said.
    static String missing(Pod pod, Set<String> names) {
        if (PodResources.saysForPod(pod)) {
            return "";
        }
        Set<String> required = new TreeSet<>(names);
        required.retainAll(MUST_BE_SAID);
        Map<String, Set<String>> missing = new TreeMap<>();
        List<Container> all = new ArrayList<>(pod.spec().containers());
        all.addAll(pod.spec().initContainers());
        for (Container container : all) {
            Map<String, Quantity> said = named(container.resources().requests(), container.resources().limits());
            required.stream().filter(name -> !said.containsKey(name)).forEach(name -> missing.computeIfAbsent(name, key -> new TreeSet<>()).add(container.name()));
        }
        return missing.entrySet().stream().map(one -> one.getKey() + " for: " + String.join(",", one.getValue())).collect(Collectors.joining("; "));
    }

    private static void ofPod(Pod pod, Map<String, Quantity> usage) {
        boolean ended = pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
        if (!ended) {
            usage.put("pods", ONE);
            usage.putAll(named(PodResources.requestsWithOverhead(pod), PodResources.limitsWithOverhead(pod)));
        }
    }

    private static Map<String, Quantity> named(Map<String, Quantity> requests, Map<String, Quantity> limits) {
        Map<String, Quantity> named = new HashMap<>();
        requests.forEach((name, amount) -> {
            boolean huge = name.startsWith("hugepages-");
            if (huge || Set.of("cpu", "memory", "ephemeral-storage").contains(name)) {
                named.put(name, amount);
            }
            if (named.containsKey(name) || (name.contains("/") && !name.startsWith("kubernetes.io/"))) {
                named.put("requests." + name, amount);
            }
        });
        for (String name : List.of("cpu", "memory", "ephemeral-storage")) {
            Quantity limit = limits.get(name);
            if (limit != null) {
                named.put("limits." + name, limit);
            }
        }
        return named;
    }

    private static void ofService(Service service, Map<String, Quantity> usage) {
        boolean balanced = service.spec().type().equals("LoadBalancer");
        long ports = service.spec().ports().size();
        if (balanced && service.spec().hasAllocateLoadBalancerNodePorts() && !service.spec().allocateLoadBalancerNodePorts()) {
            ports = service.spec().ports().stream().filter(port -> port.nodePort() != 0).count();
        }
        usage.put("services", ONE);
        usage.put("services.nodeports", balanced || service.spec().type().equals("NodePort") ? Quantity.of(ports) : Quantity.ZERO);
        usage.put("services.loadbalancers", balanced ? ONE : Quantity.ZERO);
    }

    private static void ofClaim(PersistentVolumeClaim claim, Map<String, Quantity> usage) {
        String storageClass = claim.metadata().annotations().getOrDefault("volume.beta.kubernetes.io/storage-class", claim.spec().storageClassName());
        usage.put("persistentvolumeclaims", ONE);
        Quantity storage = claim.spec().resources().requests().get("storage");
        Quantity allocated = claim.status().allocatedResources().get("storage");
        if (storage != null && allocated != null && allocated.compareTo(storage) > 0) {
            storage = allocated;
        }
        if (storage != null) {
            usage.put("requests.storage", storage);
        }
        if (!storageClass.isEmpty()) {
            usage.put(storageClass + CLASS + "persistentvolumeclaims", ONE);
            if (storage != null) {
                usage.put(storageClass + CLASS + "requests.storage", storage);
            }
        }
    }

    private static void ofDevices(ResourceClaim claim, Map<String, Quantity> usage) {
        for (DeviceRequest request : claim.spec().devices().requests()) {
            if (request.hasExactly()) {
                long count = request.exactly().allocationMode().equals("All") ? 32 : Math.max(1, request.exactly().count());
                usage.merge(request.exactly().deviceClassName() + DEVICE_CLASS, Quantity.of(count), Quantity::add);
            }
        }
    }
}
