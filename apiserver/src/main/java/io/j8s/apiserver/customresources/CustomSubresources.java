package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.model.DynamicStruct;
import io.j8s.model.Field;
import io.j8s.model.Objects;
import io.j8s.model.apiextensions.v1.CustomResourceSubresources;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The subresources of one version of a custom resource.
///
/// @param resets by subresource (empty: the object), the paths that a write of it cannot change
record CustomSubresources(Map<String, Subresource<DynamicStruct>> all, Map<String, Set<List<String>>> resets) {

    private static final Set<String> META = Set.of("apiVersion", "kind", "metadata");

    /// @param working brings objects into the version
    static CustomSubresources of(CustomVersion version, UnaryOperator<DynamicStruct> working) {
        CustomResourceSubresources declared = version.declared().subresources();
        Map<String, Subresource<DynamicStruct>> all = new HashMap<>();
        Map<String, Set<List<String>>> resets = new HashMap<>();
        if (declared.hasStatus()) {
            boolean apart = version.resource().type().field("status") != null;
            all.put("status", apart ? apart() : nothing());
            if (apart) {
                resets.put("", Set.of(List.of("status")));
            }
            Set<List<String>> byStatus = new HashSet<>(Set.of(List.of("metadata"), List.of("spec")));
            version.resource().type().fields().stream().map(Field::name)
                    .filter(name -> !META.contains(name) && !(apart && name.equals("status"))).forEach(name -> byStatus.add(List.of(name)));
            resets.put("status", byStatus);
        }
        if (declared.hasScale()) {
            all.put("scale", ScaleView.of(version, declared.scale(), working));
        }
        return new CustomSubresources(all, resets);
    }

    private static Subresource<DynamicStruct> apart() {
        return new Subresource.Part<>("status", Parts::onlyStatusWithoutMetadata, (object, old, errors) -> {});
    }

    /// Where the schema knows no status, a write of it changes nothing.
    private static Subresource<DynamicStruct> nothing() {
        return new Subresource.Part<>(
                "status", (sent, kept, context) -> Objects.withMetadata(kept, Objects.metadata(kept).withManagedFields(Objects.metadata(sent).managedFields())),
                (object, old, errors) -> {});
    }
}
