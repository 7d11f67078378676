package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionCondition;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// Definitions in the groups of the Kubernetes project must say where they were approved (annotation `api-approved.kubernetes.io`), or that they were not.
final class ApprovalRules {

    private static final String ANNOTATION = "api-approved.kubernetes.io";
    private static final String ENHANCEMENT = "https://github.com/kubernetes/enhancements/pull/1111";

    private ApprovalRules() {}

    private enum State { MISSING, INVALID, APPROVED, BYPASSED }

    /// The condition that tells so; null for other groups.
    static @Nullable CustomResourceDefinitionCondition condition(CustomResourceDefinition definition) {
        if (!isCommunity(definition.spec().group())) {
            return null;
        }
        String value = definition.metadata().annotations().getOrDefault(ANNOTATION, "");
        CustomResourceDefinitionCondition condition = CustomResourceDefinitionCondition.EMPTY.withType("KubernetesAPIApprovalPolicyConformant").withStatus("False");
        return switch (state(definition)) {
            case MISSING -> condition.withReason("MissingAnnotation").withMessage(missing());
            case INVALID -> condition.withReason("InvalidAnnotation").withMessage(wrong());
            case APPROVED -> condition.withStatus("True").withReason("ApprovedAnnotation").withMessage("approved in " + value);
            case BYPASSED -> condition.withReason("UnapprovedAnnotation").withMessage("not approved: \"" + value + "\"");
        };
    }

    private static boolean isCommunity(String group) {
        return group.equals("k8s.io") || group.endsWith(".k8s.io") || group.equals("kubernetes.io") || group.endsWith(".kubernetes.io");
    }

    private static String missing() {
        return "protected groups must have approval annotation \"" + ANNOTATION + "\", see " + ENHANCEMENT;
    }

    private static String wrong() {
        return "protected groups must have approval annotation \"" + ANNOTATION + "\" with either a URL or a reason starting with \"unapproved\", see " + ENHANCEMENT;
    }

    private static State state(CustomResourceDefinition definition) {
        String value = definition.metadata().annotations().getOrDefault(ANNOTATION, "");
        if (value.isEmpty()) {
            return State.MISSING;
        }
        if (value.startsWith("unapproved")) {
            return State.BYPASSED;
        }
        try {
            URI url = new URI(value);
            return url.getScheme() != null && url.getRawAuthority() != null ? State.APPROVED : State.INVALID;
        } catch (URISyntaxException e) {
            return State.INVALID;
        }
    }

    static void check(CustomResourceDefinition definition, @Nullable CustomResourceDefinition old, FieldErrors errors) {
        State state = state(definition);
        if (!isCommunity(definition.spec().group()) || old != null && state(old) == state) {
            return;
        }
        FieldPath path = FieldPath.of("metadata").child("annotations").key(ANNOTATION);
        if (state == State.MISSING) {
            errors.required(path, missing());
        } else if (state == State.INVALID) {
            errors.invalid(path, definition.metadata().annotations().get(ANNOTATION), wrong());
        }
    }
}
