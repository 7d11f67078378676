package io.j8s.controllers.cloud;

import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.pods.PodsByLabel;
import io.j8s.controllers.services.ServicePods;
import io.j8s.model.core.v1.LoadBalancerIngress;
import io.j8s.model.core.v1.LoadBalancerStatus;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// A cloud for hosts without one.
///
/// With a pool each load balancer gets addresses of its own from it, one for each of the service's families; nodes announce them. Without a pool it gets the addresses of the nodes themselves,
/// so that its ports are reached on every node (with `externalTrafficPolicy: Local`: on those that have a ready pod of it); then a port is one service's only. What is given lies in the status of
/// services and nowhere else.
public final class BuiltInCloud implements CloudProvider, CloudProvider.LoadBalancers, CloudProvider.Instances {
    private final AddressPool pool;
    private final Informer<Service> services;
    private final PodsByLabel pods;
    private final Index<Service> servicesByAddress;
    /// given a moment ago, which the informer may not show yet, by the service's uid; guarded by this
    private final Map<String, List<String>> given = new HashMap<>();

    public BuiltInCloud(Context context, AddressPool pool) {
        this.pool = pool;
        this.services = context.informers().of(Service.RESOURCE);
        this.pods = PodsByLabel.of(context.informers().of(Pod.RESOURCE));
        context.informers().of(EndpointSlice.RESOURCE);
        this.servicesByAddress = services.index("loadBalancerAddress", service -> service.status().loadBalancer().ingress().stream().map(LoadBalancerIngress::ip).filter(ip -> !ip.isEmpty()).toList());
    }

    @Override
    public LoadBalancers loadBalancers() {
        return this;
    }

    @Override
    public Instances instances() {
        return this;
    }

    @Override
    public boolean exists(Service service) {
        return !service.status().loadBalancer().ingress().isEmpty();
    }

    @Override
    public synchronized LoadBalancerStatus ensure(Service service, List<Node> nodes) {
        List<String> addresses = pool.isEmpty() ? ofNodes(service, nodes) : ofPool(service);
        given.put(service.metadata().uid(), addresses);
        return LoadBalancerStatus.EMPTY.withIngress(addresses.stream().map(ip -> LoadBalancerIngress.EMPTY.withIp(ip).withIpMode("VIP")).toList());
    }

    @Override
    public void update(Service service, List<Node> nodes) {
        // a pool's addresses do not depend on nodes; without a pool the status is worked out anew when nodes change
    }

    @Override
    public synchronized void delete(Service service) {
        given.remove(service.metadata().uid());
    }

    private static Set<String> families(Service service) {
        Set<String> families = new LinkedHashSet<>(service.spec().ipFamilies());
        return families.isEmpty() ? Set.of("IPv4") : families;
    }

    private static String family(String address) {
        return address.indexOf(':') >= 0 ? "IPv6" : "IPv4";
    }

    private List<String> ofPool(Service service) {
        String wish = service.spec().loadBalancerIP();
        List<String> addresses = new ArrayList<>();
        for (String family : families(service)) {
            if (!wish.isEmpty() && family(wish).equals(family)) {
                if (!pool.contains(wish)) {
                    throw new CloudException("the address " + wish + " that the service asks for is not in the pool of load balancers' addresses");
                }
                if (taken(wish, service)) {
                    throw new CloudException("the address " + wish + " that the service asks for belongs to another service");
                }
                addresses.add(wish);
                continue;
            }
            String kept = service.status().loadBalancer().ingress().stream().map(LoadBalancerIngress::ip)
                    .filter(ip -> !ip.isEmpty() && family(ip).equals(family) && pool.contains(ip) && !taken(ip, service)).findFirst().orElse(null);
            String free = kept != null ? kept : pool.firstFree(family, address -> taken(address, service));
            if (free != null) {
                addresses.add(free);
            }
        }
        if (addresses.isEmpty()) {
            throw new CloudException("no free address in the pool of load balancers' addresses for " + String.join(" and ", families(service)));
        }
        return addresses;
    }

    private boolean taken(String address, Service service) {
        String own = service.metadata().uid();
        return servicesByAddress.get(address).stream().anyMatch(other -> !other.metadata().uid().equals(own))
                || given.entrySet().stream().anyMatch(e -> !e.getKey().equals(own) && e.getValue().contains(address));
    }

    private List<String> ofNodes(Service service, List<Node> nodes) {
        requireFreePorts(service);
        boolean local = service.spec().externalTrafficPolicy().equals("Local");
        Map<String, List<String>> byNode = new TreeMap<>();
        for (Node node : nodes) {
            if (!local || hasReadyPod(service, node.metadata().name())) {
                byNode.put(node.metadata().name(), addresses(node, service));
            }
        }
        return byNode.values().stream().flatMap(List::stream).distinct().toList();
    }

    /// A port of the nodes is one service's only.
    private void requireFreePorts(Service service) {
        for (Service other : services.lister().list()) {
            boolean balanced = !other.metadata().uid().equals(service.metadata().uid()) && !other.status().loadBalancer().ingress().isEmpty() && other.spec().type().equals("LoadBalancer") && !other.spec().hasLoadBalancerClass();
            if (balanced) {
                for (ServicePort port : other.spec().ports()) {
                    if (service.spec().ports().stream().anyMatch(p -> p.port() == port.port() && ServicePods.protocol(p.protocol()).equals(ServicePods.protocol(port.protocol())))) {
                        throw new CloudException("port " + port.port() + "/" + ServicePods.protocol(port.protocol()) + " of the nodes belongs to the load balancer of service " + other.metadata().namespace() + "/" + other.metadata().name()
                                + "; choose another port, or give load balancers addresses of their own (--load-balancer-pool)");
                    }
                }
            }
        }
    }

    private boolean hasReadyPod(Service service, String node) {
        return ServicePods.selected(service, pods).stream().anyMatch(pod -> pod.spec().nodeName().equals(node) && Pods.ready(pod) && pod.metadata().deletionTimestamp() == null);
    }

    /// External addresses if the node has any, else internal ones.
    private static List<String> addresses(Node node, Service service) {
        Set<String> families = families(service);
        for (String type : List.of("ExternalIP", "InternalIP")) {
            List<String> found = node.status().addresses().stream().filter(a -> a.type().equals(type) && families.contains(family(a.address()))).map(NodeAddress::address).toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    @Override
    public boolean exists(Node node) {
        return true;
    }

    @Override
    public boolean shutDown(Node node) {
        return false;
    }

    @Override
    public Metadata metadata(Node node) {
        Map<String, String> labels = node.metadata().labels();
        String id = node.spec().providerID();
        return new Metadata(id.isEmpty() ? "j8s://" + node.metadata().name() : id, Objects.requireNonNullElse(labels.get("node.kubernetes.io/instance-type"), ""),
                Objects.requireNonNullElse(labels.get("topology.kubernetes.io/zone"), ""), Objects.requireNonNullElse(labels.get("topology.kubernetes.io/region"), ""), node.status().addresses(), Map.of());
    }
}
