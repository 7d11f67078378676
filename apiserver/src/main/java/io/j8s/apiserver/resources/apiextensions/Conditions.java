package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The conditions of definitions that follow from what they say alone.
public final class Conditions {

    static final String ESTABLISHED = "Established";
    /// Set when a schema is not structural, as schemas that older servers stored may be.
    public static final String NON_STRUCTURAL = "NonStructuralSchema";

    private Conditions() {}

    /// Whether a condition is true.
    public static boolean isTrue(CustomResourceDefinition definition, String type) {
        return definition.status().conditions().stream().anyMatch(condition -> condition.type().equals(type) && condition.status().equals("True"));
    }

    /// Whether a definition in a group of the Kubernetes project was approved; null for other groups. Without a time.
    public static @Nullable CustomResourceDefinitionCondition approval(CustomResourceDefinition definition) {
        return ApprovalRules.condition(definition);
    }

    /// What is not structural; null when everything is. Without a time.
    public static @Nullable CustomResourceDefinitionCondition nonStructural(CustomResourceDefinition definition) {
        List<String> problems = new ArrayList<>();
        if (definition.spec().preserveUnknownFields()) {
            problems.add("spec.preserveUnknownFields: Invalid value: true: must be false");
        }
        for (int i = 0; i < definition.spec().versions().size(); i++) {
            var version = definition.spec().versions().get(i);
            if (version.schema().hasOpenAPIV3Schema()) {
                FieldPath path = FieldPath.of("spec").child("versions").index(i).child("schema").child("openAPIV3Schema");
                StructuralRules.check(SchemaNode.of(version.schema().openAPIV3Schema()), path).stream().map(FieldError::toString).forEach(problems::add);
            }
        }
        if (problems.isEmpty()) {
            return null;
        }
        String message = problems.size() == 1 ? problems.getFirst() : problems.stream().collect(Collectors.joining(", ", "[", "]"));
        return CustomResourceDefinitionCondition.EMPTY.withType(NON_STRUCTURAL).withStatus("True").withReason("Violations").withMessage(message);
    }
}
