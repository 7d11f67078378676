package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.IntOrString;
import io.j8s.model.core.v1.ClientIPConfig;
import io.j8s.model.core.v1.LoadBalancerIngress;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.ServiceSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for services.
final class ServiceRules {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath PORTS = SPEC.child("ports");
    private static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
    private static final int LONGEST_AFFINITY_SECONDS = 86400;
    private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");

    private ServiceRules() {}

    static boolean isHeadless(Service service) {
        return service.spec().clusterIPs().equals(List.of("None"));
    }

    /// Whether traffic may come to it from outside of the cluster.
    static boolean isReachedFromOutside(Service service) {
        String type = service.spec().type();
        return type.equals("LoadBalancer") || type.equals("NodePort") || (type.equals("ClusterIP") && !service.spec().externalIPs().isEmpty());
    }

    static boolean needsHealthPort(Service service) {
        return service.spec().type().equals("LoadBalancer") && service.spec().externalTrafficPolicy().equals("Local");
    }

    // ---- update

    static void update(Service service, Service old, FieldErrors errors) {
        boolean external = service.spec().type().equals("ExternalName") || old.spec().type().equals("ExternalName");
        if (!external) {
            changedAddresses(service, old, errors);
            changedFamilies(service, old, errors);
        }
        boolean balanced = old.spec().type().equals("LoadBalancer") && service.spec().type().equals("LoadBalancer");
        if (balanced && !service.spec().loadBalancerClass().equals(old.spec().loadBalancerClass())) {
            errors.invalid(SPEC.child("loadBalancerClass"), service.spec().loadBalancerClass(), "may not change once set");
        }
        loadBalancerClass(service.spec(), errors);
        if (needsHealthPort(old) && needsHealthPort(service) && service.spec().healthCheckNodePort() != old.spec().healthCheckNodePort()) {
            errors.forbidden(SPEC.child("healthCheckNodePort"), "field is immutable");
        }
        rules(service, errors);
    }

    private static void changedAddresses(Service service, Service old, FieldErrors errors) {
        if (isHeadless(service) && isHeadless(old)) {
            return;
        }
        List<String> now = service.spec().clusterIPs();
        List<String> before = old.spec().clusterIPs();
        FieldPath path = SPEC.child("clusterIPs");
        if (now.size() == before.size()) {
            for (int i = 0; i < before.size(); i++) {
                if (!before.get(i).equals(now.get(i))) {
                    errors.invalid(path.index(i), now, "may not change once set");
                }
            }
            return;
        }
        if (now.isEmpty()) {
            errors.invalid(path.index(0), now, "primary clusterIP can not be unset");
        } else if (!before.isEmpty() && !now.getFirst().equals(before.getFirst())) {
            errors.invalid(path.index(0), now, "may not change once set");
        }
        if (before.size() > now.size() && now.size() == 1 && !service.spec().ipFamilyPolicy().equals("SingleStack")) {
            errors.invalid(SPEC.child("ipFamilyPolicy"), service.spec().ipFamilyPolicy(), "must be set to 'SingleStack' when releasing the secondary clusterIP");
        }
    }

    private static void changedFamilies(Service service, Service old, FieldErrors errors) {
        if (isHeadless(service) || isHeadless(old)) {
            return;
        }
        List<String> now = service.spec().ipFamilies();
        List<String> before = old.spec().ipFamilies();
        FieldPath path = SPEC.child("ipFamilies").index(0);
        if (now.size() == before.size()) {
            for (int i = 0; i < before.size(); i++) {
                if (!before.get(i).equals(now.get(i))) {
                    errors.invalid(path, now, "may not change once set");
                }
            }
        } else if (!now.isEmpty() && !before.isEmpty() && !now.getFirst().equals(before.getFirst())) {
            errors.invalid(path, now, "may not change once set");
        }
    }

    // ---- the service

    static void rules(Service service, FieldErrors errors) {
        ServiceSpec spec = service.spec();
        annotations(service.metadata().annotations(), errors);
        if (spec.ports().isEmpty() && !isHeadless(service) && !spec.type().equals("ExternalName")) {
            errors.required(PORTS);
        }
        type(service, errors);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < spec.ports().size(); i++) {
            port(spec.ports().get(i), spec.ports().size() > 1, names, PORTS.index(i), errors);
        }
        SelectorRules.labels(spec.selector(), SPEC.child("selector"), errors);
        affinity(spec, errors);
        addresses(service, errors);
        for (int i = 0; i < spec.externalIPs().size(); i++) {
            FieldPath path = SPEC.child("externalIPs").index(i);
            IpRules.check(spec.externalIPs().get(i), path, errors);
            IpRules.checkReachable(spec.externalIPs().get(i), path, errors);
        }
        if (!List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort").contains(spec.type())) {
            errors.notSupported(SPEC.child("type"), spec.type(), List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"));
        }
        distinctPorts(spec, errors);
        sourceRanges(service, errors);
        if (spec.hasAllocateLoadBalancerNodePorts() && !spec.type().equals("LoadBalancer")) {
            errors.forbidden(SPEC.child("allocateLoadBalancerNodePorts"), "may only be used when `type` is 'LoadBalancer'");
        }
        loadBalancerClass(spec, errors);
        traffic(service, errors);
    }

    private static void annotations(Map<String, String> annotations, FieldErrors errors) {
        String hints = annotations.get(TOPOLOGY_HINTS);
        String mode = annotations.get(TOPOLOGY_MODE);
        if (hints != null && mode != null && !hints.equals(mode)) {
            errors.invalid(FieldPath.of("metadata").child("annotations").key(TOPOLOGY_MODE), mode, "must match annotations[" + TOPOLOGY_HINTS + "] when both are specified");
        }
    }

    private static void type(Service service, FieldErrors errors) {
        ServiceSpec spec = service.spec();
        switch (spec.type()) {
            case "LoadBalancer", "NodePort" -> {
                if (isHeadless(service)) {
                    errors.invalid(SPEC.child("clusterIPs").index(0), "None", "may not be set to 'None' for " + spec.type() + " services");
                }
            }
            case "ExternalName" -> {
                if (!spec.clusterIPs().isEmpty()) {
                    errors.forbidden(SPEC.child("clusterIPs"), "may not be set for ExternalName services");
                }
                if (!spec.ipFamilies().isEmpty()) {
                    errors.forbidden(SPEC.child("ipFamilies"), "may not be set for ExternalName services");
                }
                if (spec.hasIpFamilyPolicy()) {
                    errors.forbidden(SPEC.child("ipFamilyPolicy"), "may not be set for ExternalName services");
                }
                String name = spec.externalName().endsWith(".") ? spec.externalName().substring(0, spec.externalName().length() - 1) : spec.externalName();
                if (name.isEmpty()) {
                    errors.required(SPEC.child("externalName"));
                } else {
                    Names.dnsSubdomain(name).forEach(problem -> errors.invalid(SPEC.child("externalName"), name, problem));
                }
            }
            default -> {}
        }
    }

    private static void port(ServicePort port, boolean nameRequired, Set<String> names, FieldPath path, FieldErrors errors) {
        if (!port.name().isEmpty()) {
            Names.dnsLabel(port.name()).forEach(problem -> errors.invalid(path.child("name"), port.name(), problem));
            if (!names.add(port.name())) {
                errors.duplicate(path.child("name"), port.name());
            }
        } else if (nameRequired) {
            errors.required(path.child("name"));
        }
        NumberRules.between(port.port(), 1, 65535, path.child("port"), errors);
        if (!PROTOCOLS.contains(port.protocol())) {
            errors.notSupported(path.child("protocol"), port.protocol(), PROTOCOLS);
        }
        portNumberOrName(port.targetPort(), path.child("targetPort"), errors);
        if (port.hasAppProtocol()) {
            Names.qualifiedName(port.appProtocol()).forEach(problem -> errors.invalid(path.child("appProtocol"), port.appProtocol(), problem));
        }
    }

    static void portNumberOrName(@Nullable IntOrString port, FieldPath path, FieldErrors errors) {
        switch (port) {
            case IntOrString.Int number -> NumberRules.between(number.value(), 1, 65535, path, errors);
            case IntOrString.Text name -> io.j8s.model.selector.Names.portName(name.value()).forEach(problem -> errors.invalid(path, name.value(), problem));
            case null -> NumberRules.between(0, 1, 65535, path, errors);
        }
    }

    private static void affinity(ServiceSpec spec, FieldErrors errors) {
        FieldPath config = SPEC.child("sessionAffinityConfig");
        switch (spec.sessionAffinity()) {
            case "ClientIP" -> {
                ClientIPConfig client = spec.sessionAffinityConfig().clientIP();
                FieldPath path = config.child("clientIP").child("timeoutSeconds");
                if (client.timeoutSeconds() <= 0 || client.timeoutSeconds() > LONGEST_AFFINITY_SECONDS) {
                    errors.invalid(path, client.timeoutSeconds(), "must be greater than 0 and less than " + LONGEST_AFFINITY_SECONDS);
                }
            }
            case "None" -> {
                if (spec.hasSessionAffinityConfig()) {
                    errors.forbidden(config, "must not be set when session affinity is None");
                }
            }
            default -> errors.notSupported(SPEC.child("sessionAffinity"), spec.sessionAffinity(), List.of("ClientIP", "None"));
        }
    }

    /// `clusterIP`, `clusterIPs`, `ipFamilies` and `ipFamilyPolicy` as they fit together.
    static void addresses(Service service, FieldErrors errors) {
        ServiceSpec spec = service.spec();
        if (spec.type().equals("ExternalName")) {
            return;
        }
        FieldPath path = SPEC.child("clusterIPs");
        List<String> all = spec.clusterIPs();
        if (spec.clusterIP().isEmpty()) {
            if (!all.isEmpty()) {
                errors.invalid(path, all, "must be empty when `clusterIP` is not specified");
            }
        } else if (all.isEmpty()) {
            errors.required(path);
        } else if (!all.getFirst().equals(spec.clusterIP())) {
            errors.invalid(path, all, "first value must match `clusterIP`");
        }
        families(spec, errors);
        int before = errors.size();
        for (int i = 0; i < all.size(); i++) {
            if (i == 0 && all.get(i).equals("None")) {
                if (all.size() > 1) {
                    errors.invalid(path, all, "'None' must be the first and only value");
                }
            } else {
                IpRules.check(all.get(i), path.index(i), errors);
            }
        }
        boolean legal = errors.size() == before;
        if (all.size() > 2) {
            errors.invalid(path, all, "may only hold up to 2 values");
        }
        if (legal) {
            familiesOfAddresses(service, path, errors);
        }
    }

    private static void families(ServiceSpec spec, FieldErrors errors) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < spec.ipFamilies().size(); i++) {
            String family = spec.ipFamilies().get(i);
            FieldPath path = SPEC.child("ipFamilies").index(i);
            if (!List.of("IPv4", "IPv6").contains(family)) {
                errors.notSupported(path, family, List.of("IPv4", "IPv6"));
            }
            if (seen.contains(family)) {
                errors.duplicate(path, family);
            }
            seen.add(family);
        }
        List<String> policies = List.of("PreferDualStack", "RequireDualStack", "SingleStack");
        if (spec.hasIpFamilyPolicy() && !policies.contains(spec.ipFamilyPolicy())) {
            errors.notSupported(SPEC.child("ipFamilyPolicy"), spec.ipFamilyPolicy(), policies);
        }
    }

    private static void familiesOfAddresses(Service service, FieldPath path, FieldErrors errors) {
        List<String> all = service.spec().clusterIPs();
        long sixes = all.stream().filter(IpRules::isV6).count();
        if (all.size() > 1 && (all.size() != 2 || sixes != 1)) {
            errors.invalid(path, all, "may specify no more than one IP for each IP family");
        }
        if (isHeadless(service)) {
            return;
        }
        for (int i = 0; i < Math.min(all.size(), service.spec().ipFamilies().size()); i++) {
            String family = service.spec().ipFamilies().get(i);
            if ((family.equals("IPv4") && IpRules.isV6(all.get(i))) || (family.equals("IPv6") && !IpRules.isV6(all.get(i)))) {
                errors.invalid(path.index(i), all.get(i), "expected an " + family + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    private static void distinctPorts(ServiceSpec spec, FieldErrors errors) {
        Set<String> nodePorts = new HashSet<>();
        for (int i = 0; i < spec.ports().size(); i++) {
            if (spec.type().equals("ClusterIP") && spec.ports().get(i).nodePort() != 0) {
                errors.forbidden(PORTS.index(i).child("nodePort"), "may not be used when `type` is 'ClusterIP'");
            }
        }
        for (int i = 0; i < spec.ports().size(); i++) {
            ServicePort port = spec.ports().get(i);
            if (port.nodePort() != 0 && !nodePorts.add(port.protocol() + port.nodePort())) {
                errors.duplicate(PORTS.index(i).child("nodePort"), port.nodePort());
            }
        }
        Set<String> ports = new HashSet<>();
        for (int i = 0; i < spec.ports().size(); i++) {
            ServicePort port = spec.ports().get(i);
            if (!ports.add(port.protocol() + port.port())) {
                errors.duplicate(PORTS.index(i), port.port() + "/" + port.protocol());
            }
        }
    }

    private static void sourceRanges(Service service, FieldErrors errors) {
        ServiceSpec spec = service.spec();
        boolean balanced = spec.type().equals("LoadBalancer");
        if (!spec.loadBalancerSourceRanges().isEmpty()) {
            FieldPath path = SPEC.child("LoadBalancerSourceRanges");
            if (!balanced) {
                errors.forbidden(path, "may only be used when `type` is 'LoadBalancer'");
            }
            for (int i = 0; i < spec.loadBalancerSourceRanges().size(); i++) {
                IpRules.checkCidr(spec.loadBalancerSourceRanges().get(i).strip(), path.index(i), errors);
            }
            return;
        }
        String annotation = service.metadata().annotations().get(SOURCE_RANGES);
        if (annotation == null) {
            return;
        }
        FieldPath path = FieldPath.of("metadata").child("annotations").key(SOURCE_RANGES);
        if (!balanced) {
            errors.forbidden(path, "may only be used when `type` is 'LoadBalancer'");
        }
        for (String range : annotation.isBlank() ? List.<String>of() : List.of(annotation.split(",", -1))) {
            IpRules.checkCidr(range.strip(), path, errors);
        }
    }

    private static void loadBalancerClass(ServiceSpec spec, FieldErrors errors) {
        FieldPath path = SPEC.child("loadBalancerClass");
        if (!spec.hasLoadBalancerClass()) {
            return;
        }
        if (spec.type().equals("LoadBalancer")) {
            Names.qualifiedName(spec.loadBalancerClass()).forEach(problem -> errors.invalid(path, spec.loadBalancerClass(), problem));
        } else {
            errors.forbidden(path, "may only be used when `type` is 'LoadBalancer'");
        }
    }

    private static void traffic(Service service, FieldErrors errors) {
        ServiceSpec spec = service.spec();
        FieldPath external = SPEC.child("externalTrafficPolicy");
        List<String> policies = List.of("Cluster", "Local");
        if (!isReachedFromOutside(service)) {
            if (!spec.externalTrafficPolicy().isEmpty()) {
                errors.invalid(external, spec.externalTrafficPolicy(), "may only be set for externally-accessible services");
            }
        } else if (!policies.contains(spec.externalTrafficPolicy())) {
            errors.notSupported(external, spec.externalTrafficPolicy(), policies);
        }
        FieldPath health = SPEC.child("healthCheckNodePort");
        if (needsHealthPort(service)) {
            NumberRules.between(spec.healthCheckNodePort(), 1, 65535, health, errors);
        } else if (spec.healthCheckNodePort() != 0) {
            errors.invalid(health, spec.healthCheckNodePort(), "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
        if (spec.hasInternalTrafficPolicy() && !policies.contains(spec.internalTrafficPolicy())) {
            errors.notSupported(SPEC.child("internalTrafficPolicy"), spec.internalTrafficPolicy(), policies);
        }
        List<String> distributions = List.of("PreferClose", "PreferSameNode", "PreferSameZone");
        if (spec.hasTrafficDistribution() && !distributions.contains(spec.trafficDistribution())) {
            errors.notSupported(SPEC.child("trafficDistribution"), spec.trafficDistribution(), distributions);
        }
    }

    // ---- status

    static void status(Service service, Service old, FieldErrors errors) {
        FieldPath path = FieldPath.of("status").child("loadBalancer").child("ingress");
        List<LoadBalancerIngress> ingresses = service.status().loadBalancer().ingress();
        if (!service.spec().type().equals("LoadBalancer") && !ingresses.isEmpty()) {
            errors.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        for (int i = 0; i < ingresses.size(); i++) {
            ingress(ingresses.get(i), path.index(i), errors);
        }
    }

    private static void ingress(LoadBalancerIngress ingress, FieldPath path, FieldErrors errors) {
        if (!ingress.ip().isEmpty()) {
            IpRules.check(ingress.ip(), path.child("ip"), errors);
        }
        FieldPath mode = path.child("ipMode");
        if (!ingress.hasIpMode()) {
            if (!ingress.ip().isEmpty()) {
                errors.required(mode, "must be specified when `ip` is set");
            }
        } else if (ingress.ip().isEmpty()) {
            errors.forbidden(mode, "may not be specified when `ip` is not set");
        } else if (!List.of("Proxy", "VIP").contains(ingress.ipMode())) {
            errors.notSupported(mode, ingress.ipMode(), List.of("Proxy", "VIP"));
        }
        if (!ingress.hostname().isEmpty()) {
            Names.dnsSubdomain(ingress.hostname()).forEach(problem -> errors.invalid(path.child("hostname"), ingress.hostname(), problem));
            if (IpRules.isIp(ingress.hostname())) {
                errors.invalid(path.child("hostname"), ingress.hostname(), "must be a DNS name, not an IP address");
            }
        }
    }
}
