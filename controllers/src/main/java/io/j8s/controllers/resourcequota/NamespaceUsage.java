package io.j8s.controllers.resourcequota;

import io.j8s.client.Client;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.model.ApiResource;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.ScopedResourceSelectorRequirement;
import io.j8s.model.core.v1.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Adds up what a namespace uses of the resources that a quota names, as it is in the API now: what an informer has seen may be older than what admission has charged.
final class NamespaceUsage {
    private static final String COUNT = "count/";
    private static final Set<String> COUNTED = Set.of("configmaps", "secrets", "replicationcontrollers", "resourcequotas");

    private final Client client;
    private final Discovery discovery;

    NamespaceUsage(Client client, Discovery discovery) {
        this.client = client;
        this.discovery = discovery;
    }

    /// The usage of each resource in the quota's `hard`.
    Map<String, Quantity> of(ResourceQuota quota, Instant now) {
        String namespace = quota.metadata().namespace();
        List<ScopedResourceSelectorRequirement> scopes = scopes(quota);
        Map<String, Quantity> total = new HashMap<>();
        for (Pod pod : client.list(Pod.RESOURCE, namespace)) {
            if (scopes.stream().allMatch(scope -> PodUsage.inScope(pod, scope))) {
                PodUsage.of(pod, now).forEach((name, amount) -> total.merge(name, amount, Quantity::add));
            }
        }
        if (scopes.isEmpty()) {
            client.list(Service.RESOURCE, namespace).forEach(service -> add(total, service));
            client.list(PersistentVolumeClaim.RESOURCE, namespace).forEach(claim -> add(total, claim));
        }
        Map<String, Quantity> used = new HashMap<>();
        for (String name : quota.spec().hard().keySet()) {
            Quantity amount = total.get(name);
            used.put(name, amount == null ? scopes.isEmpty() ? counted(name, namespace) : Quantity.of(0) : amount);
        }
        return used;
    }

    private static List<ScopedResourceSelectorRequirement> scopes(ResourceQuota quota) {
        List<ScopedResourceSelectorRequirement> scopes = new ArrayList<>(quota.spec().scopeSelector().matchExpressions());
        quota.spec().scopes().forEach(name -> scopes.add(ScopedResourceSelectorRequirement.EMPTY.withScopeName(name).withOperator("Exists")));
        return scopes;
    }

    private static void add(Map<String, Quantity> total, Service service) {
        one(total, "services");
        one(total, COUNT + "services");
        int ports = service.spec().ports().size();
        boolean balanced = service.spec().type().equals("LoadBalancer");
        if (balanced) {
            one(total, "services.loadbalancers");
        }
        if (service.spec().type().equals("NodePort") || (balanced && (!service.spec().hasAllocateLoadBalancerNodePorts() || service.spec().allocateLoadBalancerNodePorts()))) {
            total.merge("services.nodeports", Quantity.of(ports), Quantity::add);
        }
    }

    private static void add(Map<String, Quantity> total, PersistentVolumeClaim claim) {
        one(total, "persistentvolumeclaims");
        one(total, COUNT + "persistentvolumeclaims");
        Quantity storage = claim.spec().resources().requests().getOrDefault("storage", Quantity.of(0));
        Quantity allocated = claim.status().allocatedResources().get("storage");
        storage = allocated != null && allocated.compareTo(storage) > 0 ? allocated : storage;
        total.merge("requests.storage", storage, Quantity::add);
        String storageClass = claim.metadata().annotations().getOrDefault("volume.beta.kubernetes.io/storage-class", claim.spec().storageClassName());
        if (!storageClass.isEmpty()) {
            String prefix = storageClass + ".storageclass.storage.k8s.io/";
            one(total, prefix + "persistentvolumeclaims");
            total.merge(prefix + "requests.storage", storage, Quantity::add);
        }
    }

    private static void one(Map<String, Quantity> total, String name) {
        total.merge(name, Quantity.of(1), Quantity::add);
    }

    /// How many objects there are of the resource that a name such as `secrets` or `count/deployments.apps` counts.
    private Quantity counted(String name, String namespace) {
        String resource = name.startsWith(COUNT) ? name.substring(COUNT.length()) : COUNTED.contains(name) ? name : "";
        if (resource.isEmpty()) {
            return Quantity.of(0);
        }
        for (DiscoveredResource each : discovery.resources()) {
            ApiResource<?> served = each.resource();
            if (served.qualifiedName().equals(resource) && served.namespaced() && each.supports("list")) {
                return Quantity.of(client.list(served, namespace).size());
            }
        }
        return Quantity.of(0);
    }
}
