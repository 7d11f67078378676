package io.j8s.model.apply;

import io.j8s.model.FieldTree;
import io.j8s.model.PathElement;
import java.util.List;

/// Which fields a request can write at all, and so own: the others are reset by the resource's strategy (`resetFields`).
@FunctionalInterface
public interface FieldFilter {

    FieldFilter ALL = fields -> fields;

    FieldTree apply(FieldTree fields);

    /// All but these and what is below them.
    static FieldFilter except(FieldTree reset) {
        return fields -> fields.recursiveDifference(reset);
    }

    /// Nothing but these and what is below them.
    ///
    /// @param patterns paths of field names; `*` stands for any step
    static FieldFilter only(List<List<String>> patterns) {
        List<List<String>> copy = List.copyOf(patterns);
        return fields -> matching(fields, copy);
    }

    private static FieldTree matching(FieldTree fields, List<List<String>> patterns) {
        FieldTree.Builder out = new FieldTree.Builder();
        for (int i = 0; i < fields.width(); i++) {
            PathElement step = fields.element(i);
            List<List<String>> rest = patterns.stream().filter(p -> matches(p.getFirst(), step)).map(p -> p.subList(1, p.size())).toList();
            if (!rest.isEmpty()) {
                boolean all = rest.stream().anyMatch(List::isEmpty);
                out.add(step, fields.isMember(i), all ? fields.below(i) : matching(fields.below(i), rest));
            }
        }
        return out.build();
    }

    private static boolean matches(String pattern, PathElement step) {
        return pattern.equals("*") || step instanceof PathElement.Name(String name) && name.equals(pattern);
    }
}
