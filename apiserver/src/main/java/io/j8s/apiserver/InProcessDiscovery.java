package io.j8s.apiserver;

import io.j8s.apiserver.discovery.ForeignVersion;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.serve.Service;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.model.ApiResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What this server serves, each resource in its preferred version: its own, and what the servers behind it said last that they serve.
final class InProcessDiscovery implements Discovery {
    private final Service service;

    InProcessDiscovery(Service service) {
        this.service = service;
    }

    @Override
    public List<DiscoveredResource> resources() {
        Map<String, DiscoveredResource> found = new LinkedHashMap<>();
        for (Resource<?> resource : service.routes().resources()) {
            ApiResource<?> preferred = resource.versions().getFirst().resource();
            Set<String> verbs = new LinkedHashSet<>();
            for (Verb verb : resource.announcedVerbs()) {
                verbs.add(verb.name().toLowerCase(Locale.ROOT));
            }
            found.put(preferred.qualifiedName(), new DiscoveredResource(preferred, verbs));
        }
        for (ForeignVersion version : service.versionsElsewhere()) {
            for (Map<String, Object> resource : version.remote() ? version.resources() : List.<Map<String, Object>>of()) {
                DiscoveredResource foreign = foreign(version, resource);
                found.putIfAbsent(foreign.resource().qualifiedName(), foreign);
            }
        }
        return List.copyOf(found.values());
    }

    /// @param announced as in the aggregated form of discovery (APIResourceDiscovery)
    private static DiscoveredResource foreign(ForeignVersion version, Map<String, Object> announced) {
        Set<String> verbs = new LinkedHashSet<>();
        if (announced.get("verbs") instanceof List<?> names) {
            names.forEach(name -> verbs.add(String.valueOf(name)));
        }
        String kind = announced.get("responseKind") instanceof Map<?, ?> response && response.get("kind") instanceof String name ? name : "";
        return DiscoveredResource.named(version.group(), version.version(), String.valueOf(announced.get("resource")), kind, "Namespaced".equals(announced.get("scope")), verbs);
    }

    @Override
    public List<String> unavailableGroups() {
        List<String> unavailable = new ArrayList<>();
        for (ForeignVersion version : service.versionsElsewhere()) {
            if (version.remote() && !version.current()) {
                unavailable.add(version.group() + "/" + version.version());
            }
        }
        return unavailable;
    }
}
