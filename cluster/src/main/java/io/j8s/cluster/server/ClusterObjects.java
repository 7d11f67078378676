package io.j8s.cluster.server;

import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import io.j8s.model.rbac.v1.PolicyRule;
import io.j8s.model.rbac.v1.RoleRef;
import io.j8s.model.rbac.v1.Subject;
import java.util.List;

/// The objects that a cluster of ours has beyond those that an API server makes by itself: what kubeadm would set up with its bindings. They are applied
/// at each start, under our field manager, so that what a user adds stays.
final class ClusterObjects {
    static final String NETWORK_USER = "j8s:network";
    static final String KUBELET_CLIENT_USER = "kube-apiserver-kubelet-client";
    private static final String RBAC = "rbac.authorization.k8s.io";
    private final Client client;

    ClusterObjects(Client client) {
        this.client = client;
    }

    /// What the API server may ask kubelets, and what a node's network (services, DNS) may do.
    void bindIdentities() {
        apply(ClusterRoleBinding.RESOURCE, "", "j8s:kubelet-api-admin", ClusterRoleBinding.EMPTY
                .withRoleRef(role("system:kubelet-api-admin"))
                .withSubjects(List.of(user(KUBELET_CLIENT_USER))));
        apply(ClusterRole.RESOURCE, "", NETWORK_USER, ClusterRole.EMPTY.withRules(List.of(
                rule("", List.of("services", "nodes"), List.of("get", "list", "watch")),
                rule("discovery.k8s.io", List.of("endpointslices"), List.of("get", "list", "watch")),
                rule("", List.of("services"), List.of("create")),
                rule("discovery.k8s.io", List.of("endpointslices"), List.of("create", "update")),
                rule("", List.of("events"), List.of("create", "patch", "update")),
                rule("events.k8s.io", List.of("events"), List.of("create", "patch", "update")))));
        apply(ClusterRoleBinding.RESOURCE, "", NETWORK_USER, ClusterRoleBinding.EMPTY
                .withRoleRef(role(NETWORK_USER))
                .withSubjects(List.of(user(NETWORK_USER))));
    }

    private <T extends Struct> void apply(ApiResource<T> resource, String namespace, String name, T object) {
        Struct named = io.j8s.model.Objects.withMetadata(object, io.j8s.model.Objects.metadata(object).withName(name).withNamespace(namespace));
        client.patch(resource, namespace, name, new Patch.Apply(named), WriteOptions.NONE.by("j8s").forced());
    }

    private static RoleRef role(String name) {
        return RoleRef.EMPTY.withApiGroup(RBAC).withKind("ClusterRole").withName(name);
    }

    private static PolicyRule rule(String group, List<String> resources, List<String> verbs) {
        return PolicyRule.EMPTY.withApiGroups(List.of(group)).withResources(resources).withVerbs(verbs);
    }

    private static Subject user(String name) {
        return Subject.EMPTY.withApiGroup(RBAC).withKind("User").withName(name);
    }
}
