package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.IpRules;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.TypedLocalObjectReference;
import io.j8s.model.networking.v1.HTTPIngressPath;
import io.j8s.model.networking.v1.Ingress;
import io.j8s.model.networking.v1.IngressBackend;
import io.j8s.model.networking.v1.IngressLoadBalancerIngress;
import io.j8s.model.networking.v1.IngressRule;
import io.j8s.model.networking.v1.IngressSpec;
import io.j8s.model.networking.v1.IngressStatus;
import io.j8s.model.networking.v1.IngressTLS;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for ingresses.
final class IngressRules {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Set<String> PATH_TYPES = Set.of("Exact", "Prefix", "ImplementationSpecific");
    private static final List<String> BAD_SEQUENCES = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final List<String> BAD_ENDS = List.of("/..", "/.");

    private IngressRules() {}

    static void checkNew(Ingress ingress, FieldErrors errors) {
        check(ingress.spec(), null, errors);
        String annotated = ingress.metadata().annotations().get(Ingresses.CLASS_ANNOTATION);
        if (annotated != null && ingress.spec().hasIngressClassName() && !annotated.equals(ingress.spec().ingressClassName())) {
            errors.invalid(FieldPath.of("annotations").child(Ingresses.CLASS_ANNOTATION), annotated, "must match `ingressClassName` when both are specified");
        }
    }

    /// Names of secrets that an older state already has wrong may stay wrong.
    static void check(IngressSpec spec, @Nullable IngressSpec old, FieldErrors errors) {
        if (spec.rules().isEmpty() && !spec.hasDefaultBackend()) {
            errors.invalid(SPEC, spec.rules(), "either `defaultBackend` or `rules` must be specified");
        }
        if (spec.hasDefaultBackend()) {
            backend(spec.defaultBackend(), SPEC.child("defaultBackend"), errors);
        }
        for (int i = 0; i < spec.rules().size(); i++) {
            rule(spec.rules().get(i), SPEC.child("rules").index(i), errors);
        }
        boolean anySecret = old != null && old.tls().stream().anyMatch(tls -> !secretProblems(tls).isEmpty());
        for (int i = 0; i < spec.tls().size(); i++) {
            tls(spec.tls().get(i), anySecret, SPEC.child("tls").index(i), errors);
        }
        if (spec.hasIngressClassName()) {
            Names.dnsSubdomain(spec.ingressClassName()).forEach(problem -> errors.invalid(SPEC.child("ingressClassName"), spec.ingressClassName(), problem));
        }
    }

    private static List<String> secretProblems(IngressTLS tls) {
        return tls.secretName().isEmpty() ? List.of() : Names.dnsSubdomain(tls.secretName());
    }

    private static void tls(IngressTLS tls, boolean anySecret, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < tls.hosts().size(); i++) {
            host(tls.hosts().get(i), path.child("hosts").index(i), errors);
        }
        if (!anySecret) {
            secretProblems(tls).forEach(problem -> errors.invalid(path.child("secretName"), tls.secretName(), problem));
        }
    }

    private static void host(String host, FieldPath path, FieldErrors errors) {
        List<String> problems = host.contains("*") ? Names.wildcardSubdomain(host) : Names.dnsSubdomain(host);
        problems.forEach(problem -> errors.invalid(path, host, problem));
    }

    private static void rule(IngressRule rule, FieldPath path, FieldErrors errors) {
        if (!rule.host().isEmpty()) {
            if (IpRules.isIp(rule.host())) {
                errors.invalid(path.child("host"), rule.host(), "must be a DNS name, not an IP address");
            }
            host(rule.host(), path.child("host"), errors);
        }
        if (!rule.hasHttp()) {
            return;
        }
        FieldPath paths = path.child("http").child("paths");
        if (rule.http().paths().isEmpty()) {
            errors.required(paths);
        }
        for (int i = 0; i < rule.http().paths().size(); i++) {
            path(rule.http().paths().get(i), paths.index(i), errors);
        }
    }

    private static void path(HTTPIngressPath http, FieldPath path, FieldErrors errors) {
        if (!http.hasPathType()) {
            errors.required(path.child("pathType"), "pathType must be specified");
            return;
        }
        String text = http.path();
        switch (http.pathType()) {
            case "Exact", "Prefix" -> absolutePath(text, path.child("path"), errors);
            case "ImplementationSpecific" -> {
                if (!text.isEmpty() && !text.startsWith("/")) {
                    errors.invalid(path.child("path"), text, "must be an absolute path");
                }
            }
            default -> errors.notSupported(path.child("pathType"), http.pathType(), PATH_TYPES);
        }
        backend(http.backend(), path.child("backend"), errors);
    }

    private static void absolutePath(String text, FieldPath path, FieldErrors errors) {
        if (!text.startsWith("/")) {
            errors.invalid(path, text, "must be an absolute path");
        }
        BAD_SEQUENCES.stream().filter(text::contains).forEach(bad -> errors.invalid(path, text, "must not contain '" + bad + "'"));
        BAD_ENDS.stream().filter(text::endsWith).forEach(bad -> errors.invalid(path, text, "cannot end with '" + bad + "'"));
    }

    private static void backend(IngressBackend backend, FieldPath path, FieldErrors errors) {
        if (backend.hasResource() && backend.hasService()) {
            errors.invalid(path, "", "cannot set both resource and service backends");
        } else if (backend.hasResource()) {
            resource(backend.resource(), path.child("resource"), errors);
        } else if (backend.hasService()) {
            service(backend, path, errors);
        } else {
            errors.invalid(path, "", "resource or service backend is required");
        }
    }

    private static void resource(TypedLocalObjectReference reference, FieldPath path, FieldErrors errors) {
        if (reference.hasApiGroup()) {
            Names.dnsSubdomain(reference.apiGroup()).forEach(problem -> errors.invalid(path.child("apiGroup"), reference.apiGroup(), problem));
        }
        segment(reference.kind(), path.child("kind"), errors);
        segment(reference.name(), path.child("name"), errors);
    }

    /// What can be a part of a path, and must be there.
    static void segment(String text, FieldPath path, FieldErrors errors) {
        if (text.isEmpty()) {
            errors.required(path);
        } else {
            Names.pathSegment(text).forEach(problem -> errors.invalid(path, text, problem));
        }
    }

    private static void service(IngressBackend backend, FieldPath path, FieldErrors errors) {
        FieldPath name = path.child("service").child("name");
        FieldPath port = path.child("service").child("port");
        String service = backend.service().name();
        if (service.isEmpty()) {
            errors.required(name);
        } else {
            Names.dnsLabel(service).forEach(problem -> errors.invalid(name, service, problem));
        }
        String portName = backend.service().port().name();
        int number = backend.service().port().number();
        if (!portName.isEmpty() && number != 0) {
            errors.invalid(path, "", "cannot set both port name & port number");
        } else if (!portName.isEmpty()) {
            Names.portName(portName).forEach(problem -> errors.invalid(port.child("name"), portName, problem));
        } else if (number != 0) {
            NumberRules.between(number, 1, NetworkPolicyRules.HIGHEST_PORT, port.child("number"), errors);
        } else {
            errors.required(path, "port name or number is required");
        }
    }

    static void checkStatus(IngressStatus status, FieldErrors errors) {
        List<IngressLoadBalancerIngress> served = status.loadBalancer().ingress();
        for (int i = 0; i < served.size(); i++) {
            IngressLoadBalancerIngress at = served.get(i);
            FieldPath path = FieldPath.of("status").child("loadBalancer").child("ingress").index(i);
            if (!at.ip().isEmpty()) {
                IpRules.check(at.ip(), path.child("ip"), errors);
            }
            if (!at.hostname().isEmpty()) {
                Names.dnsSubdomain(at.hostname()).forEach(problem -> errors.invalid(path.child("hostname"), at.hostname(), problem));
                if (IpRules.isIp(at.hostname())) {
                    errors.invalid(path.child("hostname"), at.hostname(), "must be a DNS name, not an IP address");
                }
            }
        }
    }
}
