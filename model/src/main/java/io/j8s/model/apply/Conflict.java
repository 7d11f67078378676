package io.j8s.model.apply;

import io.j8s.model.FieldTree;
import io.j8s.model.PathElement;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A field that a configuration wants to change and another manager owns.
///
/// @param manager how to call the manager: its name in quotes, and what else tells it apart
/// @param path such as `.spec.containers[name="a"].image`
public record Conflict(String manager, String path) {

    static Conflict of(Owner owner, List<PathElement> path) {
        return new Conflict(owner.readable(), FieldTree.text(path));
    }

    /// The message of the conflict's cause, whose reason is `FieldManagerConflict` and whose field is the path.
    public String message() {
        return "conflict with " + manager;
    }

    /// What all of them say, as kubectl shows it.
    public static String summary(List<Conflict> conflicts) {
        if (conflicts.size() == 1) {
            Conflict only = conflicts.getFirst();
            return "Apply failed with 1 conflict: " + only.message() + ": " + only.path;
        }
        String list = conflicts.stream()
                .collect(Collectors.groupingBy(Conflict::manager, TreeMap::new, Collectors.mapping(Conflict::path, Collectors.joining("\n- ", "\n- ", ""))))
                .entrySet().stream()
                .map(entry -> "conflicts with " + entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining("\n"));
        return "Apply failed with " + conflicts.size() + " conflicts: " + list;
    }
}
