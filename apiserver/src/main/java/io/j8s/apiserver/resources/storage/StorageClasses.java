package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.NodeLabelWarnings;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.TopologySelectorLabelRequirement;
import io.j8s.model.core.v1.TopologySelectorTerm;
import io.j8s.model.storage.v1.StorageClass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// `storageclasses.storage.k8s.io`
final class StorageClasses {

    private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";
    private static final String OLD_DEFAULT = "storageclass.beta.kubernetes.io/is-default-class";

    private StorageClasses() {}

    static Resource<StorageClass> resource() {
        return Resource.of(StorageClass.RESOURCE)
                .shortNames("sc")
                .defaults(StorageClasses::defaults)
                .answersDeletionWithObject()
                .rules(StorageClasses::rules)
                .updateRules(StorageClasses::updateRules)
                .warnings((type, old) -> warnings(type))
                .table(table -> table
                        .column(new io.j8s.apiserver.resource.Column<>("Name", "string", "name", "Name must be unique within a namespace.", 0, (type, now) -> shownName(type)))
                        .column("Provisioner", "string", "provisioner makes the volumes of this class.", (type, now) -> type.provisioner())
                        .column("ReclaimPolicy", "string", "reclaimPolicy is the one of volumes made for this class.", (type, now) -> type.hasReclaimPolicy() ? type.reclaimPolicy() : "Delete")
                        .column("VolumeBindingMode", "string", "volumeBindingMode says when volumes are made and bound.",
                                (type, now) -> type.hasVolumeBindingMode() ? type.volumeBindingMode() : "Immediate")
                        .column("AllowVolumeExpansion", "string", "allowVolumeExpansion says whether volumes can grow.", (type, now) -> type.allowVolumeExpansion())
                        .ageColumn())
                .build();
    }

    private static String shownName(StorageClass type) {
        Map<String, String> annotations = type.metadata().annotations();
        boolean isDefault = "true".equals(annotations.get(DEFAULT)) || "true".equals(annotations.get(OLD_DEFAULT));
        return isDefault ? type.metadata().name() + " (default)" : type.metadata().name();
    }

    private static StorageClass defaults(StorageClass type) {
        StorageClass reclaimed = type.hasReclaimPolicy() ? type : type.withReclaimPolicy("Delete");
        return reclaimed.hasVolumeBindingMode() ? reclaimed : reclaimed.withVolumeBindingMode("Immediate");
    }

    private static void rules(StorageClass type, FieldErrors errors) {
        StorageRules.provisioner(type.provisioner(), FieldPath.of("provisioner"), errors);
        StorageRules.parameters(type.parameters(), true, FieldPath.of("parameters"), errors);
        Set<String> policies = Set.of("Delete", "Retain");
        if (!type.reclaimPolicy().isEmpty() && !policies.contains(type.reclaimPolicy())) {
            errors.notSupported(FieldPath.of("reclaimPolicy"), type.reclaimPolicy(), policies);
        }
        Set<String> modes = Set.of("Immediate", "WaitForFirstConsumer");
        if (!modes.contains(type.volumeBindingMode())) {
            errors.notSupported(FieldPath.of("volumeBindingMode"), type.volumeBindingMode(), modes);
        }
        topologies(type.allowedTopologies(), FieldPath.of("allowedTopologies"), errors);
    }

    private static void topologies(List<TopologySelectorTerm> terms, FieldPath path, FieldErrors errors) {
        List<Map<String, Set<String>>> seen = new ArrayList<>(Collections.nCopies(terms.size(), Map.of())); // upstream takes empty terms for repeated ones
        for (int i = 0; i < terms.size(); i++) {
            FieldPath here = path.index(i).child("matchLabelExpressions");
            Map<String, Set<String>> term = term(terms.get(i).matchLabelExpressions(), here, errors);
            seen.stream().filter(term::equals).forEach(same -> errors.duplicate(here, ""));
            seen.add(term);
        }
    }

    private static Map<String, Set<String>> term(List<TopologySelectorLabelRequirement> expressions, FieldPath path, FieldErrors errors) {
        Map<String, Set<String>> term = new TreeMap<>();
        for (int i = 0; i < expressions.size(); i++) {
            TopologySelectorLabelRequirement expression = expressions.get(i);
            FieldPath here = path.index(i);
            Set<String> values = values(expression.values(), here.child("values"), errors);
            io.j8s.apiserver.resource.Names.qualifiedName(expression.key()).forEach(problem -> errors.invalid(here.child("key"), expression.key(), problem));
            if (term.put(expression.key(), values) != null) {
                errors.duplicate(here.child("key"), expression.key());
            }
        }
        return term;
    }

    private static Set<String> values(List<String> values, FieldPath path, FieldErrors errors) {
        if (values.isEmpty()) {
            errors.required(path);
        }
        Set<String> seen = new HashSet<>();
        IntStream.range(0, values.size()).filter(i -> !seen.add(values.get(i))).forEach(i -> errors.duplicate(path.index(i), values.get(i)));
        return seen;
    }

    private static void updateRules(StorageClass type, StorageClass old, FieldErrors errors) {
        errors.immutable(FieldPath.of("parameters"), type.parameters(), old.parameters());
        errors.immutable(FieldPath.of("provisioner"), type.provisioner(), old.provisioner());
        errors.immutable(FieldPath.of("reclaimPolicy"), type.reclaimPolicy(), old.reclaimPolicy());
        errors.immutable(FieldPath.of("volumeBindingMode"), type.volumeBindingMode(), old.volumeBindingMode());
    }

    private static List<String> warnings(StorageClass type) {
        List<String> warnings = new ArrayList<>(0);
        for (int i = 0; i < type.allowedTopologies().size(); i++) {
            List<TopologySelectorLabelRequirement> expressions = type.allowedTopologies().get(i).matchLabelExpressions();
            for (int j = 0; j < expressions.size(); j++) {
                String text = NodeLabelWarnings.of(expressions.get(j).key());
                if (text != null) {
                    warnings.add(FieldPath.of("allowedTopologies").index(i).child("matchLabelExpressions").index(j).child("key") + ": " + text);
                }
            }
        }
        return warnings;
    }
}
