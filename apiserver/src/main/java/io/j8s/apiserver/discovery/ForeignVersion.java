package io.j8s.apiserver.discovery;

import java.util.List;
import java.util.Map;

/// A group and version that another server serves, or that is announced and not served (yet).
///
/// @param groupPriority, versionPriority the greater, the further in front
/// @param remote whether another server is to serve it
/// @param current whether that server said what follows just now; otherwise this is what it said last
/// @param resources its resources in the aggregated form (APIResourceDiscovery)
public record ForeignVersion(String group, String version, int groupPriority, int versionPriority, boolean remote, boolean current, List<Map<String, Object>> resources) {
    public ForeignVersion {
        resources = List.copyOf(resources);
    }
}
