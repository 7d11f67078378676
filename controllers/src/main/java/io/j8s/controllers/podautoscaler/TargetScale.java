package io.j8s.controllers.podautoscaler;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.autoscaling.v1.Scale;
import io.j8s.model.autoscaling.v2.CrossVersionObjectReference;
import org.jspecify.annotations.Nullable;

/// Reads and writes the size of what an autoscaler names, of whatever kind.
final class TargetScale {
    private static final int TRIES = 5;
    private final Client client;
    private final Discovery discovery;

    TargetScale(Client client, Discovery discovery) {
        this.client = client;
        this.discovery = discovery;
    }

    /// Null: no such kind is served.
    @Nullable ApiResource<Scale> resource(CrossVersionObjectReference target) {
        for (DiscoveredResource each : discovery.resources()) {
            ApiResource<?> served = each.resource();
            if (served.group().equals(group(target)) && served.kind().equals(target.kind())) {
                return new ApiResource<>(served.group(), served.version(), served.plural(), "Scale", served.namespaced(), Scale.TYPE, Scale.TYPE);
            }
        }
        return null;
    }

    static String group(CrossVersionObjectReference target) {
        return target.apiVersion().contains("/") ? target.apiVersion().substring(0, target.apiVersion().indexOf('/')) : "";
    }

    /// The plural and group of what a reference names, as the custom metrics API wants it.
    String qualified(CrossVersionObjectReference object) {
        ApiResource<Scale> resource = resource(object);
        return resource == null ? object.kind().toLowerCase(java.util.Locale.ROOT) : resource.group().isEmpty() ? resource.plural() : resource.plural() + "." + resource.group();
    }

    Scale read(ApiResource<Scale> resource, String namespace, String name) {
        return (Scale) client.getSubresource(resource, namespace, name, "scale", Scale.TYPE);
    }

    /// Sets the size; when somebody else wrote at the same time, on what is there then.
    void write(ApiResource<Scale> resource, String namespace, Scale read, int replicas) {
        Scale scale = read;
        for (int tries = 1; ; tries++) {
            try {
                client.update(resource, namespace, scale.withSpec(s -> s.withReplicas(replicas)), WriteOptions.NONE.onSubresource("scale"));
                return;
            } catch (ApiException e) {
                if (!e.isConflict() || tries == TRIES) {
                    throw e;
                }
                scale = read(resource, namespace, read.metadata().name());
            }
        }
    }
}
