package io.j8s.apiserver.operation;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kinds of patch, by their content types.
public enum PatchKind {
    JSON("application/json-patch+json"),
    MERGE("application/merge-patch+json"),
    STRATEGIC("application/strategic-merge-patch+json"),
    APPLY("application/apply-patch+yaml");

    private final String contentType;

    PatchKind(String contentType) {
        this.contentType = contentType;
    }

    public static @Nullable PatchKind of(String contentType) {
        for (PatchKind kind : values()) {
            if (kind.contentType.equals(contentType)) {
                return kind;
            }
        }
        return null;
    }

    /// Their content types.
    public static List<String> names(boolean withStrategic) {
        return Arrays.stream(values()).filter(kind -> withStrategic || kind != STRATEGIC).map(kind -> kind.contentType).toList();
    }
}
