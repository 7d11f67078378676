package io.j8s.apiserver.resources.core;

import io.j8s.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/// What the tables of volumes and claims have in common.
final class VolumeCells {

    private VolumeCells() {}

    static String modes(List<String> modes) {
        List<String> cells = new ArrayList<>();
        add(cells, modes, "ReadWriteOnce", "RWO");
        add(cells, modes, "ReadOnlyMany", "ROX");
        add(cells, modes, "ReadWriteMany", "RWX");
        add(cells, modes, "ReadWriteOncePod", "RWOP");
        return String.join(",", cells);
    }

    private static void add(List<String> cells, List<String> modes, String mode, String shown) {
        if (modes.contains(mode)) {
            cells.add(shown);
        }
    }

    static String storageClass(ObjectMeta meta, String name) {
        return meta.annotations().getOrDefault("volume.beta.kubernetes.io/storage-class", name);
    }
}
