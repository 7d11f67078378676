package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.core.v1.LoadBalancerStatus;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the server adds to a service that is created or changed: families, addresses, node ports; and what goes when the service's type is changed.
final class ServiceStrategy {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final String NONE = "None";
    private static final String SINGLE = "SingleStack";

    private final ServiceAllocator allocator;

    ServiceStrategy(ServiceAllocator allocator) {
        this.allocator = allocator;
    }

    Service create(Service sent, WriteContext context) {
        Service service = normalized(sent, null);
        service = withFamilies(service, null);
        service = withAddresses(service, context);
        return withoutInternalPolicy(withPorts(service, null, context));
    }

    Service update(Service sent, Service stored, WriteContext context) {
        Service service = withAllocated(sent, stored);
        service = normalized(service, stored);
        service = withFamilies(service, stored);
        boolean before = needsAddress(stored);
        boolean after = needsAddress(service);
        if (after && (!before || service.spec().ipFamilies().size() > stored.spec().clusterIPs().size())) {
            service = withAddresses(service, context, before ? stored.spec().clusterIPs() : List.of());
        }
        service = withPorts(service, stored, context);
        service = withoutForeign(service, stored);
        List<String> gone = new ArrayList<>(stored.spec().clusterIPs());
        gone.removeAll(service.spec().clusterIPs());
        if (before && (!after || SINGLE.equals(service.spec().ipFamilyPolicy()))) {
            allocator.release(gone, context);
        }
        if (!context.dryRun()) {
            allocator.forgetPorts(stored, service);
        }
        return withoutInternalPolicy(service);
    }

    /// Nothing in the cluster is reached by a service that is but another name.
    private static Service withoutInternalPolicy(Service service) {
        boolean valid = List.of("Cluster", "Local").contains(service.spec().internalTrafficPolicy()); // any other is the rules' business
        return valid && service.spec().type().equals("ExternalName") ? service.withSpec(spec -> spec.withoutInternalTrafficPolicy()) : service;
    }

    void removed(Service service, WriteContext context) {
        if (needsAddress(service)) {
            allocator.release(service.spec().clusterIPs(), context);
        }
        allocator.forgetPorts(service);
    }

    // ---- what was left out

    private static Service withAllocated(Service sent, Service stored) {
        Service service = sent;
        if (needsAddress(stored) && needsAddress(sent)) {
            if (sent.spec().clusterIP().isEmpty()) {
                service = service.withSpec(spec -> spec.withClusterIP(stored.spec().clusterIP()));
            }
            if (sent.spec().clusterIPs().isEmpty() && !stored.spec().clusterIPs().isEmpty()) {
                service = service.withSpec(spec -> spec.withClusterIPs(stored.spec().clusterIPs()));
            }
        }
        if (needsPorts(stored) && needsPorts(service)) {
            service = withPortsOf(service, stored);
        }
        if (ServiceRules.needsHealthPort(stored) && ServiceRules.needsHealthPort(service) && service.spec().healthCheckNodePort() == 0) {
            service = service.withSpec(spec -> spec.withHealthCheckNodePort(stored.spec().healthCheckNodePort()));
        }
        return service;
    }

    private static Service withPortsOf(Service service, Service stored) {
        Set<Integer> used = new HashSet<>();
        service.spec().ports().forEach(port -> used.add(port.nodePort()));
        Map<String, Integer> byName = new HashMap<>();
        stored.spec().ports().forEach(port -> byName.put(port.name(), port.nodePort()));
        List<ServicePort> ports = Elements.map(service.spec().ports(), port -> {
            Integer before = byName.get(port.name());
            return port.nodePort() == 0 && before != null && before != 0 && !used.contains(before) ? port.withNodePort(before) : port;
        });
        return ports == service.spec().ports() ? service : service.withSpec(spec -> spec.withPorts(ports));
    }

    /// `clusterIP` and `clusterIPs` say the same.
    private static Service normalized(Service service, @Nullable Service old) {
        String one = service.spec().clusterIP();
        List<String> all = service.spec().clusterIPs();
        if (old == null) {
            return !one.isEmpty() && all.isEmpty() ? service.withSpec(spec -> spec.withClusterIPs(List.of(one))) : service;
        }
        if (!old.spec().clusterIPs().isEmpty() && all.isEmpty() && old.spec().clusterIP().equals(one)) {
            return service.withSpec(spec -> spec.withClusterIPs(old.spec().clusterIPs()));
        }
        if (!old.spec().clusterIP().equals(one) && old.spec().clusterIPs().equals(all)) {
            return service.withSpec(spec -> one.isEmpty() ? spec.withoutClusterIPs() : spec.withClusterIPs(List.of(one)));
        }
        return service;
    }

    // ---- families

    private Service withFamilies(Service sent, @Nullable Service old) {
        if (sent.spec().type().equals("ExternalName") || isSamePreferred(sent, old)) {
            return sent;
        }
        boolean headless = sent.spec().clusterIP().equals(NONE);
        boolean anyEndpoints = headless && sent.spec().selector().isEmpty();
        Service service = !sent.spec().hasIpFamilyPolicy() ? sent.withSpec(spec -> spec.withIpFamilyPolicy(policy(old, anyEndpoints))) : sent;
        FieldErrors errors = new FieldErrors();
        ServiceRules.addresses(service, errors);
        refuse(service, errors);
        boolean single = service.spec().ipFamilyPolicy().equals(SINGLE);
        service = old == null ? service : reduced(service, old, single, errors);
        if (single) {
            requireDual(service.spec().clusterIPs(), "cluster IPs", errors);
            requireDual(service.spec().ipFamilies(), "IP families", errors);
        }
        List<String> families = familiesOfAddresses(service, errors);
        refuse(service, errors);
        if (!anyEndpoints) {
            checkConfigured(service, families, errors);
            refuse(service, errors);
        }
        if (families.isEmpty()) {
            families.add(allocator.families().getFirst());
        }
        if (!single && families.size() == 1 && (anyEndpoints || allocator.families().size() == 2)) {
            families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
        }
        return families.equals(service.spec().ipFamilies()) ? service : service.withSpec(spec -> spec.withIpFamilies(families));
    }

    private static String policy(@Nullable Service old, boolean anyEndpoints) {
        if (old != null && !old.spec().ipFamilyPolicy().isEmpty()) {
            return old.spec().ipFamilyPolicy();
        }
        return anyEndpoints ? "RequireDualStack" : SINGLE;
    }

    private static void refuse(Service service, FieldErrors errors) {
        if (!errors.isEmpty()) {
            throw Refusal.invalid("", "Service", service.metadata().name(), errors.list());
        }
    }

    private static boolean isSamePreferred(Service sent, @Nullable Service old) {
        return old != null
                && sent.spec().ipFamilyPolicy().equals("PreferDualStack")
                && (old.spec().ipFamilyPolicy().isEmpty() || old.spec().ipFamilyPolicy().equals("PreferDualStack"))
                && old.spec().type().equals(sent.spec().type())
                && old.spec().clusterIPs().equals(sent.spec().clusterIPs())
                && old.spec().ipFamilies().equals(sent.spec().ipFamilies());
    }

    /// A service that is to have one family only gives up its second.
    private static Service reduced(Service sent, Service old, boolean single, FieldErrors errors) {
        Service service = sent;
        if (single) {
            if (sent.spec().clusterIPs().size() > 1 && sent.spec().clusterIPs().equals(old.spec().clusterIPs())) {
                service = service.withSpec(spec -> spec.withClusterIPs(List.of(spec.clusterIPs().getFirst())));
            }
            if (sent.spec().ipFamilies().size() > 1 && sent.spec().ipFamilies().equals(old.spec().ipFamilies())) {
                service = service.withSpec(spec -> spec.withIpFamilies(List.of(spec.ipFamilies().getFirst())));
            }
            return service;
        }
        FieldPath path = SPEC.child("ipFamilyPolicy");
        if (isReduced(sent.spec().clusterIPs(), old.spec().clusterIPs())) {
            errors.invalid(path, sent.spec().ipFamilyPolicy(), "must be 'SingleStack' to release the secondary cluster IP");
        }
        if (isReduced(sent.spec().ipFamilies(), old.spec().ipFamilies())) {
            errors.invalid(path, sent.spec().ipFamilyPolicy(), "must be 'SingleStack' to release the secondary IP family");
        }
        return service;
    }

    private static boolean isReduced(List<String> now, List<String> before) {
        return !now.isEmpty() && now.size() < before.size();
    }

    private static void requireDual(List<String> values, String what, FieldErrors errors) {
        if (values.size() == 2) {
            errors.invalid(SPEC.child("ipFamilyPolicy"), SINGLE, "must be 'RequireDualStack' or 'PreferDualStack' when multiple " + what + " are specified");
        }
    }

    private List<String> familiesOfAddresses(Service service, FieldErrors errors) {
        List<String> families = new ArrayList<>(service.spec().ipFamilies());
        List<String> addresses = service.spec().clusterIPs();
        for (int i = families.size(); i < addresses.size() && !addresses.get(i).equals(NONE); i++) {
            String family = IpRules.isV6(addresses.get(i)) ? "IPv6" : "IPv4";
            if (allocator.families().contains(family)) {
                families.add(family);
            } else {
                errors.invalid(SPEC.child("clusterIPs").index(i), addresses, family + " is not configured on this cluster");
            }
        }
        return families;
    }

    private void checkConfigured(Service service, List<String> families, FieldErrors errors) {
        if (service.spec().ipFamilyPolicy().equals("RequireDualStack") && allocator.families().size() < 2) {
            errors.invalid(SPEC.child("ipFamilyPolicy"), service.spec().ipFamilyPolicy(), "this cluster is not configured for dual-stack services");
        }
        for (int i = 0; i < families.size(); i++) {
            if (!allocator.families().contains(families.get(i))) {
                errors.invalid(SPEC.child("ipFamilies").index(i), families.get(i), "not configured on this cluster");
            }
        }
    }

    // ---- addresses and ports

    private Service withAddresses(Service service, WriteContext context) {
        return needsAddress(service) ? withAddresses(service, context, List.of()) : service;
    }

    private Service withAddresses(Service service, WriteContext context, List<String> own) {
        if (service.spec().clusterIP().equals(NONE)) {
            return service;
        }
        if (service.metadata().name().isEmpty()) {
            FieldErrors errors = new FieldErrors();
            errors.invalid(SPEC.child("clusterIPs"), service.spec().clusterIPs(), "failed to allocate: addresses are given to services by their names");
            throw Refusal.invalid("", "Service", "", errors.list());
        }
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < service.spec().ipFamilies().size(); i++) {
            String wanted = i < service.spec().clusterIPs().size() ? service.spec().clusterIPs().get(i) : "";
            boolean kept = !wanted.isEmpty() && own.contains(wanted);
            addresses.add(kept ? wanted : allocator.address(service, service.spec().ipFamilies().get(i), wanted, context));
        }
        return service.withSpec(spec -> spec.withClusterIPs(addresses).withClusterIP(addresses.getFirst()));
    }

    private Service withPorts(Service sent, @Nullable Service old, WriteContext context) {
        Service service = sent;
        if (needsPorts(service) || service.spec().ports().stream().anyMatch(port -> port.nodePort() != 0 && takesPorts(sent))) {
            List<ServicePort> ports = allocator.nodePorts(service, old, needsPorts(service), context);
            service = service.withSpec(spec -> spec.withPorts(ports));
        }
        boolean hadHealthPort = old != null && ServiceRules.needsHealthPort(old);
        if (ServiceRules.needsHealthPort(service) && !hadHealthPort) {
            int port = allocator.healthPort(service, context);
            service = service.withSpec(spec -> spec.withHealthCheckNodePort(port));
        }
        return service;
    }

    private static boolean takesPorts(Service service) {
        return service.spec().type().equals("NodePort") || service.spec().type().equals("LoadBalancer");
    }

    private static boolean needsPorts(Service service) {
        return service.spec().type().equals("NodePort")
                || (service.spec().type().equals("LoadBalancer") && (!service.spec().hasAllocateLoadBalancerNodePorts() || service.spec().allocateLoadBalancerNodePorts()));
    }

    private static boolean needsAddress(Service service) {
        return !service.spec().type().equals("ExternalName");
    }

    // ---- what a changed type does without

    private static Service withoutForeign(Service sent, Service old) {
        Service service = sent;
        if (needsAddress(old) && !needsAddress(sent)) {
            service = withoutAddress(service, old);
        }
        if (takesPorts(old) && !takesPorts(sent) && nodePorts(old).equals(nodePorts(sent))) {
            service = service.withSpec(spec -> spec.withPorts(spec.ports().stream().map(ServicePort::withoutNodePort).toList()));
        }
        if (ServiceRules.needsHealthPort(old) && !ServiceRules.needsHealthPort(sent) && old.spec().healthCheckNodePort() == sent.spec().healthCheckNodePort()) {
            service = service.withSpec(io.j8s.model.core.v1.ServiceSpec::withoutHealthCheckNodePort);
        }
        if (old.spec().type().equals("LoadBalancer") && !sent.spec().type().equals("LoadBalancer")) {
            service = withoutLoadBalancer(service, old);
        }
        if (ServiceRules.isReachedFromOutside(old)
                && !ServiceRules.isReachedFromOutside(sent)
                && old.spec().externalTrafficPolicy().equals(sent.spec().externalTrafficPolicy())) {
            service = service.withSpec(io.j8s.model.core.v1.ServiceSpec::withoutExternalTrafficPolicy);
        }
        return sent.spec().type().equals("LoadBalancer") ? service : service.withStatus(status -> status.withLoadBalancer(LoadBalancerStatus.EMPTY));
    }

    private static Service withoutAddress(Service sent, Service old) {
        Service service = sent;
        if (sent.spec().clusterIP().equals(old.spec().clusterIP()) && sent.spec().clusterIPs().equals(old.spec().clusterIPs())) {
            service = service.withSpec(spec -> spec.withoutClusterIP().withoutClusterIPs());
        }
        if (sent.spec().ipFamilies().equals(old.spec().ipFamilies())) {
            service = service.withSpec(io.j8s.model.core.v1.ServiceSpec::withoutIpFamilies);
        }
        if (sent.spec().ipFamilyPolicy().equals(old.spec().ipFamilyPolicy())) {
            service = service.withSpec(io.j8s.model.core.v1.ServiceSpec::withoutIpFamilyPolicy);
        }
        return service;
    }

    private static Service withoutLoadBalancer(Service sent, Service old) {
        Service service = sent;
        if (sent.spec().hasAllocateLoadBalancerNodePorts() && sent.spec().allocateLoadBalancerNodePorts() == old.spec().allocateLoadBalancerNodePorts()) {
            service = service.withSpec(io.j8s.model.core.v1.ServiceSpec::withoutAllocateLoadBalancerNodePorts);
        }
        if (Objects.equals(sent.spec().loadBalancerClass(), old.spec().loadBalancerClass())) {
            service = service.withSpec(io.j8s.model.core.v1.ServiceSpec::withoutLoadBalancerClass);
        }
        return service;
    }

    private static List<Integer> nodePorts(Service service) {
        return service.spec().ports().stream().map(ServicePort::nodePort).filter(port -> port != 0).sorted().toList();
    }
}
