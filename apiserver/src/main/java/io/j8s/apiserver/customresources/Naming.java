package io.j8s.apiserver.customresources;

import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionCondition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which names a definition gets: those that no other definition of its group holds. Works out the definition's conditions. No I/O.
final class Naming {

    private Naming() {}

    /// The definition with `acceptedNames`, `storedVersions` and the conditions NamesAccepted and Established as they are to be.
    ///
    /// @param others all definitions; those of other groups, and this one, do not count
    static CustomResourceDefinition settled(CustomResourceDefinition definition, Collection<CustomResourceDefinition> others, Instant now) {
        Set<String> resources = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        for (CustomResourceDefinition other : others) {
            if (other.spec().group().equals(definition.spec().group()) && !other.metadata().name().equals(definition.metadata().name())) {
                CustomResourceDefinitionNames held = other.status().acceptedNames();
                resources.add(held.plural());
                resources.add(held.singular());
                resources.addAll(held.shortNames());
                kinds.add(held.kind());
                kinds.add(held.listKind());
            }
        }
        CustomResourceDefinitionNames wanted = definition.spec().names();
        CustomResourceDefinitionNames accepted = definition.status().acceptedNames();
        List<String> problems = new ArrayList<>();
        String reason = "";
        if (resources.contains(wanted.plural())) {
            problems.add(taken(wanted.plural()));
            reason = "PluralConflict";
        } else {
            accepted = accepted.withPlural(wanted.plural());
        }
        if (resources.contains(wanted.singular())) {
            problems.add(taken(wanted.singular()));
            reason = "SingularConflict";
        } else {
            accepted = accepted.withSingular(wanted.singular());
        }
        List<String> free = wanted.shortNames().stream().filter(name -> !resources.contains(name)).toList();
        if (free.size() < wanted.shortNames().size()) {
            wanted.shortNames().stream().filter(resources::contains).forEach(name -> problems.add(taken(name)));
            reason = "ShortNamesConflict";
        } else {
            accepted = accepted.withShortNames(free);
        }
        if (kinds.contains(wanted.kind())) {
            problems.add(taken(wanted.kind()));
            reason = "KindConflict";
        } else {
            accepted = accepted.withKind(wanted.kind());
        }
        if (kinds.contains(wanted.listKind())) {
            problems.add(taken(wanted.listKind()));
            reason = "ListKindConflict";
        } else {
            accepted = accepted.withListKind(wanted.listKind());
        }
        accepted = accepted.withCategories(wanted.categories());
        CustomResourceDefinitionNames names = accepted;
        CustomResourceDefinition named = definition.withStatus(status -> status.withAcceptedNames(names));
        return conditions(named, problems, reason, now);
    }

    private static String taken(String name) {
        return "\"" + name + "\" is already in use";
    }

    private static CustomResourceDefinition conditions(CustomResourceDefinition definition, List<String> problems, String reason, Instant now) {
        CustomResourceDefinition named = problems.isEmpty()
                ? with(definition, "NamesAccepted", "True", "NoConflicts", "no conflicts found", now)
                : with(definition, "NamesAccepted", "False", reason, String.join(", ", problems), now);
        if (is(named, "Established")) {
            return named;
        }
        return problems.isEmpty()
                ? with(named, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted", now)
                : with(named, "Established", "False", "NotAccepted", "not all names are accepted", now);
    }

    /// Whether a condition is true.
    static boolean is(CustomResourceDefinition definition, String type) {
        return definition.status().conditions().stream().anyMatch(condition -> condition.type().equals(type) && condition.status().equals("True"));
    }

    /// The definition with a condition; its time changes only with its status.
    static CustomResourceDefinition with(CustomResourceDefinition definition, String type, String status, String reason, String message, Instant now) {
        List<CustomResourceDefinitionCondition> conditions = new ArrayList<>();
        CustomResourceDefinitionCondition wanted =
                CustomResourceDefinitionCondition.EMPTY.withType(type).withStatus(status).withReason(reason).withMessage(message).withLastTransitionTime(now);
        boolean found = false;
        for (CustomResourceDefinitionCondition condition : definition.status().conditions()) {
            if (condition.type().equals(type)) {
                found = true;
                conditions.add(condition.status().equals(status) ? wanted.withLastTransitionTime(condition.lastTransitionTime()) : wanted);
            } else {
                conditions.add(condition);
            }
        }
        if (!found) {
            conditions.add(wanted);
        }
        return definition.withStatus(s -> s.withConditions(conditions));
    }
}
