package io.j8s.node.cri;

import io.j8s.node.cri.v1.StatusResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a runtime says that it can do beyond CRI's first version.
///
/// @param known whether it says anything (containerd does from 2.0 on)
/// @param supplementalGroupsPolicy whether it keeps to one (KEP-3619)
/// @param handlers what each of its handlers can do, by their names; the usual one has none
public record RuntimeFeatures(boolean known, boolean supplementalGroupsPolicy, Map<String, Handler> handlers) {
    public static final RuntimeFeatures NONE = new RuntimeFeatures(false, false, Map.of());

    /// @param recursiveReadOnly whether mounts below a read-only mount can be read-only, too (KEP-3857)
    /// @param userNamespaces whether pods can have user namespaces (KEP-127)
    public record Handler(boolean recursiveReadOnly, boolean userNamespaces) {
        static final Handler PLAIN = new Handler(false, false);
    }

    public static RuntimeFeatures of(StatusResponse status) {
        Map<String, Handler> handlers = new LinkedHashMap<>();
        status.getRuntimeHandlersList().forEach(h -> handlers.put(h.getName(), new Handler(h.getFeatures().getRecursiveReadOnlyMounts(), h.getFeatures().getUserNamespaces())));
        return new RuntimeFeatures(status.hasFeatures(), status.getFeatures().getSupplementalGroupsPolicy(), handlers);
    }

    public Handler handler(String name) {
        return handlers.getOrDefault(name, Handler.PLAIN);
    }
}
