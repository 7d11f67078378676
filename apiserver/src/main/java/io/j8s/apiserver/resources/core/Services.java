package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.model.IntOrString;
import io.j8s.model.core.v1.ClientIPConfig;
import io.j8s.model.core.v1.LoadBalancerIngress;
import io.j8s.model.core.v1.LoadBalancerStatus;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.ServiceSpec;
import io.j8s.model.core.v1.SessionAffinityConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `services`
final class Services {

    private static final int AFFINITY_SECONDS = 10800;

    private Services() {}

    static Resource<Service> resource(ServiceRanges ranges) {
        ServiceAllocator allocator = new ServiceAllocator(ranges);
        ServiceStrategy strategy = new ServiceStrategy(allocator);
        return Resource.of(Service.RESOURCE)
                .measures(allocator::measure)
                .metadataNotRevalidated()
                .answersDeletionWithObject()
                .storedAt("services/specs")
                .shortNames("svc")
                .categories("all")
                .createsOnUpdate()
                .answersDeletionWithObject()
                .names(NameRule.DNS_LABEL)
                .defaults(Services::defaults)
                .prepareCreate(strategy::create)
                .prepareUpdate(strategy::update)
                .beforeRemoval(strategy::removed)
                .createRules(ServiceRules::rules)
                .updateRules(ServiceRules::update)
                .warnings(Services::warnings)
                .status(ServiceRules::status)
                .selectable("spec.clusterIP", service -> service.spec().clusterIP())
                .selectable("spec.type", service -> service.spec().type())
                .table(table -> table
                        .nameColumn()
                        .column("Type", "string", "How the service is reached.", (service, now) -> service.spec().type())
                        .column("Cluster-IP", "string", "The service's address in the cluster.", (service, now) -> service.spec().clusterIPs().isEmpty() ? "<none>" : service.spec().clusterIPs().getFirst())
                        .column("External-IP", "string", "The addresses at which the service is reached from outside.", (service, now) -> external(service))
                        .column("Port(s)", "string", "The ports, with their node ports.", (service, now) -> ports(service.spec().ports()))
                        .ageColumn()
                        .wideColumn("Selector", "string", "The labels of the pods that serve.", (service, now) -> WorkloadCells.labels(service.spec().selector())))
                .build();
    }

    private static Service defaults(Service sent) {
        ServiceSpec spec = sent.spec();
        spec = spec.sessionAffinity().isEmpty() ? spec.withSessionAffinity("None") : spec;
        spec = spec.sessionAffinity().equals("None") ? spec.withoutSessionAffinityConfig() : spec;
        if (spec.sessionAffinity().equals("ClientIP") && !spec.sessionAffinityConfig().clientIP().hasTimeoutSeconds()) {
            spec = spec.withSessionAffinityConfig(SessionAffinityConfig.EMPTY.withClientIP(ClientIPConfig.EMPTY.withTimeoutSeconds(AFFINITY_SECONDS)));
        }
        spec = spec.type().isEmpty() ? spec.withType("ClusterIP") : spec;
        List<ServicePort> ports = Elements.map(spec.ports(), Services::port);
        spec = ports == spec.ports() ? spec : spec.withPorts(ports);
        if (spec.externalTrafficPolicy().isEmpty() && ServiceRules.isReachedFromOutside(sent.withSpec(spec))) {
            spec = spec.withExternalTrafficPolicy("Cluster");
        }
        if (!spec.hasInternalTrafficPolicy() && List.of("NodePort", "LoadBalancer", "ClusterIP").contains(spec.type())) {
            spec = spec.withInternalTrafficPolicy("Cluster");
        }
        if (!spec.type().equals("LoadBalancer")) {
            return sent.withSpec(spec);
        }
        spec = spec.hasAllocateLoadBalancerNodePorts() ? spec : spec.withAllocateLoadBalancerNodePorts(true);
        return withModes(sent.withSpec(spec));
    }

    private static ServicePort port(ServicePort sent) {
        ServicePort port = sent.protocol().isEmpty() ? sent.withProtocol("TCP") : sent;
        IntOrString target = port.targetPort();
        boolean unset = target == null || target.equals(new IntOrString.Int(0)) || target.equals(new IntOrString.Text(""));
        return unset ? port.withTargetPort(new IntOrString.Int(port.port())) : port;
    }

    private static Service withModes(Service service) {
        List<LoadBalancerIngress> ingress = service.status().loadBalancer().ingress();
        List<LoadBalancerIngress> changed = Elements.map(ingress, each -> !each.ip().isEmpty() && !each.hasIpMode() ? each.withIpMode("VIP") : each);
        return changed == ingress ? service : service.withStatus(status -> status.withLoadBalancer(LoadBalancerStatus.EMPTY.withIngress(changed)));
    }

    private static List<String> warnings(Service service, @Nullable Service old) {
        List<String> warnings = new ArrayList<>();
        ServiceSpec spec = service.spec();
        boolean headless = ServiceRules.isHeadless(service);
        if (service.metadata().annotations().containsKey("service.kubernetes.io/topology-aware-hints")) {
            warnings.add("annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead");
        }
        if (headless && !spec.loadBalancerIP().isEmpty()) {
            warnings.add("spec.loadBalancerIP is ignored for headless services");
        }
        if (headless && !spec.externalIPs().isEmpty()) {
            warnings.add("spec.externalIPs is ignored for headless services");
        }
        if (headless && !spec.sessionAffinity().equals("None")) {
            warnings.add("spec.SessionAffinity is ignored for headless services");
        }
        boolean externalName = spec.type().equals("ExternalName");
        if (!spec.externalIPs().isEmpty() && !headless && !externalName) {
            warnings.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        }
        if (externalName && !spec.externalIPs().isEmpty()) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!externalName && !spec.externalName().isEmpty()) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (spec.trafficDistribution().equals("PreferClose")) {
            warnings.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
        return warnings;
    }

    private static String external(Service service) {
        String own = String.join(",", service.spec().externalIPs());
        return switch (service.spec().type()) {
            case "ExternalName" -> service.spec().externalName();
            case "LoadBalancer" -> {
                String balanced = service.status().loadBalancer().ingress().stream()
                        .map(ingress -> ingress.ip().isEmpty() ? ingress.hostname() : ingress.ip())
                        .filter(text -> !text.isEmpty())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(","));
                String all = balanced.isEmpty() || own.isEmpty() ? balanced + own : balanced + "," + own;
                yield all.isEmpty() ? "<pending>" : all;
            }
            default -> own.isEmpty() ? "<none>" : own;
        };
    }

    private static String ports(List<ServicePort> ports) {
        if (ports.isEmpty()) {
            return "<none>";
        }
        return ports.stream()
                .map(port -> port.nodePort() > 0 ? port.port() + ":" + port.nodePort() + "/" + port.protocol() : port.port() + "/" + port.protocol())
                .collect(Collectors.joining(","));
    }
}
