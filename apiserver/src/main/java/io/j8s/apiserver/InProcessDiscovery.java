package io.j8s.apiserver;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.serve.Routes;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.model.ApiResource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/// What this server serves itself, each resource in its preferred version. Aggregated servers are not asked: they are not in this process.
final class InProcessDiscovery implements Discovery {
    private final Supplier<Routes> routes;

    InProcessDiscovery(Supplier<Routes> routes) {
        this.routes = routes;
    }

    @Override
    public List<DiscoveredResource> resources() {
        List<DiscoveredResource> found = new ArrayList<>();
        for (Resource<?> resource : routes.get().resources()) {
            ApiResource<?> preferred = resource.versions().getFirst().resource();
            Set<String> verbs = new LinkedHashSet<>();
            for (Verb verb : resource.announcedVerbs()) {
                verbs.add(verb.name().toLowerCase(Locale.ROOT));
            }
            found.add(new DiscoveredResource(preferred, verbs));
        }
        return found;
    }
}
