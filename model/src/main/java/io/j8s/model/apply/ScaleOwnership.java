package io.j8s.model.apply;

import io.j8s.model.FieldSet;
import io.j8s.model.FieldTree;
import io.j8s.model.PathElement;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import java.util.List;
import java.util.Map;

/// Carries ownership between an object and its `scale`: who owns the number of replicas of the one owns that of the other.
///
/// A write to the scale is worked on like this: `toScale` gives the entries of the scale before the write; [FieldManagement] for the type Scale works on
/// these; `toParent` brings what came of it back into the object's entries.
public final class ScaleOwnership {

    private static final String SCALE_VERSION = "autoscaling/v1";
    private static final List<PathElement> SCALE_REPLICAS = List.of(PathElement.name("spec"), PathElement.name("replicas"));

    private final Map<String, List<String>> replicasPaths;
    private final String apiVersion;

    /// @param apiVersion the object's version in the request
    /// @param replicasPaths the fields that lead to the number of replicas, by version of the object; an empty list for a version without one
    public ScaleOwnership(String apiVersion, Map<String, List<String>> replicasPaths) {
        this.apiVersion = apiVersion;
        this.replicasPaths = Map.copyOf(replicasPaths);
    }

    private List<PathElement> path(String version) {
        return replicasPaths.getOrDefault(version, List.of()).stream().map(PathElement::name).toList();
    }

    /// The entries of the scale.
    public List<ManagedFieldsEntry> toScale(List<ManagedFieldsEntry> parent) {
        Ownership scale = new Ownership();
        Ownership.readOrNone(parent).forEach((owner, claim) -> {
            if (claim.fields().has(path(claim.apiVersion()))) {
                scale.claim(owner, FieldTree.of(SCALE_REPLICAS), SCALE_VERSION, claim.time());
            }
        });
        return scale.write(SCALE_VERSION, FieldSet::of);
    }

    /// The object's entries after a write to its scale.
    ///
    /// @param parent the object's entries before
    /// @param scale the scale's entries after
    public List<ManagedFieldsEntry> toParent(List<ManagedFieldsEntry> parent, List<ManagedFieldsEntry> scale) {
        Ownership after = new Ownership();
        Ownership.readOrNone(scale).forEach((owner, claim) -> {
            if (claim.fields().has(SCALE_REPLICAS)) {
                after.put(inParent(owner), claim);
            }
        });
        Ownership result = new Ownership();
        Ownership.readOrNone(parent).forEach((owner, claim) -> {
            if (replicasPaths.containsKey(claim.apiVersion())) {
                FieldTree replicas = FieldTree.of(path(claim.apiVersion()));
                boolean stolen = claim.fields().intersects(replicas) && after.claim(owner) == null;
                FieldTree left = stolen ? claim.fields().difference(replicas) : claim.fields();
                if (!left.isEmpty()) {
                    result.put(owner, claim.with(left));
                }
            }
        });
        FieldTree replicas = FieldTree.of(path(apiVersion));
        after.forEach((owner, claim) -> {
            Ownership.Claim known = result.claim(owner);
            // Upstream gives those who came by the scale no time.
            result.claim(owner, known == null ? replicas : known.fields().union(replicas), apiVersion, known == null ? null : known.time());
        });
        return result.write(apiVersion, FieldSet::of);
    }

    /// An updater is known by the version it writes: to the object, that is the object's.
    private Owner inParent(Owner owner) {
        return owner.applies() ? owner : Owner.updater(owner.name(), apiVersion, owner.subresource());
    }
}
