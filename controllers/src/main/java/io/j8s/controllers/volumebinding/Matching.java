package io.j8s.controllers.volumebinding;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.selector.Selector;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which volume fits a claim.
final class Matching {
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private Matching() {}

    static String storageClass(PersistentVolumeClaim claim) {
        String annotated = claim.metadata().annotations().get(CLASS_ANNOTATION);
        return annotated == null ? claim.spec().storageClassName() : annotated;
    }

    static String storageClass(PersistentVolume volume) {
        String annotated = volume.metadata().annotations().get(CLASS_ANNOTATION);
        return annotated == null ? volume.spec().storageClassName() : annotated;
    }

    /// Whether a volume is meant for the claim, by name and (where it says so) uid.
    static boolean reserved(PersistentVolume volume, PersistentVolumeClaim claim) {
        ObjectReference reference = volume.spec().claimRef();
        return reference.name().equals(claim.metadata().name())
                && reference.namespace().equals(claim.metadata().namespace())
                && (reference.uid().isEmpty() || reference.uid().equals(claim.metadata().uid()));
    }

    /// The smallest free volume that fits; one that is reserved for the claim goes first.
    static @Nullable PersistentVolume find(PersistentVolumeClaim claim, List<PersistentVolume> volumes) {
        for (PersistentVolume volume : volumes) {
            if (volume.spec().hasClaimRef() && reserved(volume, claim) && volume.metadata().deletionTimestamp() == null && suits(claim, volume)) {
                return volume;
            }
        }
        Selector selector = claim.spec().hasSelector() ? Selector.of(claim.spec().selector()) : Selector.everything();
        return volumes.stream()
                .filter(v -> !v.spec().hasClaimRef() && v.metadata().deletionTimestamp() == null && (v.status().phase().isEmpty() || v.status().phase().equals("Available") || v.status().phase().equals("Pending")))
                .filter(v -> storageClass(v).equals(storageClass(claim)) && selector.matches(v.metadata().labels()))
                .filter(v -> suits(claim, v))
                .min(Comparator.comparing((PersistentVolume v) -> capacity(v)).thenComparing(v -> v.metadata().name()))
                .orElse(null);
    }

    /// Big enough, of the same mode, and with all access modes asked for.
    static boolean suits(PersistentVolumeClaim claim, PersistentVolume volume) {
        Quantity wanted = claim.spec().resources().requests().getOrDefault("storage", Quantity.ZERO);
        Set<String> modes = new HashSet<>(volume.spec().accessModes());
        return capacity(volume).compareTo(wanted) >= 0
                && mode(claim.spec().volumeMode()).equals(mode(volume.spec().volumeMode()))
                && modes.containsAll(claim.spec().accessModes())
                && claim.spec().volumeAttributesClassName().equals(volume.spec().volumeAttributesClassName());
    }

    /// Why a volume that was asked for by name cannot be given, in upstream's words; null: it can.
    static @Nullable String mismatch(PersistentVolumeClaim claim, PersistentVolume volume) {
        if (volume.metadata().deletionTimestamp() != null) {
            return "the volume is marked for deletion \"" + volume.metadata().name() + "\"";
        }
        if (capacity(volume).compareTo(claim.spec().resources().requests().getOrDefault("storage", Quantity.ZERO)) < 0) {
            return "requested PV is too small";
        }
        if (!storageClass(volume).equals(storageClass(claim))) {
            return "storageClassName does not match";
        }
        if (!claim.spec().volumeAttributesClassName().equals(volume.spec().volumeAttributesClassName())) {
            return "volumeAttributesClassName does not match";
        }
        if (!mode(claim.spec().volumeMode()).equals(mode(volume.spec().volumeMode()))) {
            return "incompatible volumeMode";
        }
        return Set.copyOf(volume.spec().accessModes()).containsAll(claim.spec().accessModes()) ? null : "incompatible accessMode";
    }

    private static String mode(String given) {
        return given.isEmpty() ? "Filesystem" : given;
    }

    static Quantity capacity(PersistentVolume volume) {
        return volume.spec().capacity().getOrDefault("storage", Quantity.ZERO);
    }
}
