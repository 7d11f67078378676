package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.NamespaceStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `namespaces`
final class Namespaces {

    private static final String NAME_LABEL = "kubernetes.io/metadata.name";
    private static final String OWN_FINALIZER = "kubernetes";

    private Namespaces() {}

    static Resource<Namespace> resource() {
        return Resource.of(Namespace.RESOURCE)
                .shortNames("ns")
                .without(Verb.DELETECOLLECTION)
                .names(NameRule.DNS_LABEL)
                .defaults(Namespaces::defaults)
                .prepareCreate(Namespaces::prepareCreate)
                .prepareUpdate((sent, stored, context) -> sent.withSpec(s -> s.withFinalizers(stored.spec().finalizers())))
                .rules(Namespaces::rules)
                .status(Namespaces::statusRules)
                .subresource(new Subresource.Part<>("finalize", EnumSet.of(Verb.UPDATE), Namespaces::finalizers, Namespaces::finalizeRules))
                .resets("finalize", "status")
                .heldWhile(
                        namespace -> !namespace.spec().finalizers().isEmpty(),
                        namespace -> namespace.withStatus(namespace.status().withPhase("Terminating")))
                .selectable("status.phase", namespace -> namespace.status().phase())
                .table(table -> table
                        .nameColumn()
                        .column("Status", "string", "The status of the namespace", (namespace, now) -> namespace.status().phase())
                        .ageColumn())
                .build();
    }

    private static Namespace defaults(Namespace namespace) {
        return named(namespace.status().phase().isEmpty() ? namespace.withStatus(namespace.status().withPhase("Active")) : namespace);
    }

    /// With the label that says its name; a name that is generated is known later only.
    private static Namespace named(Namespace namespace) {
        String name = namespace.metadata().name();
        if (name.isEmpty()) {
            return namespace;
        }
        Map<String, String> labels = new LinkedHashMap<>(namespace.metadata().labels());
        labels.put(NAME_LABEL, name);
        return namespace.withMetadata(meta -> meta.withLabels(labels));
    }

    private static Namespace prepareCreate(Namespace sent, WriteContext context) {
        List<String> finalizers = new ArrayList<>(sent.spec().finalizers());
        if (!finalizers.contains(OWN_FINALIZER)) {
            finalizers.add(OWN_FINALIZER);
        }
        return named(sent).withStatus(NamespaceStatus.EMPTY.withPhase("Active")).withSpec(s -> s.withFinalizers(finalizers));
    }

    private static void rules(Namespace namespace, FieldErrors errors) {
        for (String finalizer : namespace.spec().finalizers()) {
            checkFinalizer(finalizer, FieldPath.of("spec").child("finalizers"), errors);
        }
    }

    private static void checkFinalizer(String finalizer, FieldPath path, FieldErrors errors) {
        Names.qualifiedName(finalizer).forEach(problem -> errors.invalid(path, finalizer, problem));
        if (!finalizer.contains("/") && !Set.of(OWN_FINALIZER, "orphan").contains(finalizer)) {
            errors.invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    private static void statusRules(Namespace namespace, Namespace old, FieldErrors errors) {
        FieldPath path = FieldPath.of("status").child("Phase");
        boolean deleting = namespace.metadata().hasDeletionTimestamp();
        if (deleting && !namespace.status().phase().equals("Terminating")) {
            errors.invalid(path, namespace.status().phase(), "may only be 'Terminating' if `deletionTimestamp` is not empty");
        } else if (!deleting && !namespace.status().phase().equals("Active")) {
            errors.invalid(path, namespace.status().phase(), "may only be 'Active' if `deletionTimestamp` is empty");
        }
    }

    private static Namespace finalizers(Namespace sent, Namespace stored, WriteContext context) {
        return sent.withStatus(stored.status());
    }

    private static void finalizeRules(Namespace namespace, Namespace old, FieldErrors errors) {
        List<String> finalizers = namespace.spec().finalizers();
        for (int i = 0; i < finalizers.size(); i++) {
            checkFinalizer(finalizers.get(i), FieldPath.of("spec").child("finalizers").index(i), errors);
        }
    }
}
