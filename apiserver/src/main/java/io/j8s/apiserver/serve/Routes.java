package io.j8s.apiserver.serve;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.Struct;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which resources are served at which paths. Resources come and go while the server runs. Thread-safe.
public final class Routes {

    private final Parts parts;
    private final Map<Place, ResourceEndpoint<?>> endpoints = new ConcurrentHashMap<>();

    private record Place(String group, String version, String plural) {}

    Routes(Parts parts) {
        this.parts = parts;
    }

    public <T extends Struct> void add(Resource<T> resource) {
        for (Version<T, ?> version : resource.versions()) {
            endpoints.put(place(version), new ResourceEndpoint<>(parts, resource, version));
        }
    }

    public <T extends Struct> void remove(Resource<T> resource) {
        resource.versions().forEach(version -> endpoints.remove(place(version)));
    }

    /// Removes the places at which the former declaration was served and another one is not.
    void removeAbsent(Resource<?> former, Resource<?> now) {
        Set<Place> kept = now.versions().stream().map(Routes::place).collect(Collectors.toSet());
        former.versions().stream().map(Routes::place).filter(place -> !kept.contains(place)).forEach(endpoints::remove);
    }

    private static Place place(Version<?, ?> version) {
        return new Place(version.resource().group(), version.resource().version(), version.resource().plural());
    }

    @Nullable ResourceEndpoint<?> find(String group, String version, String plural) {
        return endpoints.get(new Place(group, version, plural));
    }

    /// A resource in one of its versions, as found by its place in the API.
    public record Served<T extends Struct>(Resource<T> resource, Version<T, ?> version) {}

    /// What is served at this place, or null.
    public @Nullable Served<?> served(String group, String version, String plural) {
        ResourceEndpoint<?> endpoint = find(group, version, plural);
        return endpoint == null ? null : served(endpoint);
    }

    private static <T extends Struct> Served<T> served(ResourceEndpoint<T> endpoint) {
        return new Served<>(endpoint.resource(), endpoint.version());
    }

    /// Whether a resource that is no custom one is served in this group and version.
    boolean hasBuiltInVersion(String group, String version) {
        return endpoints.entrySet().stream().anyMatch(entry ->
                entry.getKey().group.equals(group) && entry.getKey().version.equals(version) && !entry.getValue().resource().storedAsJson());
    }

    /// All resources that are served, each once.
    public List<Resource<?>> resources() {
        return endpoints.values().stream().<Resource<?>>map(ResourceEndpoint::resource).distinct().toList();
    }
}
