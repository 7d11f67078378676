package io.j8s.controllers.namespace;

import io.j8s.model.core.v1.NamespaceCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// What keeps a namespace from going, as conditions.
final class NamespaceConditions {
    private NamespaceConditions() {}

    static List<NamespaceCondition> of(List<NamespaceCondition> before, NamespaceContent content, Instant now) {
        List<NamespaceCondition> wanted = List.of(
                condition("NamespaceDeletionDiscoveryFailure", content.discoveryError(), "DiscoveryFailed", "ResourcesDiscovered", "All resources successfully discovered"),
                condition("NamespaceDeletionGroupVersionParsingFailure", "", "GroupVersionParsingFailed", "ParsedGroupVersions", "All legacy kube types successfully parsed"),
                condition("NamespaceDeletionContentFailure", failures(content.errors()), "ContentDeletionFailed", "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
                condition("NamespaceContentRemaining", remaining(content), "SomeResourcesRemain", "ContentRemoved", "All content successfully removed"),
                condition("NamespaceFinalizersRemaining", finalizers(content), "SomeFinalizersRemain", "ContentHasNoFinalizers", "All content-preserving finalizers finished"));
        List<NamespaceCondition> result = new ArrayList<>(before);
        for (NamespaceCondition condition : wanted) {
            int at = 0;
            while (at < result.size() && !result.get(at).type().equals(condition.type())) {
                at++;
            }
            NamespaceCondition timed = condition.withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS));
            if (at == result.size()) {
                result.add(timed);
            } else {
                NamespaceCondition was = result.get(at);
                result.set(at, was.status().equals(condition.status()) ? condition.withLastTransitionTime(was.lastTransitionTime()) : timed);
            }
        }
        return result;
    }

    private static NamespaceCondition condition(String type, String problem, String badReason, String goodReason, String goodMessage) {
        NamespaceCondition condition = NamespaceCondition.EMPTY.withType(type);
        return problem.isEmpty() ? condition.withStatus("False").withReason(goodReason).withMessage(goodMessage) : condition.withStatus("True").withReason(badReason).withMessage(problem);
    }

    private static String failures(List<String> errors) {
        return errors.isEmpty() ? "" : "Failed to delete all resource types, " + errors.size() + " remaining: " + String.join(", ", errors.stream().sorted().toList());
    }

    private static String remaining(NamespaceContent content) {
        List<String> parts = new ArrayList<>();
        content.remaining().forEach((resource, count) -> parts.add(resource + " has " + count + " resource instances"));
        return parts.isEmpty() ? "" : "Some resources are remaining: " + String.join(", ", parts);
    }

    private static String finalizers(NamespaceContent content) {
        List<String> parts = new ArrayList<>();
        content.finalizers().forEach((finalizer, count) -> parts.add(finalizer + " in " + count + " resource instances"));
        return parts.isEmpty() ? "" : "Some content in the namespace has finalizers remaining: " + String.join(", ", parts);
    }
}
