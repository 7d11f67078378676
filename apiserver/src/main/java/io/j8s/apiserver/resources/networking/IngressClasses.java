package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Column;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.networking.v1.IngressClass;
import io.j8s.model.networking.v1.IngressClassParametersReference;
import java.util.Set;
import java.util.regex.Pattern;

/// `ingressclasses.networking.k8s.io`
final class IngressClasses {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";
    private static final Set<String> SCOPES = Set.of("Cluster", "Namespace");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");
    private static final int MOST_CONTROLLER_CHARACTERS = 250;

    private IngressClasses() {}

    static Resource<IngressClass> resource() {
        return Resource.of(IngressClass.RESOURCE)
                .defaults(IngressClasses::defaults)
                .generationOfSpec()
                .createRules(IngressClasses::rules)
                .updateRules(IngressClasses::updateRules)
                .table(table -> table
                        .column(new Column<>("Name", "string", "name", "Name must be unique within a namespace.", 0, (type, now) -> shownName(type)))
                        .column("Controller", "string", "Controller that is responsible for handling this class", (type, now) -> type.spec().controller())
                        .column("Parameters", "string", "A reference to a resource with additional parameters", (type, now) -> parameters(type))
                        .ageColumn())
                .build();
    }

    private static IngressClass defaults(IngressClass type) {
        boolean complete = !type.spec().hasParameters() || type.spec().parameters().hasScope();
        return complete ? type : type.withSpec(s -> s.withParameters(p -> p.withScope("Cluster")));
    }

    private static String shownName(IngressClass type) {
        return "true".equals(type.metadata().annotations().get(DEFAULT)) ? type.metadata().name() + " (default)" : type.metadata().name();
    }

    private static String parameters(IngressClass type) {
        IngressClassParametersReference reference = type.spec().parameters();
        if (!type.spec().hasParameters()) {
            return "<none>";
        }
        return reference.kind() + (reference.hasApiGroup() ? "." + reference.apiGroup() : "") + "/" + reference.name();
    }

    private static void updateRules(IngressClass type, IngressClass old, FieldErrors errors) {
        errors.immutable(SPEC.child("controller"), type.spec().controller(), old.spec().controller());
        rules(type, errors);
    }

    private static void rules(IngressClass type, FieldErrors errors) {
        controller(type.spec().controller(), SPEC.child("controller"), errors);
        if (type.spec().hasParameters()) {
            reference(type.spec().parameters(), SPEC.child("parameters"), errors);
        }
    }

    private static void controller(String name, FieldPath path, FieldErrors errors) {
        if (name.length() > MOST_CONTROLLER_CHARACTERS) {
            errors.tooLong(path, MOST_CONTROLLER_CHARACTERS);
        }
        if (name.isEmpty()) {
            errors.required(path);
            return;
        }
        int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            errors.invalid(path, name, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        Names.dnsSubdomain(name.substring(0, slash)).forEach(problem -> errors.invalid(path, name.substring(0, slash), problem));
        if (!PATH.matcher(name.substring(slash + 1)).matches()) {
            errors.invalid(path, name.substring(slash + 1), "must consist of characters that a path may have");
        }
    }

    private static void reference(IngressClassParametersReference reference, FieldPath path, FieldErrors errors) {
        if (reference.hasApiGroup()) {
            Names.dnsSubdomain(reference.apiGroup()).forEach(problem -> errors.invalid(path.child("apiGroup"), reference.apiGroup(), problem));
        }
        IngressRules.segment(reference.kind(), path.child("kind"), errors);
        IngressRules.segment(reference.name(), path.child("name"), errors);
        FieldPath namespace = path.child("namespace");
        if (!SCOPES.contains(reference.scope())) {
            errors.notSupported(path.child("scope"), reference.scope(), SCOPES);
        } else if (reference.scope().equals("Cluster")) {
            if (reference.hasNamespace()) {
                errors.forbidden(namespace, "`parameters.scope` is set to 'Cluster'");
            }
        } else if (!reference.hasNamespace()) {
            errors.required(namespace, "`parameters.scope` is set to 'Namespace'");
        } else {
            Names.dnsLabel(reference.namespace()).forEach(problem -> errors.invalid(namespace, reference.namespace(), problem));
        }
    }
}
