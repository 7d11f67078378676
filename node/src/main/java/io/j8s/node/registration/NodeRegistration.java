package io.j8s.node.registration;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeStatus;
import io.j8s.node.settings.RegistrationSettings;
import io.j8s.model.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A node's own object in the API: made, or taken over when it is there, and kept up to date.
public final class NodeRegistration {
    private final Client client;
    private final String name;

    public NodeRegistration(Client client, String name) {
        this.client = client;
        this.name = name;
    }

    /// Makes the Node, or brings the labels of the one that exists up to date. Answers it.
    ///
    /// @throws ApiException not found: when it is somebody else's to make it and it is not there yet
    public Node register(RegistrationSettings settings, NodeStatus status) {
        Map<String, String> all = new HashMap<>(Map.of("kubernetes.io/hostname", name, "kubernetes.io/os", "linux", "kubernetes.io/arch", HostFacts.architecture(),
                "beta.kubernetes.io/os", "linux", "beta.kubernetes.io/arch", HostFacts.architecture()));
        all.putAll(settings.labels());
        Node wanted = Node.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(name).withLabels(all).withAnnotations(Map.of("volumes.kubernetes.io/controller-managed-attach-detach", "true")))
                .withSpec(s -> settings.providerId().isEmpty() ? s.withTaints(settings.taints()) : s.withTaints(settings.taints()).withProviderID(settings.providerId()))
                .withStatus(status);
        if (!settings.register()) {
            return client.get(Node.RESOURCE, "", name);
        }
        try {
            Node made = client.create(Node.RESOURCE, "", wanted);
            return made.withStatus(s -> s.withConditions(List.of())); // to whoever compares, all that is said of it is new
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
        Node known = client.get(Node.RESOURCE, "", name);
        if (known.metadata().labels().entrySet().containsAll(all.entrySet())) {
            return known;
        }
        byte[] patch = Json.writePlain(Map.of("metadata", Map.of("labels", all)));
        return client.patch(Node.RESOURCE, "", name, new Patch.Strategic(new String(patch, StandardCharsets.UTF_8)), WriteOptions.NONE);
    }

    /// Writes the status as a whole.
    public Node report(NodeStatus status) {
        return client.patch(Node.RESOURCE, "", name, new Patch.Strategic("{\"status\":" + Json.text(status) + "}"), WriteOptions.NONE.onSubresource("status"));
    }
}
