package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.EnvFromSource;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.EnvVarSource;
import io.j8s.model.core.v1.ObjectFieldSelector;
import io.j8s.model.core.v1.ResourceFieldSelector;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The rules for the environment of containers, and for what of a pod its containers can be told.
final class EnvironmentRules {

    private static final Set<String> FIELDS = Set.of(
            "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP",
            "status.podIPs");
    private static final Set<String> FILE_FIELDS = Set.of("metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid");
    private static final Set<String> RESOURCES =
            Set.of("limits.cpu", "limits.memory", "limits.ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage");

    private EnvironmentRules() {}

    static void variables(List<EnvVar> variables, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < variables.size(); i++) {
            EnvVar variable = variables.get(i);
            FieldPath name = path.index(i).child("name");
            if (variable.name().isEmpty()) {
                errors.required(name);
            } else {
                io.j8s.model.selector.Names.relaxedEnvironmentName(variable.name()).forEach(problem -> errors.invalid(name, variable.name(), problem));
            }
            if (variable.hasValueFrom()) {
                source(variable, path.index(i).child("valueFrom"), errors);
            }
        }
    }

    private static void source(EnvVar variable, FieldPath path, FieldErrors errors) {
        EnvVarSource source = variable.valueFrom();
        int count = 0;
        if (source.hasFieldRef()) {
            count++;
            field(source.fieldRef(), false, path.child("fieldRef"), errors);
        }
        if (source.hasResourceFieldRef()) {
            count++;
            resource(source.resourceFieldRef(), false, path.child("resourceFieldRef"), errors);
        }
        if (source.hasConfigMapKeyRef()) {
            count++;
            key(source.configMapKeyRef().name(), source.configMapKeyRef().key(), path.child("configMapKeyRef"), errors);
        }
        if (source.hasSecretKeyRef()) {
            count++;
            key(source.secretKeyRef().name(), source.secretKeyRef().key(), path.child("secretKeyRef"), errors);
        }
        count += source.hasFileKeyRef() ? 1 : 0;
        if (count == 0) {
            errors.invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        } else if (!variable.value().isEmpty()) {
            errors.invalid(path, "", "may not be specified when `value` is not empty");
        } else if (count > 1) {
            errors.invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    private static void key(String name, String key, FieldPath path, FieldErrors errors) {
        name(name, path.child("name"), errors);
        if (key.isEmpty()) {
            errors.required(path.child("key"));
        } else {
            Names.configKey(key).forEach(problem -> errors.invalid(path.child("key"), key, problem));
        }
    }

    private static void name(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
        } else {
            Names.dnsSubdomain(name).forEach(problem -> errors.invalid(path, name, problem));
        }
    }

    static void field(ObjectFieldSelector selector, boolean file, FieldPath path, FieldErrors errors) {
        if (selector.apiVersion().isEmpty()) {
            errors.required(path.child("apiVersion"));
            return;
        }
        String text = selector.fieldPath();
        FieldPath here = path.child("fieldPath");
        if (text.isEmpty()) {
            errors.required(here);
            return;
        }
        Set<String> known = file ? FILE_FIELDS : FIELDS;
        int bracket = text.indexOf("['");
        if (bracket > 0 && text.endsWith("']")) {
            String map = text.substring(0, bracket);
            String key = text.substring(bracket + 2, text.length() - 2);
            if (map.equals("metadata.annotations")) {
                Names.qualifiedName(key.toLowerCase(java.util.Locale.ROOT)).forEach(problem -> errors.invalid(path, key, problem));
            } else if (map.equals("metadata.labels")) {
                Names.qualifiedName(key).forEach(problem -> errors.invalid(path, key, problem));
            } else {
                errors.invalid(path, map, "does not support subscript");
            }
        } else if (!selector.apiVersion().equals("v1") || !isKnown(text)) {
            errors.invalid(here, text, "error converting fieldPath: field label not supported: " + text);
        } else if (!known.contains(text)) {
            errors.notSupported(here, text, new TreeSet<>(known));
        }
    }

    private static boolean isKnown(String field) {
        return FIELDS.contains(field) || FILE_FIELDS.contains(field) || Set.of("spec.restartPolicy", "spec.schedulerName", "status.phase").contains(field);
    }

    static void resource(ResourceFieldSelector selector, boolean file, FieldPath path, FieldErrors errors) {
        if (file && selector.containerName().isEmpty()) {
            errors.required(path.child("containerName"));
            return;
        }
        String name = selector.resource();
        if (name.isEmpty()) {
            errors.required(path.child("resource"));
            return;
        }
        boolean huge = name.startsWith("limits.hugepages-") || name.startsWith("requests.hugepages-");
        if (!RESOURCES.contains(name) && !huge) {
            errors.notSupported(path.child("resource"), name, RESOURCES);
        }
        Quantity divisor = selector.divisor();
        if (divisor != null && divisor.signum() != 0) {
            divisor(name.substring(name.indexOf('.') + 1), divisor, path.child("divisor"), errors);
        }
    }

    private static void divisor(String resource, Quantity divisor, FieldPath path, FieldErrors errors) {
        List<String> units = resource.equals("cpu")
                ? List.of("1m", "1")
                : List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");
        if (!units.contains(divisor.toString())) {
            errors.invalid(path, divisor, "only divisor's values " + String.join(", ", units) + " are supported with the " + resource + " resource");
        }
    }

    static void sources(List<EnvFromSource> sources, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < sources.size(); i++) {
            EnvFromSource source = sources.get(i);
            FieldPath here = path.index(i);
            if (!source.prefix().isEmpty()) {
                io.j8s.model.selector.Names.relaxedEnvironmentName(source.prefix()).forEach(problem -> errors.invalid(here.child("prefix"), source.prefix(), problem));
            }
            if (source.hasConfigMapRef()) {
                name(source.configMapRef().name(), here.child("configMapRef").child("name"), errors);
            }
            if (source.hasSecretRef()) {
                name(source.secretRef().name(), here.child("secretRef").child("name"), errors);
            }
            if (!source.hasConfigMapRef() && !source.hasSecretRef()) {
                errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
            } else if (source.hasConfigMapRef() && source.hasSecretRef()) {
                errors.invalid(path, "", "may not have more than one field specified at a time");
            }
        }
    }
}
